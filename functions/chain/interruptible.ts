/**
 * Waits that end early once somebody says so: a provider or a table that does not answer for minutes keeps nobody from
 * going on. Nothing is kept of a wait that has ended, however many there are.
 */
export class Interruptible {
  private isOver = false;
  private readonly waiting = new Set<() => void>();

  /** Ends every wait, those included that have not begun. */
  interrupt(): void {
    this.isOver = true;
    for (const end of this.waiting) end();
    this.waiting.clear();
  }

  /** Settles as `operation` does, or resolves to undefined once interrupted: how the operation ends is then lost. */
  wait<Result>(operation: Promise<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const end = () => resolve(undefined);
      if (this.isOver) end();
      else this.waiting.add(end);
      operation.then(resolve, reject).finally(() => this.waiting.delete(end));
    });
  }
}
