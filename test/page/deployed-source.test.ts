import type { SFNClient } from '@aws-sdk/client-sfn';
import { jobsOf } from '../../cli/dev/jobs';
import { type Clock, systemClock } from '../../functions/contract/clock';
import type { LocalTemplate } from '../../local/template/local-template';
import { deployedMonitor, deployedSource } from '../../page/deployed-source';
import type { RunCommand } from '../../page/monitor';
import { PageError } from '../../page/reply';
import { Account, deployedTemplate, reportOf } from '../local/whole-run';
import { ask, servePage } from './serve';

let template: LocalTemplate;
let account: Account;

beforeAll(async () => {
  template = await deployedTemplate();
  account = await Account.open({ template });
  await account.subscribe(1, 60);
});
afterAll(() => account.close());

const input = { job: 'weekly-digest', ids: { first: 1, last: 60 }, chains: 3 };

/** Step Functions as a page asks it: what is asked is counted, and may be refused. */
class Questions {
  asked: string[] = [];
  refusal?: Error | undefined;

  readonly sfn = {
    send: (command: { constructor: { name: string } }) => {
      this.asked.push(command.constructor.name.replace(/Command$/, ''));
      return this.refusal ? Promise.reject(this.refusal) : account.sfn.send(command as never);
    },
  } as unknown as Pick<SFNClient, 'send'>;

  /** What was asked since the last time, each name once, in alphabetical order. */
  since(): readonly string[] {
    return [...new Set(this.asked.splice(0))].sort();
  }
}

function named(name: string, message = 'No.'): Error {
  return Object.assign(new Error(message), { name });
}

/** A monitor of the deployment, whose clock is ahead by as much as a test lets pass. */
async function watching() {
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
  const questions = new Questions();
  const [{ stateMachine, runChain, name: job }] = jobsOf(template) as [ReturnType<typeof jobsOf>[number]];
  const chains = {
    stateMachineArn: stateMachine.arn,
    stateMachineName: stateMachine.name,
    job,
    chainFunction: runChain.functionName,
    ledger: account.ledger,
  };
  const { sfn } = questions;
  const commandFor = ({ command, operands }: RunCommand) => [command, ...operands].join(' ');
  const monitor = await deployedMonitor({ sfn, clock, deployed: [chains], commandFor });
  const pass = (seconds: number) => {
    ahead += seconds * 1000;
  };
  questions.since();
  return { monitor, questions, pass };
}

it('shows the newest run, its attempts as links, and no mails', async () => {
  const { monitor, questions, pass } = await watching();
  const arn = await account.start({ ...input, rate: 30, chunkItems: 5 }, 'watched');
  await account.until('the run is sending', () => account.mails(1, 60).size >= 3);
  const running = await monitor.run();
  expect(running.execution).toMatchObject({ arn, status: 'RUNNING' });
  expect(running.executions[0]).toMatchObject({ job: 'weekly-digest' });
  expect(running.totals).not.toHaveProperty('mails');
  expect(running.freshMilliseconds).toBe(3000);
  expect(running.totals.rateLimit).toEqual({ itemsPerSecond: 30 });
  expect(running.linksNotice).toMatch(/a bar may stand for several links/);
  expect(running.chains.map(({ links }) => links)).toEqual(
    [1, 2, 3].map(() => [{ link: 0, epoch: 0, startedAt: expect.any(Number), requestId: expect.any(String) }]),
  );
  reportOf(await account.ended(arn));
  pass(4);
  const ended = await monitor.run();
  expect(ended.chains[0]?.links).toMatchObject([{ link: 0, outcome: 'returned', endedAt: expect.any(Number) }]);
  expect(ended.chains.map(({ links }) => links.map(({ settled }) => settled?.done))).toEqual(
    ended.chains.map(({ done }) => [done]),
  );
  // Once for its state machine, at each of two looks, and for the list as it ran and as it ended.
  expect(questions.asked.filter((name) => name === 'DescribeExecution')).toHaveLength(5);
});

it('asks nothing while nobody looks, and does not ask for what has ended', async () => {
  const { monitor, questions, pass } = await watching();
  const arn = await account.start({ ...input, ids: { first: 1, last: 5 } }, 'ended');
  await account.ended(arn);
  await monitor.run(arn);
  expect(questions.since()).toEqual(['DescribeExecution', 'GetExecutionHistory', 'ListExecutions']);
  await monitor.run(arn);
  expect(questions.since()).toEqual([]);
  pass(4);
  await monitor.run(arn);
  expect(questions.since()).toEqual(['ListExecutions']);
  expect((await monitor.history(arn, 0, 5)).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
});

it('goes on with what it has when AWS throttles it, says so, asks less often, and comes back', async () => {
  const { monitor, questions, pass } = await watching();
  const before = await monitor.run();
  questions.refusal = named('ThrottlingException', 'Rate exceeded');
  pass(4);
  const throttled = await monitor.run();
  expect(throttled.chains).toEqual(before.chains);
  expect(throttled.notice).toMatch(/^AWS throttles the questions of this page: figures are up to 6 s old, /);
  questions.since();
  pass(4);
  await monitor.run();
  expect(questions.since()).toEqual([]);
  pass(4);
  await monitor.run();
  expect(questions.since()).not.toEqual([]);
  questions.refusal = undefined;
  for (let round = 0; round < 6; round++) {
    pass(60);
    await monitor.run();
  }
  expect(await monitor.run()).not.toHaveProperty('notice');
});

it('is a sentence in the page when the credentials have expired, and a page again when they are renewed', async () => {
  const { monitor, questions, pass } = await watching();
  const explain = (error: unknown) =>
    named('ExpiredTokenException').name === (error as Error).name ? 'Log in again.' : undefined;
  const source = deployedSource(monitor, explain);
  await expect(source.run()).resolves.toMatchObject({ execution: { status: 'SUCCEEDED' } });
  pass(4);
  questions.refusal = named('ExpiredTokenException');
  await expect(source.run()).rejects.toThrow(PageError);
  const site = await servePage(source);
  const { status, body } = await ask(site.port, '/api/run');
  await site.close();
  expect([status, JSON.parse(body)]).toEqual([502, { message: 'Log in again.' }]);
  questions.refusal = undefined;
  await expect(source.run()).resolves.toMatchObject({ execution: { status: 'SUCCEEDED' } });
  questions.refusal = named('Bug');
  pass(4);
  await expect(source.run()).rejects.toThrow(named('Bug'));
});
