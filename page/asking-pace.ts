import { isThrottle } from '../functions/contract/aws-errors';

/** An answer is used for so much longer than usual at most. */
const MOST_STRETCH = 32;

/**
 * How often AWS is asked: as usual, half as often after each throttle, and as usual again step by step. The quotas of
 * Step Functions' reading calls are the account's, and production needs them too.
 */
export class AskingPace {
  private stretch = 1;

  /** @param usualMilliseconds for so long an answer is used again */
  constructor(private readonly usualMilliseconds: number) {}

  /** For so long an answer is used again now. */
  get milliseconds(): number {
    return this.usualMilliseconds * this.stretch;
  }

  /** Whether it is slower than usual. */
  get isSlowed(): boolean {
    return this.stretch > 1;
  }

  /** Takes in that a question was answered. */
  noteAnswer(): void {
    this.stretch = Math.max(1, this.stretch / 2);
  }

  /** Takes in that a question was not answered. Answers whether it was for too many of them. */
  noteFailure(error: unknown): boolean {
    if (!isThrottle(error)) return false;
    this.stretch = Math.min(MOST_STRETCH, this.stretch * 2);
    return true;
  }
}
