import { randomUUID } from 'node:crypto';
import type { Clock } from '../functions/contract/clock';
import { EventBus } from './event-bridge/event-bus';
import { type BatchOutcome, EventSourceMapping } from './lambda/event-source-mapping';
import { busEvent } from './ses/bus-event';
import { EventPublisher, type EventPublisherOptions } from './ses/event-publisher';
import { Queues } from './sqs/queues';
import { statusChange } from './step-functions/status-change';
import type { LocalTemplate } from './template/local-template';

export interface EventPathOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly template: Pick<LocalTemplate, 'configurationSets' | 'eventRules' | 'queues' | 'eventSources'>;
  /** Invokes a function and waits for its end. Never rejects. */
  readonly invoke: (functionName: string, event: Readonly<Record<string, unknown>>) => Promise<BatchOutcome>;
  /** Has a function invoked asynchronously with an event, in JSON. @default - no rule of the template has a function */
  readonly invokeLater?: (functionArn: string, event: string) => void;
  /** What becomes of mails beyond the simulator's addresses. @default - all are delivered */
  readonly fates?: EventPublisherOptions['fates'];
  /** Copies of each event and how late they are. @default - one copy, at once */
  readonly lateness?: EventPublisherOptions['lateness'];
  /** @default - random UUIDs */
  readonly randomId?: () => string;
}

/**
 * The paths of what SES publishes, SES → EventBridge → SQS → Lambda, and of executions that have ended, Step Functions →
 * EventBridge → Lambda, as the template lays them. Needs no socket.
 */
export class EventPath {
  /** For the embedded SES. */
  readonly publisher: EventPublisher;
  readonly queues: Queues;
  readonly #bus: EventBus;
  readonly #mappings: readonly EventSourceMapping[];

  constructor(options: EventPathOptions) {
    const { clock, region, accountId, template, invoke, fates, lateness, randomId = randomUUID } = options;
    const queues = new Queues(template.queues, { clock, randomId });
    const bus = new EventBus({
      clock,
      region,
      accountId,
      randomId,
      rules: template.eventRules,
      send: (queueArn, body) => queues.at(queueArn).send({ body }),
      invoke: (functionArn, event) => options.invokeLater?.(functionArn, event),
    });
    this.#bus = bus;
    this.queues = queues;
    this.publisher = new EventPublisher({
      clock,
      region,
      accountId,
      randomId,
      configurationSets: template.configurationSets,
      publish: (event) => bus.put(busEvent(event, { region, accountId })),
      ...(fates && { fates }),
      ...(lateness && { lateness }),
    });
    this.#mappings = template.eventSources.map(
      (config) => new EventSourceMapping({ clock, region, config, queue: queues.at(config.queueArn), invoke }),
    );
  }

  /** Tells the bus that an execution has ended, with what DescribeExecution says of it. */
  executionEnded(execution: Readonly<Record<string, unknown>>): void {
    this.#bus.put(statusChange(execution));
  }

  /** Feeds no function any more. */
  close(): void {
    for (const mapping of this.#mappings) mapping.close();
  }
}
