import { UpdateAccountSendingEnabledCommand } from '@aws-sdk/client-ses';
import { jobsOf } from '../../cli/dev/jobs';
import type { Clock } from '../../functions/contract/clock';
import { systemClock } from '../../functions/contract/clock';
import type { InvocationRecord } from '../../local/lambda/invocations';
import type { LocalTemplate } from '../../local/template/local-template';
import { Monitor } from '../../page/monitor';
import { Account, deployedTemplate, reportOf } from '../local/whole-run';

let template: LocalTemplate;
let account: Account;

beforeAll(async () => {
  template = await deployedTemplate();
});
beforeEach(async () => {
  account = await Account.open({ template });
  await account.subscribe(1, 60);
});
afterEach(() => account.close());

/** Reads anew whenever it is asked: its clock runs ahead. */
function freshMonitor(startsAt = 0): Monitor {
  let now = startsAt;
  const clock: Clock = { ...systemClock, now: () => (now += 1000) };
  const [job] = jobsOf(template);
  const { stateMachine, runChain } = job!;
  const { sfn, ledger, engine } = account;
  return new Monitor({
    sfn,
    clock,
    stateMachines: [{ ...stateMachine, ledger, chainFunction: runChain.functionName }],
    mails: () => ({ mails: engine.inbox.size }),
    commandFor: ({ command, operands }, { name }) => `${[command, ...operands].join(' ')} of ${name}`,
    endpoints: {},
  });
}

const input = { job: 'weekly-digest', ids: { first: 1, last: 60 }, chains: 3 };

async function pauseSending(paused: boolean): Promise<void> {
  await account.ses.send(new UpdateAccountSendingEnabledCommand({ Enabled: !paused }));
}

describe('the executions', () => {
  it('are all there, newest first, whoever started them', async () => {
    const monitor = freshMonitor();
    expect(await monitor.executions()).toEqual([]);
    expect(await monitor.run()).toMatchObject({ execution: null, executions: [], totals: { planned: 0 } });
    expect((await monitor.run()).states.map(({ name }) => name)).toContain('ReconcileRun');

    const first = await account.start({ ...input, ids: { first: 1, last: 5 } }, 'first');
    await account.ended(first);
    const second = await account.start({ job: 'nothing' }, 'second');
    await account.ended(second);

    const [newest, oldest] = await monitor.executions();
    expect(newest).toMatchObject({ arn: second, name: 'second', job: 'nothing', status: 'FAILED', redriveCount: 0 });
    expect(oldest).toMatchObject({ arn: first, job: 'weekly-digest', status: 'SUCCEEDED' });
    expect(oldest?.stateMachine).toBe(template.stateMachines[0]?.name);
    expect(Date.parse(oldest?.stopDate ?? '')).toBeGreaterThanOrEqual(Date.parse(oldest?.startDate ?? ''));
    expect((await monitor.run()).execution?.arn).toBe(second);
    expect((await monitor.run(first)).execution?.arn).toBe(first);
    expect((await monitor.run(first)).executions).toHaveLength(2);
    expect((await monitor.history(first, 0, 3)).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(await monitor.history(undefined, 0, 1000)).toHaveLength(6);
  });

  it('are shown by default if they were started since', async () => {
    const before = await account.start({ ...input, ids: { first: 1, last: 5 } }, 'before');
    await account.ended(before);
    const monitor = freshMonitor(Date.now() + 60_000);
    expect((await monitor.run()).execution).toBeNull();
    expect(await monitor.history(undefined, 0, 10)).toEqual([]);
    expect((await monitor.run(before)).execution?.status).toBe('SUCCEEDED');
  });

  it.each([
    'arn:aws:states:us-east-1:123456789012:execution:other:nothing',
    'arn:aws:states:us-east-1:123456789012:stateMachine:other',
    'nonsense',
    '',
  ])('are not made up: %j is refused in one sentence', async (arn) => {
    const sentence = /^Expected the ARN of an execution of chains, got [^\n]*: take one from the list of executions\.$/;
    await expect(freshMonitor().run(arn)).rejects.toThrow(sentence);
    await expect(freshMonitor().history(arn, 0, 1)).rejects.toThrow(sentence);
  });
});

it('tells a dry run from others, also where another execution resumes it', async () => {
  const monitor = freshMonitor();
  const real = await account.start(input, 'real');
  await account.ended(real);
  const dry = await account.start({ ...input, dryRun: true }, 'rehearsal');
  await account.ended(dry);
  const resumed = await account.start({ job: input.job, resume: 'rehearsal' }, 'again');
  await account.ended(resumed);

  expect(await monitor.run(real)).not.toHaveProperty('dryRun');
  expect(await monitor.run(dry)).toMatchObject({ dryRun: true, totals: { done: 60, mails: 60 } });
  expect(await monitor.run(resumed)).toMatchObject({ dryRun: true });
});

it.each([
  ['and looked at meanwhile', true],
  ['and ended again before anybody looked', false],
])('goes on following an execution that was redriven %s', async (_, looksMeanwhile) => {
  const monitor = freshMonitor();
  await pauseSending(true);
  const arn = await account.start(input, 'redriven');
  await account.ended(arn);
  const failed = await monitor.run(arn);
  expect(failed).toMatchObject({ execution: { status: 'FAILED', error: 'Chain.QuotaExhausted', redriveCount: 0 } });
  expect(failed.goOnCommand).toMatch(/^resume redriven of /);
  const stateOf = ({ states }: typeof failed, name: string) => states.find((state) => state.name === name);
  expect(stateOf(failed, 'FinishChains')).toMatchObject({ status: 'failed' });
  const events = (await monitor.history(arn, 0, 1000)).length;

  await pauseSending(false);
  await account.redrive(arn);
  if (looksMeanwhile) expect((await monitor.run(arn)).execution).toMatchObject({ redriveCount: 1 });
  reportOf(await account.ended(arn));

  const ended = await monitor.run();
  expect(ended.execution).toMatchObject({ arn, status: 'SUCCEEDED', redriveCount: 1 });
  expect(ended.execution).not.toHaveProperty('error');
  expect(ended).not.toHaveProperty('goOnCommand');
  expect(ended.totals).toMatchObject({ planned: 60, done: 60 });
  expect(stateOf(ended, 'FinishChains')).toMatchObject({
    status: 'succeeded',
    iterations: { total: 3, running: 0, succeeded: 3, failed: 0, aborted: 0 },
  });
  expect(stateOf(ended, 'ReconcileRun')).toMatchObject({ status: 'succeeded' });
  expect((await monitor.history(arn, events, 1)).map(({ type }) => type)).toEqual(['ExecutionRedriven']);
  expect(ended.executions).toMatchObject([{ arn, status: 'SUCCEEDED', redriveCount: 1 }]);
});

it('shows the run that an execution resumes, with the links of both', async () => {
  const monitor = freshMonitor();
  const record = (requestId: string, event: object): InvocationRecord => ({
    requestId,
    functionName: jobsOf(template)[0]!.runChain.functionName,
    event,
    startedAt: 1,
    invocationType: 'Event',
    attempt: 1,
  });
  const stopped = await account.start({ ...input, rate: 20, chunkItems: 5 }, 'run');
  await account.until('the run is sending', () => account.mails(1, 60).size >= 3);
  monitor.observe({
    ...record('a', { runId: 'run', chainId: 0, epoch: 1, link: 0 }),
    answer: JSON.stringify({ end: 'handed-off', settled: { done: 3, skipped: 1, unprocessed: 0, inDoubt: 0 } }),
  });
  monitor.observe(record('b', { runId: 'another', chainId: 0, epoch: 1, link: 0 }));
  monitor.observe({ ...record('c', { runId: 'run', chainId: 0, epoch: 1, link: 7 }), functionName: 'another' });
  await account.stop(stopped);
  await account.ended(stopped);

  const resuming = await account.start({ job: 'weekly-digest', resume: 'run' }, 'later');
  monitor.observe(record('d', { runId: 'run', chainId: 0, epoch: 1001, link: 0 }));
  reportOf(await account.ended(resuming));
  const view = await monitor.run();
  expect(view.execution?.arn).toBe(resuming);
  expect(view.totals).toMatchObject({ planned: 60, done: 60 });
  expect(view.chains[0]?.links).toMatchObject([
    { epoch: 1, requestId: 'a', end: 'handed-off', settled: { done: 3, skipped: 1 } },
    { epoch: 1001, requestId: 'd' },
  ]);
  expect(view.chains[1]?.links).toEqual([]);
});
