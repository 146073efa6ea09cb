import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Callbacks } from '../../functions/chain/callbacks';
import type { Clock } from '../../functions/chain/clock';
import type {
  CreateWorkersEvent,
  ItemId,
  LinkEvent,
  ReconcileRunEvent,
  RunInput,
} from '../../functions/chain/contract';
import { createRun } from '../../functions/chain/create-run';
import { failLink } from '../../functions/chain/fail-link';
import { Handoff } from '../../functions/chain/handoff';
import { type Job, type Source, skip } from '../../functions/chain/job';
import { Ledger } from '../../functions/chain/ledger/ledger';
import { runLink } from '../../functions/chain/link';
import { reconcileRun } from '../../functions/chain/reconcile';
import type { LinkReport } from '../../functions/chain/telemetry';
import { refusalFrom } from '../../functions/email/refusal';
import { idRange } from '../../functions/sources/id-range';
import { leftovers } from '../../functions/sources/leftovers';
import { list } from '../../functions/sources/list';
import { MemoryDynamoDB } from '../../local/dynamodb/memory';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult } from '../../local/lambda/runtime';
import { Lambda } from '../../local/lambda/service';
import type { Service } from '../../local/service';
import { Inbox } from '../../local/ses/inbox';
import { Ses } from '../../local/ses/ses';
import { StepFunctions } from '../../local/step-functions/service';
import { VirtualClock } from '../local/virtual-clock';
import { Process } from './process';
import type { Scenario } from './scenario';

const TABLE = 'ledger';
const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:';
const STATE_MACHINE = readFileSync(join(__dirname, '../../statemachine/worker-chains.asl.json'), 'utf8').replace(
  /\$\{(\w+)FunctionArn\}/g,
  (_, name: string) => ARN + name,
);
/** Share of the account's rate that a run takes when it names none. */
export const SEND_SHARE = 0.8;
/** Longer than any link of a scenario works; a frozen one can outlive it and is killed. */
const FUNCTION_TIMEOUT_SECONDS = 60;

/** An attempt to send, as the world saw it: when the call began, and when it took effect. */
export interface Send {
  readonly id: number;
  readonly calledAt: number;
  readonly sentAt: number;
  readonly link: string;
}

export interface WorldOptions {
  /** Told what happens, for a readable trace. */
  readonly trace?: (line: string) => void;
  readonly source?: Source;
  /** @default - a job that mails most ids, skips some and fails for others */
  readonly job?: Job;
  /** What the errors of SES are taken for. @default - as the mailer takes them */
  readonly refusalFrom?: typeof refusalFrom;
  /** Milliseconds that a link believes to have left. @default - what Lambda leaves it */
  readonly remainingMilliseconds?: number;
}

/**
 * The whole of worker-chains on a virtual clock: the real domain and its adapters, in processes that can die, on the
 * cores of the embedded engine.
 */
export class World {
  readonly clock = new VirtualClock();
  readonly dynamoDb = new MemoryDynamoDB([{ tableName: TABLE, hashKey: 'pk', rangeKey: 'sk' }]);
  readonly ses: Ses;
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly sends: Send[] = [];
  readonly reports: LinkReport[] = [];
  readonly calls: Record<string, number> = {};
  stateMachineArn = '';
  private readonly job: Job<unknown>;
  private serial = 0;

  constructor(
    readonly scenario: Scenario,
    private readonly options: WorldOptions = {},
  ) {
    const { random, maxSendRate, dailyQuota } = scenario;
    this.job = options.job ?? (simulatedJob(changing(options.source ?? idRange(), scenario), scenario) as Job);
    this.ses = new Ses({
      clock: this.clock,
      maxSendRate,
      max24HourSend: dailyQuota,
      randomId: () => `mail-${++this.serial}`,
      inbox: new LeanInbox(),
    });
    this.lambda = new Lambda({
      clock: this.clock,
      functions: FUNCTIONS(scenario.heartbeatSeconds),
      runtime: this.runtime(),
      randomId: () => `request-${++this.serial}`,
      random: random.next,
      asyncDelivery: ({ functionName }) => this.deliveries(functionName),
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
    });
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
    return this.ledgerOver((service, operation, input) => service.handle(operation, input), this.clock);
  }

  trace(line: string): void {
    this.options.trace?.(line);
  }

  /** How an asynchronous event fares. */
  private deliveries(functionName: string): readonly number[] {
    const { faults, random } = this.scenario;
    if (functionName === 'FailChain') return faults.strikes('drop-failure-record') ? [] : [0];
    if (faults.strikes('drop-event')) return [];
    const delay = faults.strikes('delay-event') ? random.integer(1, 40_000) : 0;
    return faults.strikes('duplicate-event') ? [delay, random.integer(0, 20_000)] : [delay];
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
          name,
          ...(this.options.trace && {
            trace: (line: string) => this.options.trace?.(`${this.clock.now() % 1e8} ${line}`),
          }),
          onDeath: (why) => end({ kind: 'died', errorType: 'Runtime.ExitError', errorMessage: `killed ${why}` }),
        });
        this.options.trace?.(`${this.clock.now() % 1e8} ${name} starts`);
        this.handle(config.functionName, invocation, process, name).then(
          (value) => end({ kind: 'returned', value: value ?? null }),
          (error: Error) => {
            this.options.trace?.(`${this.clock.now() % 1e8} ${name} threw ${error.name}: ${error.message}`);
            end({ kind: 'threw', errorType: error.name, errorMessage: error.message, trace: [] });
          },
        );
        return { result, kill: () => process.kill() };
      },
    };
  }

  /** The handlers, with their clients replaced. */
  private async handle(functionName: string, invocation: Invocation, process: Process, name: string): Promise<unknown> {
    const { random, heartbeatSeconds } = this.scenario;
    const { clock } = process;
    const call = (service: Service, operation: string, input: Record<string, unknown>) => {
      this.calls[operation] = (this.calls[operation] ?? 0) + 1;
      return process.call(service, operation, input);
    };
    const ledger = this.ledgerOver(call, clock);
    const callbacks = new Callbacks({ client: this.client(this.stepFunctions, call), clock, random: random.next });
    const findJob = () => this.job;
    const readQuota = async () => {
      const { Max24HourSend, MaxSendRate, SentLast24Hours } = await call(this.ses, 'GetSendQuota', {});
      return {
        perSecond: Number(MaxSendRate),
        perDay: Number(Max24HourSend),
        usedToday: Number(SentLast24Hours),
      };
    };
    const findSource = (kind: string) => this.sourceOf(kind, ledger);
    switch (functionName) {
      case 'CreateWorkers':
        return createRun(invocation.event as CreateWorkersEvent, {
          ledger,
          callbacks,
          clock,
          findJob,
          sourceFor: (input) => this.sourceOf(kindOf(input, this.job), ledger),
          readQuota,
          settings: {
            heartbeatSeconds,
            linkSeconds: this.scenario.linkSeconds,
            sendShare: SEND_SHARE,
            retentionDays: 90,
          },
        });
      case 'RunChain': {
        const report = await runLink(invocation.event as LinkEvent, {
          ledger,
          callbacks,
          handoff: new Handoff({
            client: this.client(this.lambda, call),
            functionName: 'RunChain',
            clock,
            random: random.next,
          }),
          clock,
          random: random.next,
          newOwner: () => `owner-${++this.serial}`,
          findJob,
          findSource,
          readQuota,
          send: ({ to }) => this.send(process, to, name),
          remainingMilliseconds: () => this.options.remainingMilliseconds ?? invocation.deadline - this.clock.now(),
        });
        this.reports.push(report);
        this.options.trace?.(`${this.clock.now() % 1e8} ${name} ended: ${report.end} ${report.message ?? ''}`);
        return { end: report.end };
      }
      case 'FailChain':
        return failLink(invocation.event, { callbacks, ledger });
      case 'ReconcileRun':
        return reconcileRun(invocation.event as ReconcileRunEvent, { ledger, clock, findJob, findSource });
      default:
        throw new Error(`There is no function ${functionName}.`);
    }
  }

  private async send(process: Process, to: string, link: string): Promise<void> {
    const id = Number(to.slice(1, to.indexOf('@')));
    const calledAt = this.clock.now();
    const effect: Service = {
      handle: async (operation, input) => {
        const answer = await this.ses.handle(operation, input);
        this.sends.push({ id, calledAt, sentAt: this.clock.now(), link });
        this.options.trace?.(`${this.clock.now() % 1e8} ${link} sent ${id}`);
        return answer;
      },
    };
    const Data = Buffer.from(`From: digest@example.com\r\nTo: ${to}\r\n\r\nHello`);
    this.calls.SendRawEmail = (this.calls.SendRawEmail ?? 0) + 1;
    try {
      await process.call(effect, 'SendRawEmail', { Destinations: [to], RawMessage: { Data } }, true);
    } catch (error) {
      throw (this.options.refusalFrom ?? refusalFrom)(error);
    }
  }

  private sourceOf(kind: string, ledger: Ledger): Source {
    const sources = [this.job.source, list(), leftovers(ledger)];
    const source = sources.find((candidate) => candidate.kind === kind);
    if (!source) throw new Error(`There is no source ${kind}.`);
    return source;
  }

  private ledgerOver(
    call: (service: Service, operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>,
    clock: Clock,
  ): Ledger {
    return new Ledger({
      client: this.client(this.dynamoDb, call),
      tableName: TABLE,
      clock,
      random: this.scenario.random.next,
    });
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

function simulatedJob(source: Source, { delivery, random }: Scenario): Job<string> {
  return {
    name: 'simulated',
    source,
    delivery,
    tolerate: { unprocessed: 1 },
    async load(ids: readonly ItemId[]) {
      const found = ids.filter((id) => Number(id) % 17 !== 5 || random.chance(0.2));
      return new Map(found.map((id) => [id, addressOf(Number(id))]));
    },
    process: (to, { id, send }) =>
      Number(id) % 13 === 4
        ? skip('unsubscribed')
        : send({ to, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
}

/** Some addresses are refused by SES: their items stay unprocessed. */
function addressOf(id: number): string {
  return id % 11 === 7 ? `u${id}@` : `u${id}@example.com`;
}

function kindOf(input: RunInput, job: Job): string {
  if (input.unprocessedOf !== undefined || input.inDoubtOf !== undefined) return 'leftovers';
  return Array.isArray(input.ids) ? 'list' : job.source.kind;
}

function nameOf({ functionName }: FunctionConfig, { event }: Invocation): string {
  const { chainId, epoch, link } = event as Partial<LinkEvent>;
  return functionName === 'RunChain' ? `chain ${chainId} epoch ${epoch} link ${link}` : functionName;
}

function FUNCTIONS(heartbeatSeconds: number): readonly FunctionConfig[] {
  const common = {
    codeDirectory: '',
    handler: 'index.handler',
    environment: {},
    memoryMegabytes: 512,
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 21_600,
  };
  return ['CreateWorkers', 'RunChain', 'FailChain', 'ReconcileRun'].map((functionName) => ({
    ...common,
    logicalId: functionName,
    functionName,
    functionArn: ARN + functionName,
    timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
    ...(functionName === 'RunChain' && {
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: Math.max(60, heartbeatSeconds),
      onFailureFunctionArn: `${ARN}FailChain`,
    }),
  }));
}

/** Counts mails without keeping them. */
class LeanInbox extends Inbox {
  override add(mail: Parameters<Inbox['add']>[0]): ReturnType<Inbox['add']> {
    return {
      messageId: mail.messageId,
      sentAt: mail.sentAt,
      from: '',
      destinations: mail.destinations,
      subject: '',
      rawBytes: 0,
    };
  }
}
