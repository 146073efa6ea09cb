import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateAccountSendingEnabledCommand } from '@aws-sdk/client-ses';
import {
  DescribeMapRunCommand,
  type DescribeMapRunOutput,
  ListExecutionsCommand,
  ListMapRunsCommand,
} from '@aws-sdk/client-sfn';
import { Stack } from 'aws-cdk-lib';
import { jobsOf, runsChains } from '../../cli/dev/jobs';
import { type Clock, systemClock } from '../../functions/contract/clock';
import { ENVIRONMENT } from '../../functions/contract/names';
import { type LocalTemplate, readTemplate } from '../../local/template/local-template';
import { Monitor } from '../../page/monitor';
import { reader } from '../cli/readers';
import { SilentMailService } from './mail-service';
import { chainsOf, guestApp, recipientsOf } from './several-jobs';
import { Account, oneEach, reportOf, sentenceOf, withChainTimeout } from './whole-run';

/** More than an inline Map runs at a time. */
const CHAINS = 60;

let directory: string;
let template: LocalTemplate;
let account: Account;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-distributed-'));
  const app = guestApp(directory, { bundled: true });
  const stack = new Stack(app, 'Mails');
  chainsOf(stack, 'Chains', recipientsOf(stack), { items: 600, chains: CHAINS, mapMode: 'distributed' });
  app.synth();
  template = readTemplate(directory, { runs: runsChains });
});
afterEach(() => account.close());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The template with a heartbeat in which sixty environments can start on a machine that has two cores. */
function withPatience({ functions, ...rest }: LocalTemplate): LocalTemplate {
  const patient = functions.map((config) =>
    ENVIRONMENT.heartbeatSeconds in config.environment
      ? { ...config, environment: { ...config.environment, [ENVIRONMENT.heartbeatSeconds]: '60' } }
      : config,
  );
  return { ...rest, functions: patient };
}

/** The execution's Map Runs, oldest first. */
async function mapRunsOf(executionArn: string): Promise<DescribeMapRunOutput[]> {
  const { mapRuns = [] } = await account.sfn.send(new ListMapRunsCommand({ executionArn }));
  const describe = ({ mapRunArn }: { mapRunArn?: string | undefined }) =>
    account.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
  return Promise.all(mapRuns.toReversed().map(describe));
}

async function pauseSending(paused: boolean): Promise<void> {
  await account.ses.send(new UpdateAccountSendingEnabledCommand({ Enabled: !paused }));
}

/** As the command makes it for the page; its clock runs ahead, so that it reads anew whenever it is asked. */
function monitor(): Monitor {
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => (now += 1000) };
  const [{ stateMachine, runChain }] = jobsOf(template) as [ReturnType<typeof jobsOf>[number]];
  const chains = { ...stateMachine, ledger: account.ledger, chainFunction: runChain.functionName };
  const { sfn, engine } = account;
  return new Monitor({
    sfn,
    clock,
    stateMachines: [chains],
    mails: () => ({ mails: engine.inbox.size }),
    endpoints: {},
  });
}

const job = 'weekly-digest';

test('a run has 60 chains, all of them at work at once, each an execution of its own', async () => {
  account = await Account.open({ template: withPatience(template) });
  await account.subscribe(1, 120);
  // So slow that no chain ends before the last one begins.
  const arn = await account.start({ job, ids: { first: 1, last: 120 }, chains: CHAINS, rate: 0.1 }, 'run');
  const atWork = async () =>
    (await account.ledger.readChains('run')).filter(({ status }) => status === 'running').length;
  // Sixty environments start: the more of them there are, the longer it takes.
  for (const some of [20, 40, CHAINS]) {
    await account.until(`${some} chains are at work`, async () => (await atWork()) >= some);
  }
  await account.ledger.setRate('run', 1600);
  const ended = await account.ended(arn);
  expect(reportOf(ended)).toMatchObject({ planned: 120, done: 120, unprocessed: 0, inDoubt: 0, chains: CHAINS });
  expect(account.mails(1, 120)).toEqual(oneEach(1, 120));

  const [mapRun, ...more] = await mapRunsOf(ended.executionArn);
  expect(more).toEqual([]);
  expect(mapRun).toMatchObject({
    ...{ status: 'SUCCEEDED', redriveCount: 0, maxConcurrency: 100, executionArn: ended.executionArn },
    executionCounts: { total: CHAINS, succeeded: CHAINS, running: 0, failed: 0, aborted: 0 },
  });
  const types = (await account.history(ended.executionArn)).map(({ type }) => type);
  expect(types.filter((type) => type?.startsWith('MapRun'))).toEqual(['MapRunStarted', 'MapRunSucceeded']);
  // Its history is short, however many chains there are; each child's is like an iteration's.
  expect(types.length).toBeLessThan(25);
  const { executions = [] } = await account.sfn.send(new ListExecutionsCommand({ mapRunArn: mapRun?.mapRunArn }));
  expect(executions).toHaveLength(CHAINS);
  const child = await account.history(executions[0]?.executionArn ?? '');
  expect(child.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);

  const page = monitor();
  const { states, chains } = await page.run(ended.executionArn);
  expect(states.find(({ name }) => name === 'RunChains')).toMatchObject({
    status: 'succeeded',
    iterations: { total: CHAINS, succeeded: CHAINS, running: 0, failed: 0, aborted: 0 },
  });
  expect(chains).toHaveLength(CHAINS);
  // Children are not runs.
  expect((await page.executions()).map(({ name }) => name)).toEqual(['run']);
});

test('a run of more chains than the ledger bears is refused', async () => {
  account = await Account.open({ template });
  const refused = await account.run({ job, ids: { first: 1, last: 600 }, chains: 101 });
  expect(refused).toMatchObject({ status: 'FAILED', error: 'Run.InvalidInput' });
  expect(sentenceOf(refused)).toContain('`chains` to be an integer from 1 to 100, got 101');
});

test('chains that cannot go on are left to FinishChains, whose redrive finishes exactly those', async () => {
  account = await Account.open({ template });
  await account.subscribe(1, 60);
  await pauseSending(true);
  const arn = await account.start({ job, ids: { first: 1, last: 60 }, chains: 3 }, 'run');
  // The Map's own error: what became of each chain is in its child's history, and in the ledger.
  expect(await account.ended(arn)).toMatchObject({
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
  });
  const [run, finish] = await mapRunsOf(arn);
  expect(run).toMatchObject({ status: 'SUCCEEDED', executionCounts: { succeeded: 3 } });
  expect(finish).toMatchObject({ status: 'FAILED', executionCounts: { total: 3, succeeded: 0 } });
  expect(finish?.mapRunArn).toMatch(/:mapRun:[^/:]+\/FinishChains:/);
  const { executions = [] } = await account.sfn.send(new ListExecutionsCommand({ mapRunArn: finish?.mapRunArn }));
  const failed = executions.find(({ status }) => status === 'FAILED');
  expect((await account.history(failed?.executionArn ?? '')).at(-1)?.executionFailedEventDetails?.error).toBe(
    'Chain.QuotaExhausted',
  );

  await pauseSending(false);
  await account.redrive(arn);
  expect(reportOf(await account.ended(arn))).toMatchObject({ planned: 60, done: 60, unprocessed: 0, inDoubt: 0 });
  expect(account.mails(1, 60)).toEqual(oneEach(1, 60));
  expect((await mapRunsOf(arn)).map(({ status, redriveCount }) => [status, redriveCount])).toEqual([
    ['SUCCEEDED', 0],
    ['SUCCEEDED', 1],
  ]);
  // The second round of the execution, and in FinishChains: 1000 + 250.
  for (const { epoch } of await account.ledger.readChains('run')) expect(epoch).toBe(1250);
});

test('a link that dies is reported to the task of its child, and retried there', async () => {
  const mailService = await SilentMailService.open();
  try {
    account = await Account.open({
      template: withChainTimeout(template, 3),
      replaced: { ses: mailService.url },
      isolated: true,
    });
    await account.subscribe(1, 400);
    mailService.silence(reader(7).email);
    const arn = await account.start({ job, ids: { first: 1, last: 400 }, chains: 2, chunkItems: 2 }, 'run');
    const report = reportOf(await account.ended(arn));
    const leftovers = await account.leftovers('run');
    expect(leftovers.map(({ id }) => id)).toContain(7);
    expect(report).toMatchObject({ planned: 400, done: 400 - leftovers.length, inDoubt: leftovers.length });

    const [mapRun] = await mapRunsOf(arn);
    expect(mapRun).toMatchObject({ status: 'SUCCEEDED', executionCounts: { total: 2, succeeded: 2 } });
    const { executions = [] } = await account.sfn.send(new ListExecutionsCommand({ mapRunArn: mapRun?.mapRunArn }));
    const histories = await Promise.all(executions.map(({ executionArn }) => account.history(executionArn ?? '')));
    const failures = histories.flatMap((events) =>
      events.flatMap(({ taskFailedEventDetails: failed }) => failed?.error ?? []),
    );
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter((error) => !/^Chain\.(Crashed|Interrupted)$/.test(error))).toEqual([]);
  } finally {
    await mailService.close();
  }
});

test('a stopped run ends every chain, and its redrive goes on where it was', async () => {
  account = await Account.open({ template });
  await account.subscribe(1, 120);
  const arn = await account.start({ job, ids: { first: 1, last: 120 }, chains: 4, rate: 40, chunkItems: 5 }, 'run');
  await account.until('the run is in full swing', () => account.mails(1, 120).size >= 12);
  await account.stop(arn);
  expect(await account.ended(arn)).toMatchObject({ status: 'ABORTED' });
  const page = monitor();
  expect((await page.run(arn)).states.find(({ name }) => name === 'RunChains')).toMatchObject({
    status: 'aborted',
    iterations: { total: 4, running: 0, succeeded: 0, aborted: 4 },
  });
  const before = account.mails(1, 120).size;
  expect(before).toBeLessThan(120);
  expect((await account.ledger.readChains('run')).map(({ status }) => status)).toEqual(Array(4).fill('interrupted'));

  await account.redrive(arn);
  expect(reportOf(await account.ended(arn))).toMatchObject({ planned: 120, done: 120, inDoubt: 0 });
  expect(account.mails(1, 120)).toEqual(oneEach(1, 120));
  expect(await mapRunsOf(arn)).toMatchObject([{ status: 'SUCCEEDED', redriveCount: 1 }]);
  for (const { epoch } of await account.ledger.readChains('run')) expect(epoch).toBe(1000);
  expect((await page.run(arn)).states.find(({ name }) => name === 'RunChains')).toMatchObject({
    status: 'succeeded',
    iterations: { total: 4, running: 0, succeeded: 4, failed: 0, aborted: 0 },
  });
});

test('a run with more failures than its job tolerates ends at once, and its redrive goes on', async () => {
  account = await Account.open({ template });
  // Of 200 the job tolerates two: three end the run, however many of the five have failed by then two at most are left.
  await account.subscribe(1, 200, { malformed: [3, 4, 5, 6, 7] });
  const input = { job, ids: { first: 1, last: 200 }, chains: 2, rate: 50, chunkItems: 5 };
  const arn = await account.start(input, 'run');
  // Uncaught in the child, so it ends the Map Run, and with it the other chain.
  expect(await account.ended(arn)).toMatchObject({
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
  });
  expect(account.mails(1, 200).size).toBeLessThan(190);
  await account.redrive(arn);
  expect(reportOf(await account.ended(arn))).toMatchObject({ planned: 200, done: 195, unprocessed: 5, inDoubt: 0 });
});
