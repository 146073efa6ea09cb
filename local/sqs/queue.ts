import { createHash } from 'node:crypto';
import type { Clock } from '../../functions/contract/clock';

/** A standard queue as the template describes it. */
export interface QueueConfig {
  readonly queueName: string;
  readonly queueArn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  /** Seconds that a receive waits for messages where it does not say. */
  readonly receiveWaitSeconds: number;
  /** Where messages go that were received `maxReceiveCount` times. @default - they stay */
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number };
}

/** A message as one receive hands it out. */
export interface ReceivedMessage {
  readonly messageId: string;
  /** Of this receive: another one gets another. */
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes by SQS's names, values as text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
}

export interface NewMessage {
  readonly body: string;
  readonly messageAttributes?: Readonly<Record<string, unknown>>;
  /** @default - the queue's */
  readonly delaySeconds?: number;
}

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  readonly deadLetterSourceArn?: string;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Of every receive: each stays valid as long as the message is there. */
  readonly receipts: string[];
  /** Cancels the announcement of its becoming visible. */
  quiet?: () => void;
}

export interface QueueOptions {
  readonly clock: Clock;
  readonly config: QueueConfig;
  /** A fresh string per message and per receive. */
  readonly randomId: () => string;
  /** The queue of the redrive policy. */
  readonly deadLetterQueue?: Queue;
}

/** Who sent a message: SQS shows the id of a principal. */
const SENDER_ID = 'AIDAEXAMPLE';

/** A standard queue of SQS that hands out what it has in the order of arrival, and each message to one receiver at a time. */
export class Queue {
  readonly config: QueueConfig;
  readonly createdAt: number;
  readonly #options: QueueOptions;
  readonly #messages = new Map<string, Message>();
  readonly #byReceipt = new Map<string, Message>();
  readonly #listeners = new Set<() => void>();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.config = options.config;
    this.createdAt = options.clock.now();
  }

  /** Puts a message in; it can be received after its delay. */
  send({ body, messageAttributes = {}, delaySeconds = this.config.delaySeconds }: NewMessage) {
    const now = this.#options.clock.now();
    const message: Message = {
      messageId: this.#options.randomId(),
      body,
      md5OfBody: md5(body),
      messageAttributes,
      sentAt: now,
      visibleAt: now + delaySeconds * 1000,
      receiveCount: 0,
      receipts: [],
    };
    this.#put(message);
    return { messageId: message.messageId, md5OfBody: message.md5OfBody };
  }

  /**
   * Hands out up to `most` messages and hides them. A message that was received as often as the redrive policy allows
   * goes to the dead-letter queue instead.
   *
   * @param visibilityTimeoutSeconds how long they stay hidden. @default - the queue's
   */
  receive(most: number, visibilityTimeoutSeconds = this.config.visibilityTimeoutSeconds): ReceivedMessage[] {
    const now = this.#options.clock.now();
    const received: ReceivedMessage[] = [];
    for (const message of this.#messages.values()) {
      if (received.length >= most) break;
      if (message.visibleAt > now || this.#isGone(message)) continue;
      received.push(this.#handOut(message, now, visibilityTimeoutSeconds));
    }
    return received;
  }

  /** Deletes what the receipt stands for, though it was received anew meanwhile. False where no receipt is like it. */
  delete(receiptHandle: string): boolean {
    const message = this.#byReceipt.get(receiptHandle);
    if (message === undefined) return false;
    this.#remove(message);
    return true;
  }

  /** Hides a message for so long from now; 0 gives it back. Undefined where no receipt is like it. */
  changeVisibility(receiptHandle: string, seconds: number): 'changed' | 'not in flight' | undefined {
    const message = this.#byReceipt.get(receiptHandle);
    if (message === undefined) return undefined;
    const now = this.#options.clock.now();
    if (message.visibleAt <= now || !this.#messages.has(message.messageId)) return 'not in flight';
    message.visibleAt = now + seconds * 1000;
    this.#announce(message);
    return 'changed';
  }

  /** Messages that can be received, those in flight, and those that are delayed. */
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = this.#options.clock.now();
    let [visible, inFlight, delayed] = [0, 0, 0];
    for (const message of this.#messages.values()) {
      if (this.#isExpired(message)) continue;
      if (message.visibleAt <= now) visible += 1;
      else if (message.receiveCount > 0) inFlight += 1;
      else delayed += 1;
    }
    return { visible, inFlight, delayed };
  }

  /** Calls whenever a message may have become visible. Returns what ends that. */
  onVisible(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A message that another queue gives up: it keeps its id and the time at which it was sent first. */
  #takeDead(message: Message, deadLetterSourceArn: string): void {
    const now = this.#options.clock.now();
    this.#put({ ...message, deadLetterSourceArn, visibleAt: now, receipts: [], quiet: undefined });
  }

  #put(message: Message): void {
    this.#messages.set(message.messageId, message);
    this.#announce(message);
  }

  /** Expired messages and those received too often are taken out when somebody comes by. */
  #isGone(message: Message): boolean {
    if (this.#isExpired(message)) {
      this.#remove(message);
      return true;
    }
    const { redrive } = this.config;
    const { deadLetterQueue } = this.#options;
    if (redrive === undefined || deadLetterQueue === undefined || message.receiveCount < redrive.maxReceiveCount) {
      return false;
    }
    this.#remove(message);
    deadLetterQueue.#takeDead(message, this.config.queueArn);
    return true;
  }

  #isExpired({ sentAt }: Message): boolean {
    return this.#options.clock.now() - sentAt >= this.config.retentionSeconds * 1000;
  }

  #handOut(message: Message, now: number, visibilityTimeoutSeconds: number): ReceivedMessage {
    message.visibleAt = now + visibilityTimeoutSeconds * 1000;
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    const receiptHandle = this.#options.randomId();
    message.receipts.push(receiptHandle);
    this.#byReceipt.set(receiptHandle, message);
    this.#announce(message);
    const { messageId, body, md5OfBody, messageAttributes, sentAt, deadLetterSourceArn } = message;
    const attributes = {
      SenderId: SENDER_ID,
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      ...(deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: deadLetterSourceArn }),
    };
    return { messageId, receiptHandle, body, md5OfBody, attributes, messageAttributes };
  }

  #remove(message: Message): void {
    message.quiet?.();
    this.#messages.delete(message.messageId);
    for (const receipt of message.receipts) this.#byReceipt.delete(receipt);
  }

  /** Tells whoever listens at the moment at which the message can be received, if it is there until then. */
  #announce(message: Message): void {
    message.quiet?.();
    const wait = Math.max(0, message.visibleAt - this.#options.clock.now());
    message.quiet = this.#options.clock.after(wait, () => {
      for (const listener of this.#listeners) listener();
    });
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
