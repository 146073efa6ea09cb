import { type Clock, sleep } from '../../functions/contract/clock';
import type { Queue, ReceivedMessage } from '../sqs/queue';

/** What feeds a function from a queue, as the template describes it. */
export interface EventSourceMappingConfig {
  readonly queueArn: string;
  readonly functionName: string;
  readonly enabled: boolean;
  /** Messages of one invocation at most. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more, seconds. */
  readonly batchingWindowSeconds: number;
  /** Whether the function says which messages failed. */
  readonly reportsBatchItemFailures: boolean;
  /** Invocations at a time. @default - 5, with which Lambda begins */
  readonly maximumConcurrency?: number;
}

/** What an invocation came to. */
export type BatchOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed' }
  | { readonly kind: 'throttled' };

export interface EventSourceMappingOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly queue: Queue;
  readonly config: EventSourceMappingConfig;
  /** Invokes the function and waits for its end. Never rejects. */
  readonly invoke: (functionName: string, event: Readonly<Record<string, unknown>>) => Promise<BatchOutcome>;
}

/** Pollers with which Lambda begins; it adds more under load, which makes nothing different on one machine. */
const POLLERS = 5;
/** After a throttled invocation, before the next one with the same batch. */
const THROTTLED_MILLISECONDS = 1000;
/** The event must fit into a request to Lambda. */
const LARGEST_EVENT_BYTES = 6 * 1024 * 1024;
/** What is around a message's body in the event, at most. */
const ENVELOPE_BYTES = 1500;

/**
 * Reads a queue and invokes a function with what it finds. Messages of an invocation that succeeded are deleted; the
 * others stay hidden until their visibility timeout is over and then come again, or go to the dead-letter queue.
 */
export class EventSourceMapping {
  readonly #options: EventSourceMappingOptions;
  readonly #stopListening: () => void;
  #batch: ReceivedMessage[] = [];
  #batchBytes = 0;
  #windowEnds: (() => void) | undefined;
  #running = 0;
  #closed = false;

  constructor(options: EventSourceMappingOptions) {
    this.#options = options;
    this.#stopListening = options.config.enabled ? options.queue.onVisible(() => this.#poll()) : () => undefined;
    if (options.config.enabled) this.#poll();
  }

  /** Reads nothing any more; what runs goes on. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#windowEnds?.();
  }

  #poll(): void {
    const { clock, config, queue } = this.#options;
    while (!this.#closed && this.#running < (config.maximumConcurrency ?? POLLERS)) {
      const [message] = queue.receive(1);
      if (message !== undefined) this.#add(message);
      if (this.#batch.length === 0) return;
      if (this.#batch.length >= config.batchSize || (message === undefined && config.batchingWindowSeconds === 0)) {
        this.#flush();
      } else if (message === undefined) {
        this.#windowEnds ??= clock.after(config.batchingWindowSeconds * 1000, () => this.#flush());
        return;
      }
    }
  }

  #add(message: ReceivedMessage): void {
    const bytes = 2 * Buffer.byteLength(message.body) + ENVELOPE_BYTES;
    if (this.#batch.length > 0 && this.#batchBytes + bytes > LARGEST_EVENT_BYTES) this.#flush();
    this.#batch.push(message);
    this.#batchBytes += bytes;
  }

  #flush(): void {
    this.#windowEnds?.();
    this.#windowEnds = undefined;
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (this.#closed || batch.length === 0) return;
    this.#running += 1;
    void this.#invoke(batch).finally(() => {
      this.#running -= 1;
      this.#poll();
    });
  }

  async #invoke(batch: readonly ReceivedMessage[]): Promise<void> {
    const { clock, config, queue, invoke } = this.#options;
    const giveUpAt = clock.now() + queue.config.visibilityTimeoutSeconds * 1000;
    const event = { Records: batch.map((message) => this.#record(message)) };
    let outcome = await invoke(config.functionName, event);
    while (outcome.kind === 'throttled' && clock.now() + THROTTLED_MILLISECONDS < giveUpAt && !this.#closed) {
      await sleep(clock, THROTTLED_MILLISECONDS);
      outcome = await invoke(config.functionName, event);
    }
    if (outcome.kind !== 'returned') return;
    const failed = config.reportsBatchItemFailures ? failedIds(outcome.value, batch) : new Set<string>();
    for (const { messageId, receiptHandle } of batch) if (!failed.has(messageId)) queue.delete(receiptHandle);
  }

  /** One record of the event (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
  #record({ messageId, receiptHandle, body, attributes, messageAttributes, md5OfBody }: ReceivedMessage) {
    return {
      messageId,
      receiptHandle,
      body,
      attributes,
      messageAttributes: lambdaAttributes(messageAttributes),
      md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.#options.queue.config.queueArn,
      awsRegion: this.#options.region,
    };
  }
}

/**
 * The messages that a function says have failed. What Lambda cannot read counts as the whole batch: a list of something
 * else, an id that is empty or none of the batch's (Lambda Developer Guide, "Implementing partial batch responses").
 */
function failedIds(value: unknown, batch: readonly ReceivedMessage[]): ReadonlySet<string> {
  const ids = new Set(batch.map(({ messageId }) => messageId));
  if (value === null || value === undefined) return new Set();
  const failures = (value as { readonly batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return new Set();
  if (!Array.isArray(failures)) return ids;
  const told = failures.map((failure) => (failure as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier);
  return told.every((id) => typeof id === 'string' && ids.has(id)) ? new Set(told as string[]) : ids;
}

/** Attributes as the event has them: other names than in SQS's own answers. */
function lambdaAttributes(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const { StringValue, BinaryValue, DataType } = attribute as Readonly<Record<string, unknown>>;
      return [
        name,
        {
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ];
    }),
  );
}
