import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import postgres from 'postgres';
import { WorkerChains } from '../../../cdk/worker-chains';
import { runsChains } from '../../../cli/dev/jobs';
import { type LocalTemplate, readTemplate } from '../../../local/template/local-template';
import { guestApp } from '../../local/several-jobs';
import { Account, reportOf } from '../../local/whole-run';
import { ThrowAwayPostgres } from '../../support/postgres';

const CUSTOMERS = 600;

let directory: string;
let server: ThrowAwayPostgres;
let sql: postgres.Sql;
let template: LocalTemplate;
let account: Account;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-sql-'));
  server = await ThrowAwayPostgres.start();
  sql = postgres(server.url, { onnotice: () => {} });
  template = deployed(server.url);
});

beforeEach(async () => {
  account = await Account.open({ template });
  await sql`drop table if exists customers`;
  await sql`create table customers (id text collate "C" primary key, name text, email text, token text)`;
  await addCustomers(sql`select ${sql.unsafe(ULID)}, n from generate_series(1, ${CUSTOMERS}) n order by md5(n::text)`);
});

afterEach(() => account.close());

afterAll(async () => {
  await sql.end();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A ULID of each number: a time of ten characters, then the number, in the order of their bytes. */
const ULID = `'01ARZ3NDEK' || lpad(n::text, 16, '0')`;

/** @param keysAndNumbers a query of these */
async function addCustomers(keysAndNumbers: postgres.PendingQuery<postgres.Row[]>): Promise<void> {
  await sql`insert into customers select id, 'Reader ' || n, 'reader.' || n || '@example.com', md5(n::text)
    from (${keysAndNumbers}) as more (id, n)`;
}

function deployed(databaseUrl: string) {
  const app = guestApp(directory, { bundled: true });
  const stack = new Stack(app, 'News');
  const chains = new WorkerChains(stack, 'CustomerNews', {
    job: join(__dirname, '../../../examples/sql-source/job.ts'),
    chains: 3,
    heartbeat: Duration.seconds(5),
    schedule: Schedule.rate(Duration.days(1)),
    dashboard: false,
    mail: { sender: 'news@example.com' },
    environment: { DATABASE_URL: databaseUrl },
  });
  chains.createWorkers.addEnvironment('DATABASE_URL', databaseUrl);
  app.synth();
  return readTemplate(directory, { runs: runsChains });
}

const job = 'customer-news';
const oneEach = (numbers: readonly number[]) => new Map(numbers.map((n) => [n, 1]));
const ALL = Array.from({ length: CUSTOMERS }, (_, index) => index + 1);
const mails = () => account.mails(1, 10 * CUSTOMERS);

describe('a run over the rows of a table in PostgreSQL', () => {
  it('sends one mail to each customer', async () => {
    const report = reportOf(await account.run({ job, chains: 3 }));

    expect(report).toMatchObject({ planned: CUSTOMERS, given: CUSTOMERS, done: CUSTOMERS, chains: 3 });
    expect(mails()).toEqual(oneEach(ALL));
  });

  it('leaves out who goes meanwhile, sends to who comes in between, and says how many', async () => {
    const run = await account.start({ job, chains: 2, rate: 150 });
    await account.until('mails are sent', () => account.engine.inbox.size > 20);
    // The last ones of each partition, 1 to 300 and 301 to 600; and some between, and some after, the last of all.
    await sql`delete from customers where name = any(${[281, 290, 300, 590, 600].map((n) => `Reader ${n}`)})`;
    await addCustomers(sql`select ${sql.unsafe(ULID)} || 'a', n + 1000 from generate_series(295, 298) n`);
    await addCustomers(sql`select ${sql.unsafe(ULID)}, n from generate_series(601, 610) n`);
    const report = reportOf(await account.ended(run));

    expect(report).toMatchObject({ planned: CUSTOMERS, given: CUSTOMERS - 1, done: CUSTOMERS - 1, gone: 1, added: 0 });
    const came = [1295, 1296, 1297, 1298];
    expect(mails()).toEqual(oneEach([...ALL.filter((n) => ![281, 290, 300, 590, 600].includes(n)), ...came]));
  });

  it('goes on where the server crashed and came back', async () => {
    const run = await account.start({ job, chains: 2, rate: 200 });
    await account.until('mails are sent', () => account.engine.inbox.size > 20);
    await server.crash();
    await server.resume();

    expect(reportOf(await account.ended(run))).toMatchObject({ done: CUSTOMERS, inDoubt: 0 });
    expect(mails()).toEqual(oneEach(ALL));
  });

  it('finds the customers that its input lists', async () => {
    const ids = ['01ARZ3NDEK0000000000000007', 'nobody'];

    expect(reportOf(await account.run({ job, ids }))).toMatchObject({ done: 1, skipped: 1 });
    expect(mails()).toEqual(oneEach([7]));
  });
});
