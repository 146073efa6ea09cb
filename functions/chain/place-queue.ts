import type { Places } from '../effects/paced-attempt';

/** Places for what may be under way at a time, given in the order in which they are asked for. */
export class PlaceQueue implements Places {
  private taken = 0;
  private stopped = false;
  private readonly waiting: ((given: boolean) => void)[] = [];

  /** @param most places in all; none may be taken while it is 0 */
  constructor(private most: number) {}

  /** Changes how many there are. Those that are taken beyond that are not taken back. */
  setMost(most: number): void {
    this.most = most;
    this.give();
  }

  tryTake(): boolean {
    if (this.stopped || this.waiting.length > 0 || this.taken >= this.most) return false;
    this.taken += 1;
    return true;
  }

  take(): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.give();
    });
  }

  release(): void {
    this.taken -= 1;
    this.give();
  }

  /** Gives no more places: every wait for one ends with false. */
  stop(): void {
    this.stopped = true;
    for (const end of this.waiting.splice(0)) end(false);
  }

  private give(): void {
    while (this.taken < this.most) {
      const next = this.waiting.shift();
      if (!next) return;
      this.taken += 1;
      next(true);
    }
  }
}
