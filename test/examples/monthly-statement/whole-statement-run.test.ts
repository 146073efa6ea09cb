import { BatchWriteCommand, DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { customer } from '../../../examples/monthly-statement/seed';
import type { LocalTemplate } from '../../../local/template/local-template';
import { Account, oneEach, reportOf } from '../../local/whole-run';
import { variable } from '../../support/deployed-variable';
import { exampleTemplate } from '../example-account';

const CUSTOMERS = 400;
const CHAINS = 3;
const job = 'monthly-statement';

let template: LocalTemplate;
let account: Account;
let TableName: string;

beforeAll(async () => {
  template = await exampleTemplate('monthly-statement', { chains: CHAINS });
  TableName = variable(template, 'CUSTOMERS_TABLE');
});

beforeEach(async () => {
  account = await Account.open({ template });
  await sign(1, CUSTOMERS);
});

afterEach(() => account.close());

/** Signs up the customers `first` to `last`. */
async function sign(first: number, last: number): Promise<void> {
  for (let from = first; from <= last; from += 25) {
    const numbers = Array.from({ length: Math.min(25, last - from + 1) }, (_, index) => from + index);
    const requests = numbers.map((number) => ({ PutRequest: { Item: customer(number) } }));
    await account.documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
  }
}

async function remove(number: number): Promise<void> {
  await account.documents.send(new DeleteCommand({ TableName, Key: { id: customer(number).id } }));
}

async function setEmail(number: number, email: string): Promise<void> {
  const Key = { id: customer(number).id };
  const UpdateExpression = 'SET email = :email';
  await account.documents.send(
    new UpdateCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues: { ':email': email } }),
  );
}

const hasNoAddress = (number: number) => number % 100 === 0;
const WITHOUT_ADDRESS = [100, 200, 300, 400];

describe('statements to the customers of a table', () => {
  it('go to each of them once, and to nobody without an address', async () => {
    const report = reportOf(await account.run({ job, chains: CHAINS }));

    expect(report).toMatchObject({
      planned: CUSTOMERS,
      given: CUSTOMERS,
      gone: 0,
      added: 0,
      done: 396,
      skipped: 4,
      unprocessed: 0,
    });
    expect(report.skippedBecause).toEqual({ 'no-email': 4 });
    expect(account.mails(1, CUSTOMERS)).toEqual(oneEach(1, CUSTOMERS, WITHOUT_ADDRESS));
    expect((await account.mailTo(7)).text).toContain('Dear Reader 7,\n\nyour balance is €554.33.');
  });

  it('go once to everybody who is there all the while, whoever goes and comes', async () => {
    const run = await account.start({ job, chains: CHAINS, rate: 100 });
    await account.until('mails are sent', () => account.engine.inbox.size > 30);
    const waiting = numbersFrom(1, CUSTOMERS).filter((number) => !hasNoAddress(number) && !mailed(number));
    const gone = waiting.filter((_, index) => index % 5 === 0);
    await Promise.all(gone.map(remove));
    await sign(CUSTOMERS + 1, CUSTOMERS + 60);
    const report = reportOf(await account.ended(run));

    const stayed = numbersFrom(1, CUSTOMERS).filter((number) => !gone.includes(number) && !hasNoAddress(number));
    const mails = account.mails(1, CUSTOMERS + 60);
    expect(new Map([...mails].filter(([number]) => stayed.includes(number)))).toEqual(
      new Map(stayed.map((number) => [number, 1])),
    );
    // Who went or came meanwhile may have been read or not; but nobody got two.
    expect(Math.max(...mails.values())).toBe(1);
    expect(report.given).toBe(report.done + report.skipped);
    expect(report.planned).toBe(CUSTOMERS);
    expect(report.gone - report.added).toBe(CUSTOMERS - report.given);
    expect(report.done).toBe(mails.size);
    // It did change under the run: most of them were gone before their turn.
    expect(gone.length).toBeGreaterThan(30);
    expect(gone.filter((number) => mails.has(number)).length).toBeLessThan(gone.length / 2);
  });

  it('that were left over go out in a second run, and what is left of that in a third', async () => {
    for (const number of [10, 20, 30, 40]) await setEmail(number, 'nobody');
    expect(reportOf(await account.run({ job, chains: CHAINS }, 'first'))).toMatchObject({ unprocessed: 4 });
    for (const number of [10, 20]) await setEmail(number, `reader.${number}@example.com`);
    await remove(30);
    const run = await account.run({ job, unprocessedOf: 'first' }, 'second');
    // Of four the job tolerates none: whoever has looked at it accepts it by the redrive.
    expect(run).toMatchObject({ status: 'FAILED', error: 'Chain.TooManyFailures' });
    await account.redrive(run.executionArn);
    const second = reportOf(await account.ended(run.executionArn));
    await account.documents.send(new PutCommand({ TableName, Item: customer(40) }));
    const third = reportOf(await account.run({ job, unprocessedOf: 'second' }));

    expect(second).toMatchObject({ planned: 4, given: 4, done: 2, skippedBecause: { 'not-found': 1 }, unprocessed: 1 });
    expect(third).toMatchObject({ planned: 1, given: 1, done: 1, unprocessed: 0 });
    expect(account.mails(1, CUSTOMERS)).toEqual(oneEach(1, CUSTOMERS, [30, ...WITHOUT_ADDRESS]));
  });
});

function numbersFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function mailed(number: number): boolean {
  return account.mails(number, number).size > 0;
}
