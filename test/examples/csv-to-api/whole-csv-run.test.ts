import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { csvLines } from '../../../examples/csv-to-api/seed';
import { StandInApi } from '../../../examples/csv-to-api/stand-in-api';
import type { LocalTemplate } from '../../../local/template/local-template';
import { Account, reportOf } from '../../local/whole-run';
import { Random } from '../../simulation/random';
import { variable } from '../../support/deployed-variable';
import { chainFunction, exampleTemplate } from '../example-account';

const CUSTOMERS = 300;
const CHAINS = 4;

const job = 'csv-to-api';

let api: StandInApi;
let template: LocalTemplate;
let account: Account;

/** @param share of the requests that are refused, and of those that are done and left unanswered */
async function open(share: number, customers: number): Promise<void> {
  api = await StandInApi.open({ port: 0, throttledShare: share, silentShare: share, random: new Random(1).next });
  process.env.CRM_URL = api.url;
  template = await exampleTemplate('csv-to-api', { chains: CHAINS });
  account = await Account.open({ template, isolated: true });
  await upload(csvLines(customers));
}

afterEach(async () => {
  delete process.env.CRM_URL;
  await account.close();
  await api.close();
});

async function upload(lines: Iterable<string>): Promise<void> {
  const s3 = new S3Client({ ...account.engine.client('s3'), forcePathStyle: true });
  const Bucket = variable(template, 'EXPORTS_BUCKET');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'customers.csv', Body: [...lines].join('') }));
  s3.destroy();
}

const oneEach = new Map(Array.from({ length: CUSTOMERS }, (_, index) => [`c-${index + 1}`, 1]));

describe('a run of a CSV into an API that throttles and times out, whose links are killed', () => {
  it('writes each customer once by the API’s own count, forgets nobody, and names the bad line', async () => {
    await open(0.05, CUSTOMERS);
    const run = await account.start({ job, chains: CHAINS }, 'run');
    let killed = 0;
    for (const share of [0.1, 0.3, 0.5, 0.7]) {
      await account.until(`${share} are written`, () => api.writes.size >= share * CUSTOMERS);
      if (account.engine.lambda.killOldest(chainFunction(template))) killed += 1;
    }
    const report = reportOf(await account.ended(run));

    expect(api.writes).toEqual(oneEach);
    expect(report).toMatchObject({ planned: CUSTOMERS + 1, given: CUSTOMERS + 1, done: CUSTOMERS, inDoubt: 0 });
    const leftovers = await account.leftovers('run');
    expect(leftovers).toMatchObject([{ id: `line ${CUSTOMERS + 1}`, outcome: 'unprocessed', code: 'Line.Malformed' }]);
    // It was as hard as it says.
    expect(killed).toBe(4);
    const failures = (await account.history(run)).filter(({ type }) => type === 'TaskFailed');
    expect(failures.length).toBeGreaterThanOrEqual(4);
    for (const share of [api.throttled, api.silent]) expect(share).toBeGreaterThanOrEqual(0.03 * CUSTOMERS);
    expect(api.repeated).toBeGreaterThanOrEqual(api.silent / 2);
    expect(api.customers.get('c-3')).toEqual({ email: 'reader.3@example.com', plan: 'team, yearly' });
  });
});

describe('a bad line that was left over', () => {
  const [few, bad] = [20, 'line 21'];

  it('stays what it is in a run over leftovers: whoever has seen it accepts it by a redrive', async () => {
    await open(0, few);
    reportOf(await account.run({ job, chains: 2 }, 'first'));
    const again = await account.run({ job, unprocessedOf: 'first' }, 'second');
    // Of one the job tolerates none.
    expect(again).toMatchObject({ status: 'FAILED', error: 'Chain.TooManyFailures' });
    await account.redrive(again.executionArn);

    expect(reportOf(await account.ended(again.executionArn))).toMatchObject({ planned: 1, unprocessed: 1, done: 0 });
    expect(await account.leftovers('second')).toMatchObject([{ id: bad, code: 'Line.Malformed' }]);
    expect(api.writes.size).toBe(few);
  });

  it('ends its run in one sentence where another object has taken the place of the first', async () => {
    await open(0, few);
    reportOf(await account.run({ job, chains: 2 }, 'first'));
    await upload(csvLines(few + 1));
    const again = await account.run({ job, unprocessedOf: 'first' }, 'second');

    expect(again).toMatchObject({ status: 'FAILED', error: 'Run.SourceChanged' });
    expect(again.cause).toContain('start a new run over what is there');
    expect(api.writes.size).toBe(few);
  });
});
