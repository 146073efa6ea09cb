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
  'the ledger, then Step Functions, then SES are out in one run: it succeeds, and nobody is in doubt, missing or mailed twice',
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
    expect(reportOf(ended)).toMatchObject({ planned: ITEMS, done: ITEMS, unprocessed: 0, inDoubt: 0 });
    expect(account.mails(1, ITEMS)).toEqual(oneEach(1, ITEMS));
  },
  (10 * OUTAGE_SECONDS + 240) * 1000,
);
