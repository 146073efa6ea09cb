import { type Clock, sleep } from '../../functions/contract/clock';
import { type Service, ServiceError } from '../../local/aws-service';
import { MemoryDynamoDB } from '../../local/dynamodb/memory';
import { itemSize } from '../../local/dynamodb/values';
import { Lambda } from '../../local/lambda/lambda-service';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult } from '../../local/lambda/runtime';
import { Ses } from '../../local/ses/ses-service';
import { Random } from '../simulation/random';
import { CountingInbox } from '../support/counting-inbox';
import { functionConfig } from '../support/function-config';
import { sdkError } from '../support/sdk-errors';
import { VirtualClock } from '../support/virtual-clock';
import { draw, LATENCY, type Range } from './latency';

export const LEDGER_TABLE = 'ledger';
export const MEMORY_MEGABYTES = 512;

export interface FunctionDefinition extends Partial<Omit<FunctionConfig, 'functionName' | 'functionArn'>> {
  readonly handler?: never;
  run(invocation: Invocation): Promise<unknown>;
}

export interface CloudOptions {
  readonly seed: number;
  /** Mails per second that the account may send. */
  readonly maxSendRate: number;
  /** @default false */
  readonly strictSendRate?: boolean;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Of SES, milliseconds. @default - a provider in the same region */
  readonly sesLatency?: Range;
}

/** What AWS would bill, besides the mails themselves. */
export interface Usage {
  readonly calls: Record<string, number>;
  writeUnits: number;
  readUnits: number;
  gigabyteSeconds: number;
  invocations: number;
  coldStarts: number;
}

/** An attempt to send, as SES decided it. */
export interface Attempt {
  readonly to: string;
  /** Milliseconds of the virtual clock. */
  readonly at: number;
  readonly accepted: boolean;
}

/**
 * One account on virtual time: the cores of the embedded engine behind clients whose calls take a seeded time, and
 * functions whose environments are cold before they are warm. The same seed gives the same numbers on any machine.
 */
export class Cloud {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly dynamoDb = new MemoryDynamoDB([{ tableName: LEDGER_TABLE, hashKey: 'pk', rangeKey: 'sk' }]);
  readonly lambda: Lambda;
  readonly ses: Ses;
  readonly usage: Usage = {
    calls: {},
    writeUnits: 0,
    readUnits: 0,
    gigabyteSeconds: 0,
    invocations: 0,
    coldStarts: 0,
  };
  /** Told of every attempt to send. */
  onAttempt: (attempt: Attempt) => void = () => {};
  private serial = 0;
  private readonly idle = new Map<string, number>();

  constructor(private readonly options: CloudOptions) {
    this.random = new Random(options.seed);
    this.ses = new Ses({
      clock: this.clock,
      maxSendRate: options.maxSendRate,
      strictSendRate: options.strictSendRate ?? false,
      max24HourSend: -1,
      randomId: () => this.newId('mail'),
      inbox: new CountingInbox(),
    });
    this.lambda = new Lambda({
      clock: this.clock,
      functions: Object.entries(options.functions).map(([name, definition]) => configOf(name, definition)),
      runtime: this.runtime(),
      randomId: () => this.newId('request'),
      random: this.random.next,
      asyncDelivery: () => [draw(this.random, LATENCY.eventDelivery)],
    });
  }

  newId(kind: string): string {
    return `${kind}-${++this.serial}`;
  }

  /** An SDK client of the service: one attempt per call, errors in the SDK's shape. */
  client(service: Service, latency: Range): never {
    return {
      send: (command: { input: Record<string, unknown> }) =>
        this.call(service, command.constructor.name.replace(/Command$/, ''), command.input, latency),
    } as never;
  }

  /** One SendRawEmail call. Rejects with the error of the SDK. */
  async send(to: string): Promise<void> {
    const effect: Service = {
      handle: async (operation, input) => {
        const answer = this.ses.handle(operation, input);
        const at = this.clock.now();
        answer.then(
          () => this.onAttempt({ to, at, accepted: true }),
          () => this.onAttempt({ to, at, accepted: false }),
        );
        return answer;
      },
    };
    const Data = Buffer.from(`From: digest@example.com\r\nTo: ${to}\r\n\r\nHello`);
    await this.call(
      effect,
      'SendRawEmail',
      { Destinations: [to], RawMessage: { Data } },
      this.options.sesLatency ?? LATENCY.ses,
    );
  }

  /** A bulk read of `ids` rows of `rowBytes` each, eventually consistent: half a unit per started 4 KB of a row. */
  async readRows(rows: number, rowBytes: number): Promise<void> {
    this.count(rows === 1 ? 'Get' : 'BatchGet');
    this.usage.readUnits += rows * 0.5 * Math.ceil(rowBytes / 4096);
    await sleep(this.clock, draw(this.random, LATENCY.dynamoDb));
  }

  /** One API call that takes its time; what DynamoDB bills for it is counted. */
  async call(service: Service, operation: string, input: Record<string, unknown>, latency: Range) {
    this.count(operation);
    const milliseconds = draw(this.random, latency);
    await sleep(this.clock, milliseconds / 2);
    try {
      const answer = await service.handle(operation, input);
      if (service === this.dynamoDb) this.consume(operation, input, answer);
      await sleep(this.clock, milliseconds / 2);
      return answer;
    } catch (error) {
      await sleep(this.clock, milliseconds / 2);
      throw error instanceof ServiceError ? sdkError(error.name, error.statusCode, error.message) : error;
    }
  }

  private count(operation: string): void {
    this.usage.calls[operation] = (this.usage.calls[operation] ?? 0) + 1;
  }

  /** DynamoDB's capacity units: one per started KB written, one per started 4 KB read consistently. */
  private consume(operation: string, input: Record<string, unknown>, answer: Record<string, unknown>): void {
    const { usage } = this;
    const bytes = (item: unknown) => (item ? itemSize(item as never) : 0);
    const reads = (size: number) => Math.max(1, Math.ceil(size / 4096));
    const writes = (size: number) => Math.max(1, Math.ceil(size / 1024));
    if (operation === 'Put') usage.writeUnits += writes(bytes(input.Item));
    else if (operation === 'Update') usage.writeUnits += writes(bytes(answer.Attributes));
    else if (operation === 'Delete') usage.writeUnits += 1;
    else if (operation === 'Get') usage.readUnits += reads(bytes(answer.Item));
    else if (operation === 'Query') {
      usage.readUnits += reads(
        (answer.Items as readonly unknown[]).reduce((sum: number, item) => sum + bytes(item), 0),
      );
    } else throw new Error(`Expected a DynamoDB operation that the bench can price, got ${operation}.`);
  }

  private runtime(): FunctionRuntime {
    const { clock, usage } = this;
    return {
      start: (config, invocation) => {
        const { functionName } = config;
        const startedAt = clock.now();
        const warm = this.idle.get(functionName) ?? 0;
        if (warm > 0) this.idle.set(functionName, warm - 1);
        else usage.coldStarts += 1;
        usage.invocations += 1;
        const run = async (): Promise<InvocationResult> => {
          if (warm === 0) await sleep(clock, draw(this.random, LATENCY.coldStart));
          try {
            const value = await this.options.functions[functionName]?.run(invocation);
            return { kind: 'returned', value: value ?? null };
          } catch (error) {
            const { name, message } = error as Error;
            return { kind: 'threw', errorType: name, errorMessage: message, trace: [] };
          }
        };
        const result = run().finally(() => {
          this.idle.set(functionName, (this.idle.get(functionName) ?? 0) + 1);
          usage.gigabyteSeconds += ((clock.now() - startedAt) / 1000) * (config.memoryMegabytes / 1024);
        });
        return { result, kill: () => {} };
      },
    };
  }
}

export function sleepRange(clock: Clock, random: Random, range: Range): Promise<void> {
  return sleep(clock, draw(random, range));
}

function configOf(functionName: string, { run: _, ...definition }: FunctionDefinition): FunctionConfig {
  return functionConfig({ memoryMegabytes: MEMORY_MEGABYTES, ...definition, functionName, handler: 'index.handler' });
}
