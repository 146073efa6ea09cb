import { randomUUID } from 'node:crypto';
import type { Clock } from '../functions/contract/clock';
import { EventBus } from './event-bridge/event-bus';
import { type BatchOutcome, EventSourceMapping } from './lambda/event-source-mapping';
import { busEvent } from './ses/bus-event';
import { EventPublisher, type EventPublisherOptions } from './ses/event-publisher';
import { Queues } from './sqs/queues';
import type { LocalTemplate } from './template/local-template';

export interface EventPathOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly template: Pick<LocalTemplate, 'configurationSets' | 'eventRules' | 'queues' | 'eventSources'>;
  /** Invokes a function and waits for its end. Never rejects. */
  readonly invoke: (functionName: string, event: Readonly<Record<string, unknown>>) => Promise<BatchOutcome>;
  /** What becomes of mails beyond the simulator's addresses. @default - all are delivered */
  readonly fates?: EventPublisherOptions['fates'];
  /** Copies of each event and how late they are. @default - one copy, at once */
  readonly lateness?: EventPublisherOptions['lateness'];
  /** @default - random UUIDs */
  readonly randomId?: () => string;
}

/** The path of what SES publishes: SES → EventBridge → SQS → Lambda, as the template lays it. Needs no socket. */
export class EventPath {
  /** For the embedded SES. */
  readonly publisher: EventPublisher;
  readonly queues: Queues;
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
    });
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

  /** Feeds no function any more. */
  close(): void {
    for (const mapping of this.#mappings) mapping.close();
  }
}
