/** Counts operations that are under way side by side, and waits until there are few enough of them. */
export class InFlight {
  private failure?: { readonly error: unknown };
  private waiting: (() => void)[] = [];

  /** How many are under way. */
  count = 0;

  add(operation: Promise<void>): void {
    this.count += 1;
    operation
      .catch((error) => {
        this.failure ??= { error };
      })
      .finally(() => {
        this.count -= 1;
        const woken = this.waiting;
        this.waiting = [];
        for (const wake of woken) wake();
      });
  }

  /**
   * Waits until at most `most` are under way.
   *
   * @throws the reason of the first operation that was rejected, as soon as one was
   */
  async atMost(most: number): Promise<void> {
    while (this.count > most && !this.failure) await this.change();
    if (this.failure) throw this.failure.error;
  }

  /** Waits until none is under way, however they end. */
  async none(): Promise<void> {
    while (this.count > 0) await this.change();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }
}
