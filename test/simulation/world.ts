import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LinkReport } from '../../functions/chain/link-report';
import type { MailTrace, SentMail } from '../../functions/contract/email';
import { Refusal } from '../../functions/contract/errors';
import { type Job, skip } from '../../functions/contract/job';
import type {
  CreateWorkersEvent,
  ItemId,
  JudgeCanaryEvent,
  LinkEvent,
  ReconcileRunEvent,
  RunInput,
} from '../../functions/contract/payloads';
import type { Source } from '../../functions/contract/source';
import { type MailGuard, sendGuarded } from '../../functions/email/mail-guard';
import { refusalFrom } from '../../functions/email/refusal';
import { readSendQuota } from '../../functions/email/send-quota';
import type { FeedbackReport } from '../../functions/feedback/take-feedback';
import type { Ledger } from '../../functions/ledger/ledger';
import { idRange } from '../../functions/sources/id-range';
import { ledgerIn, type Surroundings } from '../../functions/wiring/surroundings';
import { wireCreateRun } from '../../functions/wiring/wire-create-run';
import { wireFailLink } from '../../functions/wiring/wire-fail-link';
import { wireJudgeCanary } from '../../functions/wiring/wire-judge-canary';
import { wireReconcileRun } from '../../functions/wiring/wire-reconcile-run';
import { wireRunLink } from '../../functions/wiring/wire-run-link';
import { wireTakeFeedback } from '../../functions/wiring/wire-take-feedback';
import type { Service } from '../../local/aws-service';
import { MemoryDynamoDB } from '../../local/dynamodb/memory';
import { type AsyncDelivery, Lambda } from '../../local/lambda/lambda-service';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult } from '../../local/lambda/runtime';
import { Ses } from '../../local/ses/ses-service';
import { StepFunctions } from '../../local/step-functions/step-functions-service';
import { CountingInbox } from '../support/counting-inbox';
import { FUNCTION_ARN, functionConfig } from '../support/function-config';
import { VirtualClock } from '../support/virtual-clock';
import { asPreviousVersion, isOfPreviousVersion, previousEvent } from './alternating';
import { ChangingRows } from './changing-rows';
import { DRY_RUN } from './circumstances';
import { ExecutionLog, eventuallyConsistent } from './execution-log';
import { type StartedItem, withHours } from './hours';
import { olderRecords } from './older-records';
import { Outages, type ServiceName } from './outages';
import { Process } from './process';
import type { Scenario } from './scenario';

const TABLE = 'ledger';
const STATE_MACHINE = readFileSync(join(__dirname, '../../statemachine/worker-chains.asl.json'), 'utf8')
  .replaceAll(/\$\{Partition\}/g, 'aws')
  .replace(/\$\{(\w+)FunctionArn\}/g, (_, name: string) => FUNCTION_ARN + name);
/** Share of the account's rate that a run takes when it names none. */
export const SEND_SHARE = 0.8;

/** An attempt to send, as the world saw it: when the call began, and when it took effect. */
export interface Send {
  readonly id: number;
  readonly calledAt: number;
  readonly sentAt: number;
  readonly link: string;
  readonly runId: string;
}

export interface WorldOptions {
  /** Told what happens, for a readable trace. */
  readonly trace?: (line: string) => void;
  readonly source?: Source;
  /** @default - a job that mails most ids, skips some and fails for others */
  readonly job?: Job;
  /** The job in the hands of one link, whose calls die with it. @default - `job` */
  readonly jobIn?: (link: Process) => Job;
  /** Other jobs, whose runs a start names. */
  readonly others?: readonly Job[];
  /** What a call of a run's link fails with, before it has an effect. */
  readonly refuses?: (runId: string, operation: string, input: Record<string, unknown>) => Error | undefined;
  /** What the errors of SES are taken for. @default - as the mailer takes them */
  readonly refusalFrom?: typeof refusalFrom;
  /** How a failure record is taken. @default - as FailChain takes it */
  readonly wireFailLink?: (...around: Parameters<typeof wireFailLink>) => (record: unknown) => Promise<unknown>;
  /** What is asked before each mail, in one link. @default - nothing */
  readonly guard?: (around: Surroundings, nonce: () => string) => MailGuard;
  /** Called when SES has accepted a mail, before the link hears of it. */
  readonly onAccepted?: (mail: MailTrace, link: Process) => void;
  /** Milliseconds that a link believes to have left. @default - what Lambda leaves it */
  readonly remainingMilliseconds?: number;
}

/**
 * The whole of worker-chains on a virtual clock: the real domain and its adapters, in processes that can die, on the
 * cores of the embedded engine.
 */
export class World {
  readonly clock: VirtualClock;
  readonly dynamoDb = new MemoryDynamoDB([{ tableName: TABLE, hashKey: 'pk', rangeKey: 'sk' }]);
  readonly ses: Ses;
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly sends: Send[] = [];
  /** Rows that go and come while the run is on. */
  readonly rows?: ChangingRows;
  /** Ids whose mail was started, by run, whatever became of it. */
  readonly started = new Set<string>();
  /** Ids whose mail was composed in a dry run, by run. */
  readonly rehearsed = new Set<string>();
  readonly executions = new ExecutionLog(() => this.clock.now());
  /** The provider rejects nobody any more. */
  causeMended = false;
  private readonly outages: Outages;
  private readonly beganAt: number;
  /** What the job began to process, where its items have hours. */
  readonly startedItems: StartedItem[] = [];
  readonly reports: LinkReport[] = [];
  readonly calls: Record<string, number> = {};
  /** Links that are at work, by their processes. */
  private readonly links = new Map<Process, LinkEvent>();
  stateMachineArn = '';
  private readonly job: Job<unknown>;
  private serial = 0;
  /** Invocations of functions other than the chains'. */
  private states = 0;

  constructor(
    readonly scenario: Scenario,
    private readonly options: WorldOptions = {},
  ) {
    const { random, maxSendRate, dailyQuota, hours } = scenario;
    this.clock = new VirtualClock(hours && { start: hours.startsAt });
    this.beganAt = this.clock.now();
    this.rows = scenario.rows && new ChangingRows(scenario.rows, scenario, this.clock);
    const source = options.source ?? this.rows?.source() ?? idRange();
    this.job = options.job ?? (simulatedJob(changing(source, scenario), scenario) as Job);
    this.ses = new Ses({
      clock: this.clock,
      maxSendRate,
      max24HourSend: dailyQuota,
      randomId: () => `mail-${++this.serial}`,
      inbox: new CountingInbox(),
    });
    this.outages = new Outages(scenario.circumstances.outages, this.beganAt, scenario.faults);
    this.lambda = new Lambda({
      clock: this.clock,
      functions: FUNCTIONS(scenario.heartbeatSeconds, scenario.circumstances.functionTimeoutSeconds),
      runtime: this.runtime(),
      randomId: () => `request-${++this.serial}`,
      random: random.next,
      asyncDelivery: (delivery) => this.deliveries(delivery),
    });
    this.stepFunctions = new StepFunctions({
      clock: this.clock,
      invokeFunction: async (input) => {
        const output = await this.lambda.handle('Invoke', { ...input });
        return output as never;
      },
      randomToken: () => `token-${++this.serial}`,
      random: random.next,
      heartbeatTimeoutError: random.pick(['States.HeartbeatTimeout', 'States.Timeout']),
      onHistoryEvent: (arn, event) => this.executions.note(arn, event),
    });
    this.consistentInTheEnd = eventuallyConsistent(
      this.stepFunctions,
      this.executions,
      () => this.clock.now(),
      () => this.lag(),
    );
  }

  async createStateMachine(): Promise<void> {
    const created = await this.stepFunctions.handle('CreateStateMachine', {
      name: 'worker-chains',
      definition: STATE_MACHINE,
      roleArn: 'arn:aws:iam::123456789012:role/worker-chains',
    });
    this.stateMachineArn = created.stateMachineArn as string;
  }

  async start(name: string, input: RunInput): Promise<string> {
    this.options.trace?.(`start ${name} ${JSON.stringify(input)}`);
    const started = await this.stepFunctions.handle('StartExecution', {
      stateMachineArn: this.stateMachineArn,
      name,
      input: JSON.stringify(input),
    });
    return started.executionArn as string;
  }

  async describe(executionArn: string): Promise<{ status: string; error?: string; cause?: string; output?: string }> {
    return (await this.stepFunctions.handle('DescribeExecution', { executionArn })) as never;
  }

  /** The ledger as an operator reads it: no faults, no latency. */
  ledger(): Ledger {
    const dynamoDb = this.client(this.dynamoDb, (service, operation, input) => service.handle(operation, input));
    return ledgerIn({ dynamoDb, tableName: TABLE, clock: this.clock, random: this.scenario.random.next });
  }

  /** What the function behind the queue of feedback does with messages: no faults, no latency. */
  takeFeedback(bodies: readonly string[]): Promise<FeedbackReport> {
    const direct = (service: Service, operation: string, input: Record<string, unknown>) =>
      service.handle(operation, input);
    const take = wireTakeFeedback({
      dynamoDb: this.client(this.dynamoDb, direct),
      stepFunctions: this.client(this.stepFunctions, direct),
      tableName: TABLE,
      clock: this.clock,
      random: this.scenario.random.next,
    });
    return take(bodies.map((body) => ({ messageId: `message-${++this.serial}`, body })));
  }

  /** Every link of a run dies at this moment, and nobody is told. */
  crash(runId: string): void {
    for (const [process, link] of this.links) if (link.runId === runId) process.kill();
  }

  trace(line: string): void {
    this.options.trace?.(line);
  }

  /** Lets the chain function have fewer concurrent executions for a while. */
  limitConcurrency(): void {
    const { scarce } = this.scenario.circumstances;
    if (!scarce) return;
    this.scenario.faults.count('scarce-concurrency');
    const reserve = (slots: number) =>
      this.lambda
        .handle('PutFunctionConcurrency', { FunctionName: 'RunChain', ReservedConcurrentExecutions: slots })
        .catch(fail);
    void reserve(scarce.slots);
    this.clock.after(scarce.untilSeconds * 1000, () => void reserve(500));
  }

  /** How an asynchronous event fares. */
  private deliveries({ functionName, event }: AsyncDelivery): readonly number[] {
    const { faults, random, circumstances } = this.scenario;
    if (functionName === 'FailChain') return faults.strikes('drop-failure-record') ? [] : [0];
    if (faults.strikes('drop-event')) return [];
    if (faults.strikes('spurious-failure-record')) this.failDuplicate(event);
    const cold = random.integer(0, circumstances.coldStartMilliseconds);
    const delay = cold + (faults.strikes('delay-event') ? random.integer(1, 40_000) : 0);
    return faults.strikes('duplicate-event') ? [delay, random.integer(0, 20_000)] : [delay];
  }

  /** A duplicate of an event expires in the queue, or dies, while the first delivery lives: Lambda reports that, too. */
  private failDuplicate(event: unknown): void {
    const { random } = this.scenario;
    const hasRun = random.chance(0.5);
    const record = {
      requestContext: {
        requestId: `request-${++this.serial}`,
        condition: hasRun ? 'RetriesExhausted' : 'EventAgeExceeded',
      },
      requestPayload: event,
      ...(hasRun && { responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'a duplicate died' } }),
    };
    const Payload = Buffer.from(JSON.stringify(record));
    this.clock.after(random.integer(0, 20_000), () => {
      this.lambda.handle('Invoke', { FunctionName: 'FailChain', InvocationType: 'Event', Payload }).catch(fail);
    });
  }

  private runtime(): FunctionRuntime {
    return {
      start: (config, invocation) => {
        let end: (result: InvocationResult) => void = () => {};
        const result = new Promise<InvocationResult>((resolve) => {
          end = resolve;
        });
        const name = nameOf(config, invocation);
        const process = new Process({
          clock: this.clock,
          random: this.scenario.random,
          faults: this.scenario.faults,
          outages: this.outages,
          name,
          ...(this.options.trace && {
            trace: (line: string) => this.options.trace?.(`${this.clock.now() % 1e8} ${line}`),
          }),
          onDeath: (why) => end({ kind: 'died', errorType: 'Runtime.ExitError', errorMessage: `killed ${why}` }),
        });
        this.options.trace?.(`${this.clock.now() % 1e8} ${name} starts`);
        if (config.functionName === 'RunChain') {
          this.links.set(process, invocation.event as LinkEvent);
          void result.finally(() => this.links.delete(process));
        }
        this.handle(config.functionName, invocation, process, name).then(
          (value) => end({ kind: 'returned', value: value ?? null }),
          (error: Error) => {
            this.options.trace?.(`${this.clock.now() % 1e8} ${name} threw ${error.name}: ${error.message}`);
            end({ kind: 'threw', errorType: error.name, errorMessage: error.message, trace: [] });
          },
        );
        const kill = () => {
          this.scenario.faults.count('killed-at-deadline');
          process.kill();
        };
        return { result, kill };
      },
    };
  }

  /** The handlers, with their clients replaced. */
  private async handle(functionName: string, invocation: Invocation, process: Process, name: string): Promise<unknown> {
    const { random, heartbeatSeconds } = this.scenario;
    const { clock } = process;
    const isPrevious =
      this.scenario.alternates &&
      (functionName === 'RunChain' ? isOfPreviousVersion(invocation.event as LinkEvent) : ++this.states % 2 === 1);
    if (isPrevious) this.scenario.faults.count('previous-version');
    const { runId } = invocation.event as Partial<LinkEvent>;
    const direct = async (service: Service, operation: string, input: Record<string, unknown>) => {
      const refusal = runId !== undefined && this.options.refuses?.(runId, operation, input);
      if (refusal) throw refusal;
      this.calls[operation] = (this.calls[operation] ?? 0) + 1;
      return process.call(service, operation, input, this.nameOf(service));
    };
    const call = isPrevious ? asPreviousVersion(direct) : direct;
    const stepFunctions = this.client(this.consistentInTheEnd, call);
    const around: Surroundings = {
      dynamoDb: this.client(this.dynamoDb, call),
      tableName: TABLE,
      clock,
      random: random.next,
    };
    const findJob = (asked: string) => this.options.others?.find(({ name: known }) => known === asked) ?? this.job;
    const readQuota = () => readSendQuota({ client: this.client(this.ses, call), clock, random: random.next });
    switch (functionName) {
      case 'CreateWorkers': {
        const { linkSeconds } = this.scenario;
        const settings = { heartbeatSeconds, linkSeconds, sendShare: SEND_SHARE, retentionDays: 90 };
        const createRun = wireCreateRun({ ...around, stepFunctions, findJob, readQuota, settings });
        return createRun(invocation.event as CreateWorkersEvent);
      }
      case 'RunChain': {
        const received = invocation.event as LinkEvent;
        const linkEvent = isPrevious ? previousEvent(received) : received;
        if (this.scenario.faults.strikes('older-record')) await olderRecords(this.dynamoDb, TABLE, linkEvent);
        const nonce = () => `nonce-${++this.serial}`;
        const guard = this.options.guard?.(around, nonce);
        const runLink = wireRunLink({
          ...around,
          stepFunctions,
          lambda: this.client(this.lambda, call),
          nonce,
          findJob: (asked) =>
            this.inHours(this.options.jobIn?.(process) ?? findJob(asked), process, linkEvent.runId, name),
          readQuota,
          send: ({ to }, mail) => sendGuarded(guard, to, mail, () => this.send(process, to, name, mail)),
          rehearse: ({ to }, mail) => this.rehearse(to, mail),
        });
        const report = await runLink(linkEvent, {
          functionName,
          requestId: invocation.requestId,
          remainingMilliseconds: () => this.options.remainingMilliseconds ?? invocation.deadline - this.clock.now(),
        });
        this.reports.push(report);
        this.options.trace?.(`${this.clock.now() % 1e8} ${name} ended: ${report.end} ${report.message ?? ''}`);
        return { end: report.end };
      }
      case 'FailChain': {
        const failLink = this.options.wireFailLink ?? wireFailLink;
        return failLink({ ...around, stepFunctions })(invocation.event);
      }
      case 'JudgeCanary':
        return wireJudgeCanary(around)(invocation.event as JudgeCanaryEvent);
      case 'ReconcileRun':
        return wireReconcileRun({ ...around, findJob })(invocation.event as ReconcileRunEvent);
      default:
        throw new Error(`There is no function ${functionName}.`);
    }
  }

  private inHours(job: Job, { clock }: Process, runId: string, link: string): Job {
    const note = (id: number) => {
      // A dry run waits for nobody's hours.
      if (runId === DRY_RUN) return;
      this.startedItems.push({ id, at: clock.now(), worldAt: this.clock.now(), link });
    };
    return withHours(job, this.scenario.hours, () => this.clock.now(), note);
  }

  private async send(process: Process, to: string, link: string, mail: MailTrace): Promise<SentMail> {
    const { runId } = mail;
    const id = Number(to.slice(1, to.indexOf('@')));
    const calledAt = this.clock.now();
    this.started.add(`${runId}/${id}`);
    const { rejectsAfterSeconds } = this.scenario.circumstances;
    const since = (calledAt - this.beganAt) / 1000;
    if (rejectsAfterSeconds !== undefined && since >= rejectsAfterSeconds && !this.causeMended) {
      this.scenario.faults.count('rejected-mail');
      throw new Refusal('rejected', 'MessageRejected', 'The sender is not verified.');
    }
    const effect: Service = {
      handle: async (operation, input) => {
        const refusal = this.options.refuses?.(runId, operation, input);
        if (refusal) throw refusal;
        const answer = await this.ses.handle(operation, input);
        this.sends.push({ id, calledAt, sentAt: this.clock.now(), link, runId });
        this.options.trace?.(`${this.clock.now() % 1e8} ${link} sent ${id}`);
        this.options.onAccepted?.(mail, process);
        return answer;
      },
    };
    const Data = Buffer.from(`From: digest@example.com\r\nTo: ${to}\r\n\r\nHello`);
    this.calls.SendRawEmail = (this.calls.SendRawEmail ?? 0) + 1;
    try {
      const input = { Destinations: [to], RawMessage: { Data } };
      const { MessageId } = await process.call(effect, 'SendRawEmail', input, 'ses', true);
      return { messageId: String(MessageId) };
    } catch (error) {
      throw (this.options.refusalFrom ?? refusalFrom)(error);
    }
  }

  /** What SES would refuse is refused here; nobody is asked. */
  private async rehearse(to: string, { runId, id }: MailTrace): Promise<void> {
    this.rehearsed.add(`${runId}/${id}`);
    if (to.endsWith('@')) throw new Refusal('rejected', 'InvalidEmail', 'Expected an address.');
  }

  /** Step Functions as functions see it. */
  private readonly consistentInTheEnd: Service;

  private lag(): number {
    const { faults, random } = this.scenario;
    return faults.strikes('stale-describe') ? random.integer(0, 8000) : 0;
  }

  private nameOf(service: Service): ServiceName {
    if (service === this.dynamoDb) return 'dynamodb';
    if (service === this.lambda) return 'lambda';
    return service === this.ses ? 'ses' : 'step-functions';
  }

  /** An SDK client: its commands become operations of the service. */
  private client(
    service: Service,
    call: (service: Service, operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>,
  ): never {
    return {
      send: (command: { input: Record<string, unknown> }) =>
        call(service, command.constructor.name.replace(/Command$/, ''), command.input),
    } as never;
  }
}

/** A source that changes while it is read: now and then fewer items come at once than were asked for. */
function changing(source: Source, { faults, random }: Scenario): Source {
  return {
    ...source,
    read: (plan, cursor, end, limit) =>
      source.read(plan, cursor, end, faults.strikes('source-change') ? random.integer(1, limit) : limit),
  };
}

function simulatedJob(source: Source, { delivery, random, circumstances, canary }: Scenario): Job<string> {
  const { tolerate } = circumstances;
  return {
    name: 'simulated',
    source,
    delivery,
    tolerate: { unprocessed: tolerate },
    ...(canary && { canary }),
    async load(ids: readonly ItemId[]) {
      const found = ids.filter((id) => Number(id) % 17 !== 5 || random.chance(0.2));
      return new Map(found.map((id) => [id, addressOf(Number(id), tolerate)]));
    },
    process: (to, { id, send }) =>
      Number(id) % 13 === 4
        ? skip('unsubscribed')
        : send({ to, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
}

/** Some addresses are refused by SES: their items stay unprocessed. A job that tolerates less has none of these. */
function addressOf(id: number, tolerate: number): string {
  return id % 11 === 7 && tolerate === 1 ? `u${id}@` : `u${id}@example.com`;
}

function nameOf({ functionName }: FunctionConfig, { event }: Invocation): string {
  const { chainId, epoch, link } = event as Partial<LinkEvent>;
  return functionName === 'RunChain' ? `chain ${chainId} epoch ${epoch} link ${link}` : functionName;
}

function FUNCTIONS(heartbeatSeconds: number, timeoutSeconds: number): readonly FunctionConfig[] {
  const chainFunction = {
    maximumRetryAttempts: 0,
    maximumEventAgeSeconds: Math.max(60, heartbeatSeconds),
    onFailureFunctionArn: `${FUNCTION_ARN}FailChain`,
  };
  return ['CreateWorkers', 'RunChain', 'FailChain', 'JudgeCanary', 'ReconcileRun'].map((functionName) =>
    functionConfig({ functionName, timeoutSeconds, ...(functionName === 'RunChain' && chainFunction) }),
  );
}

/** For what happens on a timer: nobody waits for it, and its failure must not go unheard. */
export function fail(error: Error): never {
  throw error;
}
