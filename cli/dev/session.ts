import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock, sleep } from '../../functions/contract/clock';
import { counted } from '../../functions/contract/counted';
import type { Seed } from '../../functions/contract/seed';
import { Ledger } from '../../functions/ledger/ledger';
import { activeRunKey } from '../../functions/ledger/records';
import { type Engine, startEngine } from '../../local/engine';
import { ENVIRONMENTS_PER_THREAD } from '../../local/lambda/worker-threads';
import type { Published } from '../../local/sns/sns-service';
import type { MonitoredStateMachine } from '../../page/execution-monitor';
import { Monitor } from '../../page/monitor';
import { createPage } from '../../page/page-server';
import type { RunView } from '../../page/view';
import { programName, UsageError } from '../command-line';
import { type Deployment, STACK_VARIABLE, withChoices } from '../deployment/find-deployment';
import { Operations } from '../live/page-operations';
import { costSoFar } from '../plan/cost-so-far';
import { printable, printableError } from '../printable';
import {
  addressesOf,
  assignments,
  identityOf,
  replacedServices,
  servedCommand,
  surroundingsOf,
  wayOn,
} from './endpoints';
import { type DeployedJob, jobsOf, meantJob } from './jobs';
import { KeptLogs } from './kept-logs';
import { type KeptRun, keepRun, resumedOptions } from './kept-run';
import { chainsOf, openPort } from './opening';
import type { DevOptions } from './options';
import { pageSource } from './page-source';
import { Progress } from './progress';
import { provision } from './provision';
import { adaptedTemplate, planRun, type RunPlan } from './run-plan';
import { type DevReport, devReport, printReport } from './run-report';
import { seedOf, seedRun } from './seed-run';
import { SentMails } from './sent-mails';

const REFRESH_MILLISECONDS = 500;
/** What an account may send in 24 hours: more where a run has more to send. */
const DAILY_QUOTA = 50_000;
const UNLIMITED = -1;

/** What a session is about: the jobs of an app on an engine, and the one of them that is run. */
interface Opened {
  readonly options: DevOptions;
  readonly kept?: KeptRun;
  readonly seed: Promise<Seed> | undefined;
  readonly engine: Engine;
  readonly logs: KeptLogs;
  readonly sfn: SFNClient;
  readonly jobs: readonly DeployedJob[];
  readonly job: DeployedJob;
  readonly plan: RunPlan;
  /** By the name of the state machine. */
  readonly stateMachineArns: ReadonlyMap<string, string>;
}

/** One `worker-chains dev`: the engine, one run on it, and what a person sees of both. */
export class Session {
  readonly monitor: Monitor;
  readonly engine: Engine;
  readonly logs: KeptLogs;
  readonly operations: Operations;
  /** What was published to topics, in its order. */
  readonly notices: Published[] = [];
  private readonly terminal: NodeJS.WriteStream;
  private readonly progress: Progress;
  private readonly sfn: SFNClient;
  private readonly ledger: Ledger;
  private readonly sent: SentMails;
  private executionArn?: string;
  private stopping = false;
  private ended = false;
  /** Ends `serve`, while it serves. */
  private endServing?: (() => void) | undefined;

  /**
   * Starts the engine for the app of a cloud assembly, once that is there.
   *
   * @throws UsageError where the command line does not fit the app, Failure where the app cannot be run
   */
  static async open(given: DevOptions, scratch: string, assembly: Promise<string>): Promise<Session> {
    const { options, kept } = resumedOptions(given);
    const replaced = replacedServices();
    const seed = options.resume ? undefined : seedOf(options, scratch);
    const synthesized = chainsOf(await assembly);
    const deployed = jobsOf(synthesized);
    const job = meantJob(deployed, options);
    const plan = planRun(job, options, new Date(clock.now()));
    const template = adaptedTemplate(synthesized, deployed, plan.chains);
    // The page and the invocations reach the session once it is there.
    let session: Session | undefined;
    const logs = new KeptLogs();
    const engine = await openPort(options, (port) =>
      startEngine({
        template,
        port,
        maxSendRate: plan.accountRate,
        max24HourSend: plan.items === undefined ? UNLIMITED : Math.max(DAILY_QUOTA, 2 * plan.items),
        ...(options.keep !== undefined && { keep: options.keep }),
        replaced,
        environmentsPerThread: options.isolate ? 1 : ENVIRONMENTS_PER_THREAD,
        fates: fatesOf(options),
        page: createPage(pageSource(() => session)),
        onPublish: (published) => session?.notices.push(published),
        onInvocation: (record) => session?.monitor.observe(record),
        onLog: (_functionName, requestId, line) => logs.take(requestId, line),
        onError: (error) => process.stderr.write(`${printableError(error)}\n`),
      }),
    );
    const sfn = new SFNClient({ ...engine.client('stepFunctions'), maxAttempts: 1 });
    try {
      const stateMachineArns = await provision(template, engine, sfn);
      const jobs = jobsOf(template);
      session = new Session({ options, kept, seed, engine, logs, sfn, jobs, job, plan, stateMachineArns });
    } catch (error) {
      await engine.close();
      throw error;
    }
    return session;
  }

  private constructor(private readonly opened: Opened) {
    const { options, engine, sfn, job, jobs } = opened;
    this.engine = engine;
    this.logs = opened.logs;
    this.sfn = sfn;
    this.terminal = options.json ? process.stderr : process.stdout;
    this.progress = new Progress(this.terminal);
    this.sent = new SentMails(engine);
    const others = jobs.filter(({ constructPath }) => constructPath !== job.constructPath);
    const chosen = this.monitored(job);
    this.ledger = chosen.ledger;
    const stateMachines = [chosen, ...others.map((other) => this.monitored(other))] as const;
    this.monitor = new Monitor({
      sfn,
      clock,
      stateMachines,
      mails: (runId) => this.sent.of(runId),
      commandFor: (command, { name }) =>
        servedCommand(command, { engine, choice: this.choiceOf(name), staysUp: options.serve }),
      endpoints: addressesOf(engine),
    });
    this.operations = new Operations({ sfn, monitor: this.monitor, stateMachines });
  }

  /** Makes the data, runs what the schedule would start – or resumes the kept run – to its end, and reports. */
  async run(): Promise<DevReport> {
    const { options, job, plan } = this.opened;
    const what = plan.items === undefined ? job.name : counted(plan.items, 'id');
    const mails = plan.sendsMail ? `, ${plan.accountRate} mails/s` : '';
    this.say(`${what}, ${counted(plan.chains, 'chain')}${mails} · ${this.engine.url}`);
    const input = options.resume ? await this.resumption() : await this.prepare();
    this.executionArn = await this.start(input);
    if (this.stopping) this.stop(this.executionArn);
    const view = await this.follow(this.executionArn);
    this.ended = true;
    this.progress.end(view);
    const report = devReport(view);
    this.say(printReport(report, view, { ...plan, ...wayOn(options, view.goOnCommand) }));
    this.sayNotices(report.executionArn);
    this.sayWhereToLook();
    if (options.json) process.stdout.write(`${printable(JSON.stringify(report))}\n`);
    return report;
  }

  /**
   * Stops the execution; the chains end within a heartbeat interval. Or ends `serve`. False where that is done already, or
   * nothing is left to do.
   */
  interrupt(): boolean {
    if (this.endServing) {
      this.endServing();
      this.endServing = undefined;
      return true;
    }
    if (this.stopping || this.ended) return false;
    this.stopping = true;
    // Where there is none yet it is stopped as soon as it is there, and reported like any other.
    if (this.executionArn !== undefined) this.stop(this.executionArn);
    return true;
  }

  /** Whether the run was stopped by `interrupt`. */
  get wasInterrupted(): boolean {
    return this.stopping;
  }

  private stop(executionArn: string): void {
    this.say('\nStopping the execution …');
    this.sfn
      .send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'Ctrl-C' }))
      .catch((error: Error) => this.say(`The execution could not be stopped: ${printable(error.message)}`));
  }

  /** Keeps the page and the endpoints up until Ctrl-C. */
  async serve(): Promise<void> {
    const { engine, opened } = this;
    const { AWS_REGION = '', ...credentials } = identityOf(engine);
    const { AWS_ENDPOINT_URL } = surroundingsOf(engine);
    this.say(`\nServing until Ctrl-C. For ${programName()}, the AWS CLI and the SDKs:\n`);
    for (const [name, address] of Object.entries(AWS_ENDPOINT_URL ? { AWS_ENDPOINT_URL } : addressesOf(engine))) {
      this.say(`  export ${assignments({ [name]: address })}`);
    }
    this.say(`  export ${assignments({ AWS_REGION, AWS_DEFAULT_REGION: AWS_REGION })}`);
    this.say(`  export ${assignments(credentials)}`);
    this.say(`  export ${assignments({ [STACK_VARIABLE]: opened.job.stack })}`);
    await new Promise<void>((resolve) => {
      this.endServing = resolve;
    });
  }

  async close(): Promise<void> {
    this.sfn.destroy();
    await this.engine.close();
  }

  /** Has the seed make the data; answers what the schedule would start now. */
  private async prepare(): Promise<RunPlan['input']> {
    const { options, job, plan } = this.opened;
    const active = options.keep === undefined ? undefined : await this.activeRun();
    if (active !== undefined) {
      throw new UsageError(
        `Expected ${options.keep} to hold no unfinished run, got ${active}: go on with it by --resume, or keep the new one elsewhere.`,
      );
    }
    // Warm environments, so that what one watches is the run and not forty cold starts on one machine.
    const warm = Promise.all([
      this.engine.prewarm(job.runChain.functionName, plan.chains),
      this.engine.prewarm(job.createWorkers.functionName, 1),
    ]);
    // What the seed throws comes first: an environment that is ended while it loads is no news then.
    warm.catch(() => {});
    await seedRun(this.opened);
    await warm;
    const mailsBefore = await this.sent.begin();
    if (options.keep !== undefined) keepRun(options.keep, options, mailsBefore);
    return plan.input;
  }

  /** The input with which a new execution takes up the kept run. */
  private async resumption(): Promise<RunPlan['input']> {
    const { options, kept, job } = this.opened;
    const runId = await this.activeRun();
    if (runId === undefined) {
      throw new UsageError(
        `Expected ${options.keep} to hold an unfinished run, got one that is finished: start a new one without --resume.`,
      );
    }
    // The execution of the active run ended with its process: Step Functions has forgotten it.
    await this.ledger.deactivate({ job: job.name, runId });
    this.sent.beginAt(kept?.mailsBefore ?? 0);
    this.say(`Resuming ${printable(runId)}`);
    return { job: job.name, resume: runId };
  }

  private async activeRun(): Promise<string | undefined> {
    return (await this.ledger.claims.read(activeRunKey(this.opened.job.name)))?.runId;
  }

  private async start(input: RunPlan['input']): Promise<string> {
    const { job, stateMachineArns } = this.opened;
    const stateMachineArn = stateMachineArns.get(job.stateMachine.name);
    const name = `${job.name}-${randomUUID().slice(0, 8)}`;
    const { executionArn } = await this.sfn.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    return executionArn as string;
  }

  private async follow(executionArn: string): Promise<RunView> {
    for (;;) {
      await this.sent.refresh();
      const view = await this.monitor.refresh(executionArn);
      if (view.execution?.status !== 'RUNNING') {
        // After a stop the chains find out at their next heartbeat; what they settle then belongs to the report.
        await this.engine.lambda.idle();
        await this.sent.refresh();
        return this.monitor.refresh(executionArn);
      }
      this.progress.show(view);
      await sleep(clock, REFRESH_MILLISECONDS);
    }
  }

  private monitored({ stateMachine, ledgerTable, runChain }: DeployedJob): MonitoredStateMachine {
    const { name, definition } = stateMachine;
    const client = DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...this.engine.client('dynamodb'), maxAttempts: 1 }),
    );
    return {
      name,
      arn: this.opened.stateMachineArns.get(name) as string,
      definition,
      ledger: new Ledger({ client, tableName: ledgerTable, clock, random: Math.random }),
      chainFunction: runChain.functionName,
      cost: (run, chains, seconds) => costSoFar(run, chains, seconds, runChain.memoryMegabytes),
      logs: { place: 'here' },
    };
  }

  private choiceOf(stateMachine: string): Deployment['choice'] {
    const all = this.opened.jobs.map(({ stack, name: job, stateMachine: { name: stateMachineName } }) => {
      return { stack, job, stateMachineName };
    });
    return withChoices(all).find(({ stateMachineName }) => stateMachineName === stateMachine)
      ?.choice as Deployment['choice'];
  }

  /** What somebody would be told of the run by a topic. By now the function that tells it is through: see `follow`. */
  private sayNotices(executionArn: string): void {
    for (const { subject = '', message } of this.notices.filter((notice) => notice.message.includes(executionArn))) {
      const lines = [`Subject: ${subject}`, '', ...message.split('\n')].map((line) =>
        `  │ ${printable(line)}`.trimEnd(),
      );
      this.say(`\nOn AWS, the topic of tickets is told:\n\n${lines.join('\n')}`);
    }
  }

  private sayWhereToLook(): void {
    if (this.opened.options.serve) this.say(`\nThe execution, its history and every mail: ${this.engine.url}`);
    else this.say('\nWith --serve the page stays up: the execution, its history, and every mail.');
  }

  private say(text: string): void {
    this.progress.release();
    this.terminal.write(`${text}\n`);
  }
}

/** What becomes of the mails that have a configuration set, as those of every construct with `mail` have. */
function fatesOf({ bounces, complaints, random }: DevOptions) {
  return { ...(bounces !== undefined && { bounces }), ...(complaints !== undefined && { complaints }), seed: random };
}
