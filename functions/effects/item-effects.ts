import { type AttemptTerms, untilAnswered } from './paced-attempt';

/** What became of the effects of one item. */
export interface EffectsSeen {
  /** Effects that the job asked for. */
  readonly asked: number;
  readonly succeeded: number;
  /** What the others failed with, in the order in which they failed. */
  readonly failures: readonly unknown[];
  /** Texts that no message about the item may repeat. */
  readonly personal: () => readonly string[];
}

/** The effects of one item. How each came out is noted, even where the job does not await it or catches its error. */
export class ItemEffects {
  private readonly attempts: Promise<void>[] = [];
  private succeeded = 0;
  private closed = false;
  private readonly failures: unknown[] = [];
  private readonly personal: (() => readonly string[])[] = [];

  constructor(private readonly terms: AttemptTerms) {}

  /**
   * Performs one effect under the terms of its attempts. The first one has the item's permit.
   *
   * @param attempt one try, which rejects with a `Refusal`
   * @param personal texts that no message may repeat
   * @throws Refusal where the provider refused for good, or left open whether the effect happened
   * @throws Interrupted where the link ended first
   * @throws Error where the item has been settled already
   */
  perform(attempt: () => Promise<void>, personal: () => readonly string[]): Promise<void> {
    // The item's outcome is settled: it could not be changed by how this effect comes out.
    if (this.closed) return Promise.reject(new Error('Expected every send before the item is settled: await it.'));
    this.personal.push(personal);
    const answered = untilAnswered(attempt, this.attempts.length === 0, this.terms);
    // Observed here too, so that a job which does not await its effect loses neither the outcome nor the process.
    this.attempts.push(
      answered.then(
        () => {
          this.succeeded += 1;
        },
        (error) => {
          this.failures.push(error);
        },
      ),
    );
    return answered;
  }

  /** Waits for every effect, those included that the job asks for meanwhile. None is accepted after that. */
  async settled(): Promise<EffectsSeen> {
    for (let seen = -1; seen < this.attempts.length; ) {
      seen = this.attempts.length;
      await Promise.all(this.attempts);
    }
    this.closed = true;
    const { attempts, succeeded, failures, personal } = this;
    return { asked: attempts.length, succeeded, failures, personal: () => personal.flatMap((texts) => texts()) };
  }
}
