import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { jobsOf } from '../../cli/dev/jobs';
import { systemClock as clock, sleep } from '../../functions/contract/clock';
import { Monitor } from '../../page/monitor';
import { chainsOf, recipientsOf, synthesizedIn } from './several-jobs';
import { Account, oneEach, reportOf } from './whole-run';

const MINUTE = 60_000;
/** So long before the window opens, at least, the account is made: the run is then to park, to be stopped and redriven. */
const BEFORE_MILLISECONDS = 20_000;

let directory: string;
let account: Account;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-hours-'));
});
afterEach(() => account.close());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const timeOf = (at: number) => new Date(at).toISOString().slice(11, 16);

/** An account whose only job has a window that opens then, a whole minute, and closes two hours later. */
function openedAt(opensAt: number): Promise<Account> {
  const build = (app: App) => {
    const stack = new Stack(app, 'Mails');
    chainsOf(stack, 'Digest', recipientsOf(stack), {
      items: 60,
      job: join(__dirname, 'open-hours.ts'),
      environment: { OPENS_AT: timeOf(opensAt), CLOSES_AT: timeOf(opensAt + 120 * MINUTE) },
    });
  };
  return Account.open({ template: synthesizedIn(directory, build) });
}

function monitorOf({ template, sfn, ledger, engine }: Account): Monitor {
  const [job] = jobsOf(template);
  const stateMachine = { ...job!.stateMachine, ledger, chainFunction: job!.runChain.functionName };
  return new Monitor({
    sfn,
    clock,
    stateMachines: [stateMachine],
    mails: () => ({ mails: engine.inbox.size }),
    endpoints: {},
  });
}

test('a run before its hours is parked without a function at work, may be stopped and redriven, and mails when they begin', async () => {
  const opensAt = Math.ceil((clock.now() + BEFORE_MILLISECONDS) / MINUTE) * MINUTE;
  account = await openedAt(opensAt);
  await account.subscribe(1, 60);
  const chains = () => account.ledger.readChains('run');
  const areParked = async () => {
    const all = await chains();
    return all.length === 2 && all.every(({ status }) => status === 'parked');
  };

  const arn = await account.start({ job: 'open-hours', ids: { first: 1, last: 60 }, chains: 2 }, 'run');
  await account.until('the chains are parked', areParked);
  await account.engine.lambda.idle();

  const view = await monitorOf(account).run(arn);
  const parked = { status: 'parked', parkedUntil: new Date(opensAt).toISOString(), done: 0 };
  expect(view).toMatchObject({ execution: { status: 'RUNNING' }, chains: [parked, parked] });
  const waits = (await account.history(arn)).filter(({ type }) => type === 'WaitStateEntered');
  expect(waits.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name)).toEqual(
    Array(2).fill('AwaitOpening'),
  );

  await account.stop(arn);
  await account.redrive(arn);
  expect(clock.now()).toBeLessThan(opensAt);
  // A redrive goes on with the wait.
  await sleep(clock, opensAt - 1000 - clock.now());
  expect(await areParked()).toBe(true);
  expect(account.mails(1, 60).size).toBe(0);

  expect(reportOf(await account.ended(arn))).toMatchObject({ planned: 60, done: 60, inDoubt: 0, unprocessed: 0 });
  expect(account.mails(1, 60)).toEqual(oneEach(1, 60));
  const { mails } = account.engine.inbox.list({ search: '', offset: 0, limit: 100 });
  expect(mails.filter(({ sentAt }) => sentAt < opensAt)).toEqual([]);
  expect((await chains()).map(({ status, epoch }) => [status, epoch])).toEqual(Array(2).fill(['finished', 1000]));
});
