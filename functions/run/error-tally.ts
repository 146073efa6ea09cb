import type { ItemId, TopError } from '../contract/payloads';

const EXAMPLES_PER_ERROR = 3;
const MOST_TOP_ERRORS = 10;

/** Counts items by the code with which they failed. */
export class ErrorTally {
  private readonly byCode = new Map<string, { count: number; exampleIds: ItemId[] }>();

  note(code: string, id: ItemId): void {
    const error = this.byCode.get(code) ?? { count: 0, exampleIds: [] };
    this.byCode.set(code, error);
    error.count += 1;
    if (error.exampleIds.length < EXAMPLES_PER_ERROR) error.exampleIds.push(id);
  }

  /** The most frequent codes first, each with some ids. */
  top(): readonly TopError[] {
    return [...this.byCode]
      .map(([code, error]) => ({ code, ...error }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
      .slice(0, MOST_TOP_ERRORS);
  }
}
