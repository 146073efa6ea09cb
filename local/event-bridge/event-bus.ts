import type { Clock } from '../../functions/contract/clock';
import type { EventPattern } from './event-pattern';

/** A rule of the default bus that sends what it matches to queues and functions. */
export interface EventRule {
  readonly name: string;
  readonly enabled: boolean;
  readonly pattern: EventPattern;
  readonly queueArns: readonly string[];
  readonly functionArns: readonly string[];
}

/** What a service tells the bus. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  /** ARNs. */
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface EventBusOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly rules: readonly EventRule[];
  /** A fresh string per event. */
  readonly randomId: () => string;
  /** Puts a message with this body into a queue. */
  readonly send: (queueArn: string, body: string) => void;
  /** Has a function invoked asynchronously with this event. */
  readonly invoke: (functionArn: string, event: string) => void;
}

/** EventBridge's default bus: each event goes to the targets of every rule that it matches. */
export class EventBus {
  constructor(private readonly options: EventBusOptions) {}

  put({ source, detailType, resources, detail }: BusEvent): void {
    const { clock, region, accountId, rules, randomId, send, invoke } = this.options;
    const event = {
      version: '0',
      id: randomId(),
      'detail-type': detailType,
      source,
      account: accountId,
      // In whole seconds, as EventBridge tells it.
      time: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
      region,
      resources,
      detail,
    };
    const matching = rules.filter(({ enabled, pattern }) => enabled && pattern(event));
    if (matching.length === 0) return;
    const body = JSON.stringify(event);
    for (const { queueArns, functionArns } of matching) {
      for (const arn of queueArns) send(arn, body);
      for (const arn of functionArns) invoke(arn, body);
    }
  }
}
