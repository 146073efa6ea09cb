/** Invocations whose lines are kept: of a run of forty chains the last ten minutes or so. */
const MOST_INVOCATIONS = 2000;
/** Of one invocation; its last ones say how it ended. */
const MOST_LINES = 200;
const MOST_CHARACTERS = 2000;

/** What the functions of the engine write to their logs, for whoever asks what one invocation wrote. */
export class KeptLogs {
  /** By request id, the one that wrote first in front. */
  private readonly lines = new Map<string, string[]>();

  /** @param requestId undefined where it is not known which invocation wrote the line: it is not kept then */
  take(requestId: string | undefined, line: string): void {
    if (requestId === undefined) return;
    const kept = this.lines.get(requestId) ?? [];
    this.lines.set(requestId, kept);
    kept.push(line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)} …` : line);
    if (kept.length > MOST_LINES) kept.shift();
    const [oldest] = this.lines.keys();
    if (this.lines.size > MOST_INVOCATIONS && oldest !== undefined) this.lines.delete(oldest);
  }

  /** In their order. */
  of(requestId: string): readonly string[] {
    return this.lines.get(requestId) ?? [];
  }
}
