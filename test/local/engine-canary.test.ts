import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInCanary } from '../../functions/contract/canary-members';
import type { RunReport } from '../../functions/contract/payloads';
import type { EngineOptions } from '../../local/engine';
import { canaryFirst, synthesizedIn } from './several-jobs';
import { Account, oneEach } from './whole-run';

const ITEMS = 1000;
const INPUT = { job: 'canary-first', ids: { first: 1, last: ITEMS }, chains: 4 };
const CANARY = Array.from({ length: ITEMS }, (_, index) => index + 1).filter((id) =>
  isInCanary('canary-first', id, 0.05),
);

let directory: string;
let account: Account;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-canary-'));
});
afterEach(() => account.close());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function open(fates?: EngineOptions['fates']): Promise<void> {
  account = await Account.open({ template: synthesizedIn(directory, canaryFirst), ...(fates && { fates }) });
  await account.subscribe(1, ITEMS);
}

const statesOf = async (executionArn: string) =>
  (await account.history(executionArn)).flatMap(({ type, stateEnteredEventDetails }) =>
    /^(Wait|Task|Map)StateEntered$/.test(type ?? '') ? [stateEnteredEventDetails?.name] : [],
  );

test('the canary goes first, everybody else after the judgement, in one execution and with one mail each', async () => {
  await open();
  const executionArn = await account.start(INPUT, 'monday');
  await account.until('the canary waits', async () => (await statesOf(executionArn)).includes('AwaitFeedback'));

  expect(account.mails(1, ITEMS)).toEqual(new Map(CANARY.map((id) => [id, 1])));

  const ended = await account.ended(executionArn);
  expect(ended.status).toBe('SUCCEEDED');
  expect(account.mails(1, ITEMS)).toEqual(oneEach(1, ITEMS));
  expect(JSON.parse(ended.output as string)).toMatchObject({ planned: ITEMS, given: ITEMS, done: ITEMS, inDoubt: 0 });
  const states = (await statesOf(executionArn)).filter((name) => name !== 'RunChain');
  expect(states).toEqual(['CreateWorkers', 'RunChains', 'AwaitFeedback', 'JudgeCanary', 'RunChains', 'ReconcileRun']);
});

test('a canary whose mails bounce ends the execution before anybody else is mailed, and a redrive accepts it', async () => {
  await open({ bounces: 0.3, softBounces: 0, complaints: 0, delays: 0, seed: 7 });
  const failed = await account.run(INPUT, 'monday');

  expect({ status: failed.status, error: failed.error }).toEqual({ status: 'FAILED', error: 'Run.CanaryFailed' });
  expect(failed.cause).toMatch(/Of the canary of run monday, \d+ of \d+ mails have bounced for good/);
  expect([...account.mails(1, ITEMS).keys()].sort((a, b) => a - b)).toEqual(CANARY);

  await account.redrive(failed.executionArn);
  const ended = await account.ended(failed.executionArn);
  // With that many bounces the run as a whole may be stopped, too: either way nobody has two.
  expect(Math.max(...account.mails(1, ITEMS).values())).toBe(1);
  expect(account.mails(1, ITEMS).size).toBeGreaterThan(CANARY.length);
  if (ended.status === 'SUCCEEDED') expect((JSON.parse(ended.output as string) as RunReport).done).toBe(ITEMS);
  else expect(ended.error).toBe('Mail.TooManyBounces');
});
