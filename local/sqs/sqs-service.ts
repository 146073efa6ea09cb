import { type Clock, sleep } from '../../functions/contract/clock';
import { notImplemented, type Service, ServiceError } from '../aws-service';
import type { Queue, ReceivedMessage } from './queue';
import type { Queues } from './queues';

export interface SqsOptions {
  readonly clock: Clock;
  readonly queues: Queues;
  readonly accountId: string;
  /** Address of this service, which its queues' URLs begin with. */
  readonly url: () => string;
}

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** Bytes of a message's body at most. */
const LARGEST_BODY_BYTES = 1_048_576;
/** Beside control characters: halves of a character, and what no XML may hold. */
const UNSENDABLE = /\p{Cs}|[\uFFFE\uFFFF]/u;
const FIRST_PRINTABLE = 0x20;
const SENDABLE_CONTROLS = [0x09, 0x0a, 0x0d];

/** Inputs that the operations understand. Anything else is rejected by name rather than ignored. */
const UNDERSTOOD: Readonly<Record<string, readonly string[]>> = {
  SendMessage: ['QueueUrl', 'MessageBody', 'DelaySeconds'],
  ReceiveMessage: [
    'QueueUrl',
    'AttributeNames',
    'MessageSystemAttributeNames',
    'MessageAttributeNames',
    'MaxNumberOfMessages',
    'VisibilityTimeout',
    'WaitTimeSeconds',
  ],
  DeleteMessage: ['QueueUrl', 'ReceiptHandle'],
  ChangeMessageVisibility: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
  GetQueueAttributes: ['QueueUrl', 'AttributeNames'],
  GetQueueUrl: ['QueueName', 'QueueOwnerAWSAccountId'],
  ListQueues: ['QueueNamePrefix'],
};

/** Amazon SQS: what looking at a queue takes, standard queues only. */
export class Sqs implements Service {
  constructor(private readonly options: SqsOptions) {}

  /** @throws ServiceError where the request is refused, with SQS's own code and message */
  async handle(operation: string, input: Record<string, unknown>): Promise<Output> {
    const understood = Object.hasOwn(UNDERSTOOD, operation) ? UNDERSTOOD[operation] : undefined;
    if (understood === undefined) throw notImplemented('SQS', operation);
    const unknown = Object.keys(input).find((name) => input[name] !== undefined && !understood.includes(name));
    if (unknown !== undefined) throw notImplemented('SQS', `${operation} with ${unknown}`);
    if (operation === 'GetQueueUrl') return { QueueUrl: this.#urlOf(this.#named(input.QueueName)) };
    if (operation === 'ListQueues') return this.#list(input);
    const queue = this.#at(input.QueueUrl);
    switch (operation) {
      case 'SendMessage':
        return send(queue, input);
      case 'ReceiveMessage':
        return this.#receive(queue, input);
      case 'DeleteMessage':
        return remove(queue, input);
      case 'ChangeMessageVisibility':
        return changeVisibility(queue, input);
      default:
        return getAttributes(queue, input);
    }
  }

  #urlOf({ config }: Queue): string {
    return `${this.options.url()}/${this.options.accountId}/${config.queueName}`;
  }

  #named(name: unknown): Queue {
    const queue = this.options.queues.named(text('QueueName', name));
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  /** Whatever host the URL names: the path says which queue. */
  #at(url: unknown): Queue {
    const given = text('QueueUrl', url);
    const [accountId, name, ...more] = (URL.parse(given)?.pathname ?? '').split('/').slice(1);
    const queue = this.options.queues.named(name ?? '');
    if (queue === undefined || accountId !== this.options.accountId || more.length > 0) throw noSuchQueue();
    return queue;
  }

  #list({ QueueNamePrefix = '' }: Input): Output {
    const found = this.options.queues
      .all()
      .filter(({ config }) => config.queueName.startsWith(String(QueueNamePrefix)));
    return found.length === 0 ? {} : { QueueUrls: found.map((queue) => this.#urlOf(queue)) };
  }

  async #receive(queue: Queue, input: Input): Promise<Output> {
    const most = within(input, 'MaxNumberOfMessages', { least: 1, most: 10, fallback: 1 });
    const hidden = within(input, 'VisibilityTimeout', {
      least: 0,
      most: 43_200,
      fallback: queue.config.visibilityTimeoutSeconds,
    });
    const wait = within(input, 'WaitTimeSeconds', { least: 0, most: 20, fallback: queue.config.receiveWaitSeconds });
    const wanted = [...names(input, 'AttributeNames'), ...names(input, 'MessageSystemAttributeNames')];
    const received = await this.#receiveWithin(queue, wait, () => queue.receive(most, hidden));
    return received.length === 0 ? {} : { Messages: received.map((message) => told(message, wanted)) };
  }

  async #receiveWithin(queue: Queue, seconds: number, receive: () => ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const { clock } = this.options;
    const endsAt = clock.now() + seconds * 1000;
    let received = receive();
    while (received.length === 0 && clock.now() < endsAt) {
      let stop = (): unknown => undefined;
      const visible = new Promise<void>((resolve) => {
        stop = queue.onVisible(resolve);
      });
      await Promise.race([visible, sleep(clock, endsAt - clock.now())]);
      stop();
      received = receive();
    }
    return received;
  }
}

function send(queue: Queue, input: Input): Output {
  const body = text('MessageBody', input.MessageBody);
  if (body === '') throw invalid('MissingParameter', 'The request must contain the parameter MessageBody.');
  const bytes = Buffer.byteLength(body);
  if (bytes > LARGEST_BODY_BYTES) {
    throw invalid(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${LARGEST_BODY_BYTES} bytes.`,
    );
  }
  if (!isSendable(body)) {
    throw invalid(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const delaySeconds = within(input, 'DelaySeconds', { least: 0, most: 900, fallback: queue.config.delaySeconds });
  const { messageId, md5OfBody } = queue.send({ body, delaySeconds });
  return { MessageId: messageId, MD5OfMessageBody: md5OfBody };
}

/** Whether SQS takes it: characters that XML 1.0 allows (API reference, SendMessage). */
function isSendable(body: string): boolean {
  if (UNSENDABLE.test(body)) return false;
  for (let at = 0; at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    if (code < FIRST_PRINTABLE && !SENDABLE_CONTROLS.includes(code)) return false;
  }
  return true;
}

function told(message: ReceivedMessage, wanted: readonly string[]): Output {
  const all = wanted.includes('All');
  const attributes = Object.entries(message.attributes).filter(([name]) => all || wanted.includes(name));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
  };
}

/** A receipt whose message is gone deletes nothing, and is no error. */
function remove(queue: Queue, input: Input): Output {
  queue.delete(receiptOf(input));
  return {};
}

function changeVisibility(queue: Queue, input: Input): Output {
  if (input.VisibilityTimeout === undefined) {
    throw invalid('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  }
  const seconds = within(input, 'VisibilityTimeout', { least: 0, most: 43_200, fallback: 0 });
  const receipt = receiptOf(input);
  if (queue.changeVisibility(receipt, seconds) !== 'changed') {
    throw invalid(
      'InvalidParameterValue',
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  return {};
}

function getAttributes(queue: Queue, input: Input): Output {
  const { config, createdAt } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const attributes: Record<string, string> = {
    QueueArn: config.queueArn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(createdAt / 1000)),
    VisibilityTimeout: String(config.visibilityTimeoutSeconds),
    MaximumMessageSize: String(LARGEST_BODY_BYTES),
    MessageRetentionPeriod: String(config.retentionSeconds),
    DelaySeconds: String(config.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(config.receiveWaitSeconds),
    ...(config.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: config.redrive.deadLetterQueueArn,
        maxReceiveCount: config.redrive.maxReceiveCount,
      }),
    }),
  };
  const wanted = names(input, 'AttributeNames');
  const unknown = wanted.find((name) => name !== 'All' && name !== 'RedrivePolicy' && !Object.hasOwn(attributes, name));
  if (unknown !== undefined) throw invalid('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const found = Object.entries(attributes).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return found.length === 0 ? {} : { Attributes: Object.fromEntries(found) };
}

function receiptOf({ ReceiptHandle }: Input): string {
  return text('ReceiptHandle', ReceiptHandle);
}

function names(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid('MissingParameter', `The request must contain the parameter ${name}.`);
}

function within(
  input: Input,
  name: string,
  { least, most, fallback }: { least: number; most: number; fallback: number },
): number {
  const value = input[name] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}

function invalid(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}

function noSuchQueue(): ServiceError {
  return new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
}
