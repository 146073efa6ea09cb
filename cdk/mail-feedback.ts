import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createFunction, type SharedFunctionProps, serviceOf } from './functions';
import { createUndelivered } from './undelivered';

/** What SES is asked to publish. Opens and clicks would put a pixel and other links into the mails. */
const PUBLISHED = [
  ses.EmailSendingEvent.SEND,
  ses.EmailSendingEvent.REJECT,
  ses.EmailSendingEvent.BOUNCE,
  ses.EmailSendingEvent.COMPLAINT,
  ses.EmailSendingEvent.DELIVERY_DELAY,
];

const FUNCTION_TIMEOUT = Duration.minutes(1);
/** A run is to react within a minute of its feedback. Longer would only make the batches larger. */
const BATCHING_WINDOW = Duration.seconds(5);

export interface MailFeedbackProps {
  /** Of the job that is the first to need it. The function's code is the same for all. */
  readonly shared: SharedFunctionProps;
  readonly ledgerTable: { readonly name: string; readonly variable: string };
}

/**
 * The way on which what SES publishes of mails comes back: configuration set, EventBridge, queue, function. One for all
 * jobs of a ledger.
 */
export class MailFeedback extends Construct {
  /** `HandleFeedback`. */
  readonly fn: LambdaFunction;
  /** What could not be taken after ten tries, or not be put into the queue. */
  readonly deadLetters: sqs.Queue;
  /** Dimension `service` of the function's metrics. */
  readonly service: string;
  private readonly queue: sqs.Queue;
  private readonly names = new Map<string, string>();

  constructor(scope: Construct, id: string, { shared, ledgerTable }: MailFeedbackProps) {
    super(scope, id);
    this.service = serviceOf(this);
    this.deadLetters = createUndelivered(this, 'DeadLetters', 'It is the dead-letter queue of the feedback.');
    this.queue = new sqs.Queue(this, 'Queue', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the function's timeout, and the window: Lambda Developer Guide, "Using Lambda with Amazon SQS".
      visibilityTimeout: Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds() + BATCHING_WINDOW.toSeconds()),
      // An hour of a ledger that does not answer.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 10 },
    });
    this.fn = createFunction(
      this,
      'HandleFeedback',
      { ...shared, service: this.service },
      { environment: { [ledgerTable.variable]: ledgerTable.name }, timeout: FUNCTION_TIMEOUT },
    );
    this.fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 100,
        maxBatchingWindow: BATCHING_WINDOW,
        reportBatchItemFailures: true,
        // Far above what any sending rate needs; the rest of the account's concurrency is the chains'.
        maxConcurrency: 10,
      }),
    );
  }

  /**
   * Has the events of a configuration set come here. Answers its name.
   *
   * @param given one that there is already. @default - one of its own
   */
  configurationSet(given?: string): string {
    const key = given ?? '';
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const set =
      given === undefined
        ? new ses.ConfigurationSet(this, 'ConfigurationSet')
        : ses.ConfigurationSet.fromConfigurationSetName(this, `Given-${given}`, given);
    const suffix = given === undefined ? '' : `-${given}`;
    new ses.ConfigurationSetEventDestination(this, `Events${suffix}`, {
      configurationSet: set,
      // SES publishes to the default bus and to no other.
      destination: ses.EventDestination.eventBus(EventBus.fromEventBusName(this, `Bus${suffix}`, 'default')),
      events: PUBLISHED,
    });
    const name = set.configurationSetName;
    new Rule(this, `Rule${suffix}`, {
      description: 'Brings what SES publishes of the mails of worker chains to their feedback queue.',
      eventPattern: { source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': [name] } } } },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
    });
    this.names.set(key, name);
    return name;
  }
}
