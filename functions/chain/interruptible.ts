/**
 * Waits that `interrupt` ends early, so that a link can stop although a provider or a table does not answer for minutes.
 * A wait that has ended takes no memory, however many there are.
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

  /** Settles as `operation` does, or resolves to undefined once interrupted: the operation's result is then dropped. */
  wait<Result>(operation: Promise<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const end = () => resolve(undefined);
      if (this.isOver) end();
      else this.waiting.add(end);
      operation.then(resolve, reject).finally(() => this.waiting.delete(end));
    });
  }
}
