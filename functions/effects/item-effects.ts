import type { SentMail } from '../contract/email';
import { type AttemptTerms, type ProviderTerms, untilAnswered } from './paced-attempt';

/** What became of the effects of one item. */
export interface EffectsSeen {
  /** Effects that the job asked for. */
  readonly asked: number;
  /** Of these, the ones of the provider that paces the items. */
  readonly askedOfFirst: number;
  readonly succeeded: number;
  /** Each of those that succeeded may be done again, and has no second effect. */
  readonly repeatable: boolean;
  /** What the others failed with, in the order in which they failed. */
  readonly failures: readonly unknown[];
  /** Ids of the mails that were accepted. */
  readonly messageIds: readonly string[];
  /** Texts that no message about the item may repeat. */
  readonly personal: () => readonly string[];
}

/** One effect that a job asks for. */
export interface Effect<Result> {
  readonly provider: ProviderTerms;
  /** One try, which rejects with a `Refusal`. */
  readonly attempt: () => Promise<Result>;
  /** Texts that no message may repeat. */
  readonly personal?: () => readonly string[];
}

/** The effects of one item. How each came out is noted, even where the job does not await it or catches its error. */
export class ItemEffects {
  private readonly attempts: Promise<void>[] = [];
  private askedOfFirst = 0;
  private succeeded = 0;
  private repeatable = true;
  private closed = false;
  private readonly failures: unknown[] = [];
  private readonly messageIds: string[] = [];
  private readonly personal: (() => readonly string[])[] = [];

  /** @param first the provider that paces the items: its first effect has the item's permit */
  constructor(
    private readonly first: ProviderTerms | undefined,
    private readonly terms: AttemptTerms,
  ) {}

  /**
   * Performs one effect under the terms of its attempts.
   *
   * @throws Refusal where the provider refused for good, or left open whether the effect happened
   * @throws Interrupted where the link ended first
   * @throws Error where the item has been settled already
   */
  perform<Result>({ provider, attempt, personal }: Effect<Result>): Promise<Result> {
    // The item's outcome is settled: it could not be changed by how this effect comes out.
    if (this.closed) {
      return quietly(new Error('Expected every effect before the item is settled: await each send and call.'));
    }
    if (personal) this.personal.push(personal);
    const isFirst = provider === this.first;
    const hasPermit = isFirst && this.askedOfFirst === 0;
    if (isFirst) this.askedOfFirst += 1;
    const answered = untilAnswered(attempt, hasPermit, provider, this.terms);
    // Observed here too, so that a job which does not await its effect loses neither the outcome nor the process.
    this.attempts.push(
      answered.then(
        () => {
          this.succeeded += 1;
          if (!provider.idempotent) this.repeatable = false;
        },
        (error) => {
          this.failures.push(error);
        },
      ),
    );
    return answered;
  }

  /** Whether the item has got something that it must not get again. */
  get isBegun(): boolean {
    return this.succeeded > 0 && !this.repeatable;
  }

  /** Notes that a mail was accepted. */
  noteMail({ messageId }: SentMail): void {
    this.messageIds.push(messageId);
  }

  /** Counts an effect that cannot be tried at all as failed. Rejects with the error. */
  refuse(error: Error): Promise<never> {
    this.failures.push(error);
    return quietly(error);
  }

  /** Waits for every effect, those included that the job asks for meanwhile. None is accepted after that. */
  async settled(): Promise<EffectsSeen> {
    for (let seen = -1; seen < this.attempts.length; ) {
      seen = this.attempts.length;
      await Promise.all(this.attempts);
    }
    this.closed = true;
    const { attempts, askedOfFirst, succeeded, repeatable, failures, messageIds, personal } = this;
    const texts = () => personal.flatMap((some) => some());
    return { asked: attempts.length, askedOfFirst, succeeded, repeatable, failures, messageIds, personal: texts };
  }
}

/** Rejects. A job that does not await it must not cost the process. */
function quietly(error: Error): Promise<never> {
  const refused = Promise.reject(error);
  refused.catch(() => {});
  return refused;
}
