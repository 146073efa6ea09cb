import type { ChunkCallContext } from '../../functions/contract/chunk-job';
import type { CallContext } from '../../functions/contract/provider';
import { throttled } from '../../functions/contract/verdicts';
import { refusalFrom } from '../../functions/email/refusal';
import type { Service } from '../../local/aws-service';
import type { Process } from './process';
import type { Random } from './random';

/** A call, as the provider saw it. */
export interface ProviderCall {
  readonly id: number;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * An API that does something for a person each time it is called, and counts by itself how often. One that honours the
 * key does it once for a key, however often that comes.
 */
export class ProviderApi {
  readonly calls: ProviderCall[] = [];
  private readonly effects = new Map<number, number>();
  private readonly keys = new Set<string>();

  constructor(
    private readonly honoursKeys: boolean,
    private readonly now: () => number,
    private readonly random: Random,
  ) {}

  /** How often something was done for a person. */
  effectsFor(id: number): number {
    return this.effects.get(id) ?? 0;
  }

  /** One attempt by a link: it takes time, it can go wrong, and the link can die around it. */
  attempt(link: Process, id: number, { idempotencyKey }: CallContext): Promise<void> {
    return this.attemptAll(link, [id], { idempotencyKeys: [idempotencyKey] });
  }

  /** The same for several people at once. */
  async attemptAll(
    link: Process,
    ids: readonly number[],
    { idempotencyKeys }: Pick<ChunkCallContext, 'idempotencyKeys'>,
  ): Promise<void> {
    const service: Service = {
      handle: async () => {
        for (const [index, id] of ids.entries()) this.take(id, idempotencyKeys[index] as string);
        return {};
      },
    };
    try {
      await link.call(service, 'Call', {}, 'ses', true);
    } catch (error) {
      const refusal = refusalFrom(error);
      const saysWhen = refusal.kind === 'throttled' && this.random.chance(0.5);
      throw saysWhen ? throttled(this.random.integer(1, 20)) : refusal;
    }
  }

  private take(id: number, key: string): void {
    this.calls.push({ id, key, at: this.now() });
    if (!this.honoursKeys || !this.keys.has(key)) this.effects.set(id, this.effectsFor(id) + 1);
    this.keys.add(key);
  }
}
