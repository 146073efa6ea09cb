import type { Clock } from '../../functions/contract/clock';
import { Queue, type QueueConfig } from './queue';

/** The queues of one account and region. A queue's dead-letter queue is made before it. */
export class Queues {
  readonly #byArn = new Map<string, Queue>();

  /** @throws Error where a redrive policy names a queue that is not there, or two name each other */
  constructor(configs: readonly QueueConfig[], { clock, randomId }: { clock: Clock; randomId: () => string }) {
    const open = (config: QueueConfig, above: readonly string[]): Queue => {
      const there = this.#byArn.get(config.queueArn);
      if (there !== undefined) return there;
      const target = config.redrive?.deadLetterQueueArn;
      const next = configs.find(({ queueArn }) => queueArn === target);
      const path = [...above, config.queueArn];
      if (target !== undefined && (next === undefined || path.includes(target))) {
        throw new Error(
          `Expected the dead-letter queue of ${config.queueName} to be another queue of the app, got ${target}: add one.`,
        );
      }
      const deadLetterQueue = next && open(next, path);
      const queue = new Queue({ clock, config, randomId, ...(deadLetterQueue && { deadLetterQueue }) });
      this.#byArn.set(config.queueArn, queue);
      return queue;
    };
    for (const config of configs) open(config, []);
  }

  /** In the order of their names. */
  all(): readonly Queue[] {
    return [...this.#byArn.values()].sort((a, b) => (a.config.queueName < b.config.queueName ? -1 : 1));
  }

  /** @throws Error where there is none */
  at(queueArn: string): Queue {
    const queue = this.#byArn.get(queueArn);
    if (queue === undefined) throw new Error(`Expected a queue of the app, got ${queueArn}: add it to a stack.`);
    return queue;
  }

  named(queueName: string): Queue | undefined {
    return this.all().find(({ config }) => config.queueName === queueName);
  }
}
