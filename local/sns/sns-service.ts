import { notImplemented, type Service, ServiceError } from '../aws-service';

/** A message that was published, as a subscriber by e-mail reads it. */
export interface Published {
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
}

export interface SnsOptions {
  /** ARNs of the topics that there are. */
  readonly topicArns: readonly string[];
  /** A fresh string per message. */
  readonly randomId: () => string;
  /** Called with each message that was taken. */
  readonly onPublish: (published: Published) => void;
}

/** "Constraints: … Must be less than 100 characters long" (API reference, Publish). */
const LONGEST_SUBJECT = 99;
const LARGEST_MESSAGE_BYTES = 262_144;
const UNDERSTOOD = ['TopicArn', 'Subject', 'Message'];

/** AWS SNS, as far as a function publishes a text to a topic. Nobody is subscribed. */
export class Sns implements Service {
  constructor(private readonly options: SnsOptions) {}

  /** @throws ServiceError where it is refused; an operation or parameter that is not implemented is refused by name */
  async handle(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    if (operation !== 'Publish') throw notImplemented('SNS', operation);
    const stray = Object.keys(input).find((name) => input[name] !== undefined && !UNDERSTOOD.includes(name));
    if (stray !== undefined) throw notImplemented('SNS', `Publish with ${stray}`);
    const { TopicArn: topicArn, Subject: subject, Message: message } = input;
    if (typeof topicArn !== 'string') throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
    if (!this.options.topicArns.includes(topicArn)) throw new ServiceError('NotFound', 'Topic does not exist', 404);
    if (typeof message !== 'string' || message === '') throw invalid('Empty message');
    if (Buffer.byteLength(message) > LARGEST_MESSAGE_BYTES) throw invalid('Message too long');
    if (subject !== undefined && !isSubject(subject)) throw invalid('Subject');
    this.options.onPublish({ topicArn, message, ...(subject !== undefined && { subject }) });
    return { MessageId: this.options.randomId() };
  }
}

/** ASCII that begins with a letter, number or punctuation mark, without line breaks and control characters. */
function isSubject(subject: unknown): subject is string {
  return typeof subject === 'string' && /^[!-~][ -~]*$/.test(subject) && subject.length <= LONGEST_SUBJECT;
}

function invalid(what: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${what}`);
}
