import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { csvLines } from '../../../examples/csv-to-api/seed';
import { StandInApi } from '../../../examples/csv-to-api/stand-in-api';
import type { LocalTemplate } from '../../../local/template/local-template';
import { Account, reportOf } from '../../local/whole-run';
import { Random } from '../../simulation/random';
import { variable } from '../../support/deployed-variable';
import { chainFunction, exampleTemplate } from '../example-account';

jest.setTimeout(180_000);

const CUSTOMERS = 300;
const CHAINS = 4;

let api: StandInApi;
let template: LocalTemplate;
let account: Account;

beforeEach(async () => {
  // A tenth of the requests is refused, or done and left unanswered.
  const random = new Random(1).next;
  api = await StandInApi.open({ port: 0, throttledShare: 0.05, silentShare: 0.05, random });
  process.env.CRM_URL = api.url;
  template = await exampleTemplate('csv-to-api', { chains: CHAINS });
  account = await Account.open({ template });
  await upload(csvLines(CUSTOMERS));
});

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
    const run = await account.start({ job: 'csv-to-api', chains: CHAINS }, 'run');
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
