import { DeleteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { processItems } from 'worker-chains/testing';
import sweep from '../../../examples/table-sweep/job';
import { seedUsers, user } from '../../../examples/table-sweep/seed';
import type { LocalTemplate } from '../../../local/template/local-template';
import { Account, reportOf } from '../../local/whole-run';
import { variable } from '../../support/deployed-variable';
import { chainFunction, exampleTemplate, synthesizedText } from '../example-account';

const USERS = 2000;
const CHAINS = 4;
const job = 'table-sweep';

let template: LocalTemplate;
let account: Account;
let TableName: string;

beforeAll(async () => {
  template = await exampleTemplate('table-sweep', { chains: CHAINS });
  TableName = variable(template, 'USERS_TABLE');
});

beforeEach(async () => {
  account = await Account.open({ template, isolated: true });
  await seedUsers(account.documents, TableName, USERS);
});

afterEach(() => account.close());

async function rows(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for await (const { Items = [] } of paginateScan({ client: account.documents }, { TableName })) {
    for (const { id, ...row } of Items) found.set(String(id), row);
  }
  return found;
}

function swept(number: number) {
  return number % 50 === 0
    ? { givenName: '', familyName: `Mononym${number}` }
    : { givenName: 'Anna Maria', familyName: `Reader${number}` };
}

describe('a sweep over a table', () => {
  it('brings no row back that was deleted after it was read, and leaves a name alone that was changed meanwhile', async () => {
    const { accessKeyId, secretAccessKey } = account.engine.client('dynamodb').credentials;
    const reached = { AWS_ENDPOINT_URL_DYNAMODB: account.engine.endpoints.dynamodb, AWS_REGION: 'us-east-1' };
    Object.assign(process.env, reached, { USERS_TABLE: TableName });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    const asRead = new Map(['nobody', 'user-1', 'user-2'].map((id) => [id, { id, name: 'Anna Maria Reader2' }]));
    const { outcomes } = await processItems(sweep, { ids: [...asRead.keys()], rows: asRead });

    expect([...outcomes.values()].map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    const found = await rows();
    expect(found.size).toBe(USERS);
    expect(found.get('user-1')).toEqual({ name: user(1).name });
    expect(found.get('user-2')).toEqual(swept(2));
  });

  it('knows no SES: no sender, and no permission', async () => {
    const told = JSON.stringify(template.functions.map(({ environment }) => environment));
    // The address of the runbook names the version of the package.
    expect(told.replace(/https:[^"\\]+/g, '')).not.toMatch(/sender|@/i);
    expect(await synthesizedText('table-sweep')).not.toMatch(/"ses:/);
    // A job that mails has both.
    expect(await synthesizedText('monthly-statement')).toMatch(/"ses:SendRawEmail"/);
  });

  it('changes each row once though a link is killed, leaves deleted ones deleted, and has nothing to do the next time', async () => {
    const run = await account.start({ job, chains: CHAINS });
    await account.until('rows are swept', async () => (await account.ledger.readChains(runIdOf(run))).some(hasDone));
    expect(account.engine.lambda.killOldest(chainFunction(template))).toBe(true);
    const gone = Array.from({ length: 20 }, (_, index) => USERS - 7 * index);
    for (const number of gone)
      await account.documents.send(new DeleteCommand({ TableName, Key: { id: user(number).id } }));
    const report = reportOf(await account.ended(run));

    const left = Array.from({ length: USERS }, (_, index) => index + 1).filter((number) => !gone.includes(number));
    expect(await rows()).toEqual(new Map(left.map((number) => [user(number).id, swept(number)])));
    expect(report).toMatchObject({ unprocessed: 0, inDoubt: 0, estimated: USERS });
    expect(report.given).toBe(report.done + report.skipped);
    expect(report.given).toBeGreaterThanOrEqual(left.length);
    expect(account.engine.inbox.size).toBe(0);
    expect(reportOf(await account.run({ job, chains: CHAINS }))).toMatchObject({
      given: left.length,
      done: 0,
      skippedBecause: { swept: left.length },
    });
  });
});

function hasDone({ done }: { readonly done: number }): boolean {
  return done > 50;
}

function runIdOf(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf(':') + 1);
}
