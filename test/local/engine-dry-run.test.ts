import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ENVIRONMENT } from '../../functions/contract/names';
import { recipientKeyOf } from '../../functions/ledger/recipients';
import { variable } from '../support/deployed-variable';
import { Account, deployedTemplate, oneEach, reportOf } from './whole-run';

let account: Account;

beforeAll(async () => {
  account = await Account.open({ template: await deployedTemplate() });
});

afterAll(() => account.close());

const statusOf = async (runId: string) => (await account.ledger.readRun(runId))?.status;

/** Everything in the ledger by kind: what comes before the first `#` of its partition. */
async function ledgerKeys(): Promise<readonly string[]> {
  const TableName = variable(account.template, ENVIRONMENT.ledgerTable);
  const { Items = [] } = await account.documents.send(new ScanCommand({ TableName }));
  return [...new Set(Items.map(({ pk }) => String(pk).replace(/#.*/, '')))].sort();
}

it('a dry run tells what would become of everybody, mails nobody, and is in no run’s way', async () => {
  const input = { job: 'weekly-digest', ids: { first: 1, last: 120 }, chains: 2 };
  await account.subscribe(1, 120, { missing: [7], unsubscribed: [13], malformed: [20] });
  await account.ledger.recipients.suppress(recipientKeyOf('reader.30@example.com'), 'bounced', 1);

  // Slow enough to be on while the other one is.
  const dry = await account.start({ ...input, dryRun: true, rate: 4 }, 'rehearsal');
  await account.until('it works', async () =>
    (await account.ledger.readChains('rehearsal')).some(({ done }) => done > 0),
  );
  expect(account.engine.inbox.size).toBe(0);
  expect(await ledgerKeys()).toEqual(['job', 'recipient', 'run']);

  const monday = await account.start({ ...input, scheduledFor: '2026-01-05T09:00:00Z' }, 'monday');
  await account.until('the run is proven', async () => (await statusOf('monday')) === 'reconciled');
  expect(await statusOf('rehearsal')).toBe('running');
  await account.ledger.setRate('rehearsal', 1000);
  const [real, rehearsed] = [reportOf(await account.ended(monday)), reportOf(await account.ended(dry))];

  const counts = { given: 120, done: 116, skipped: 3, unprocessed: 1, inDoubt: 0 };
  expect(rehearsed).toMatchObject({ ...counts, dryRun: true });
  expect(rehearsed.skippedBecause).toEqual({ 'not-found': 1, unsubscribed: 1, suppressed: 1 });
  expect(rehearsed.topErrors).toEqual([{ code: 'InvalidEmail', count: 1, exampleIds: [20] }]);
  expect([rehearsed.bounced, rehearsed.complained]).toEqual([undefined, undefined]);

  // The run with effects came to the same, mailed each once, and is the only one that anything is kept of.
  expect(real).toMatchObject(counts);
  expect(real).not.toHaveProperty('dryRun');
  expect(account.mails(1, 120)).toEqual(oneEach(1, 120, [7, 13, 20, 30]));
  expect(account.engine.inbox.size).toBe(116);
  expect(await ledgerKeys()).toEqual(['items', 'occurrence', 'recipient', 'run']);
});

it('a dry run that is stopped goes on when it is redriven, and is still dry', async () => {
  await account.subscribe(201, 300);
  const before = account.engine.inbox.size;
  const arn = await account.start(
    { job: 'weekly-digest', ids: { first: 201, last: 300 }, dryRun: true, rate: 40 },
    'redriven',
  );
  await account.until('it works', async () =>
    (await account.ledger.readChains('redriven')).some(({ done }) => done > 0),
  );
  await account.stop(arn);
  expect((await account.ended(arn)).status).toBe('ABORTED');

  await account.redrive(arn);

  expect(reportOf(await account.ended(arn))).toMatchObject({ dryRun: true, given: 100, done: 100, inDoubt: 0 });
  expect(account.engine.inbox.size).toBe(before);
});
