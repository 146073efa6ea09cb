import type { LocalTemplate } from '../../local/template/local-template';
import { InterruptibleEndpoint } from './outage';
import { Account, deployedTemplate, oneEach, reportOf } from './whole-run';

/** How long each service is out: longer than a heartbeat interval. `OUTAGE_SECONDS=120` makes it two minutes each. */
const OUTAGE_SECONDS = Number(process.env.OUTAGE_SECONDS ?? 6);
const ITEMS = 300;
const SERVICES = ['dynamodb', 'stepFunctions', 'ses'] as const;

let template: LocalTemplate;
let account: Account;
let endpoints: InterruptibleEndpoint[] = [];

beforeAll(async () => {
  template = await deployedTemplate();
});
afterEach(async () => {
  await account.close();
  for (const endpoint of endpoints) await endpoint.close();
  endpoints = [];
});

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

test(
  'the ledger, then Step Functions, then SES are out in one run: it succeeds, and nobody is missing, mailed twice or in doubt but for a mail that was cut',
  async () => {
    const through = new Map<string, InterruptibleEndpoint>();
    account = await Account.open({
      template,
      reachedThrough: async (port) => {
        for (const name of SERVICES) through.set(name, await InterruptibleEndpoint.open(port));
        endpoints = [...through.values()];
        return Object.fromEntries([...through].map(([name, { url }]) => [name, url]));
      },
    });
    await account.subscribe(1, ITEMS);
    const rate = ITEMS / (3 * OUTAGE_SECONDS + 20);
    const arn = await account.start({
      ...{ job: 'weekly-digest', ids: { first: 1, last: ITEMS }, chains: 3, chunkItems: 5 },
      ...{ rate, linkSeconds: Math.max(5, OUTAGE_SECONDS / 2) },
    });
    await account.until('the run is sending', () => account.mails(1, ITEMS).size > 3);
    for (const name of SERVICES) {
      await through.get(name)?.close();
      await seconds(OUTAGE_SECONDS);
      await through.get(name)?.reopen();
      await seconds(3);
    }

    let ended = await account.ended(arn).catch(() => undefined);
    while (!ended) ended = await account.ended(arn).catch(() => undefined);
    // None, unless a link sent a mail at the very moment in which its connection ended.
    const cut = through.get('ses')?.cut ?? 0;
    const { planned, done, unprocessed, inDoubt } = reportOf(ended);
    expect({ planned, unprocessed, settled: done + inDoubt }).toEqual({
      planned: ITEMS,
      unprocessed: 0,
      settled: ITEMS,
    });
    expect(inDoubt).toBeLessThanOrEqual(cut);
    const mails = account.mails(1, ITEMS);
    expect(mails).toEqual(new Map([...oneEach(1, ITEMS)].filter(([id]) => mails.has(id))));
    expect(mails.size).toBe(done);
  },
  (10 * OUTAGE_SECONDS + 240) * 1000,
);
