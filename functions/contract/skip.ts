const SKIP = Symbol('skip');

/** What `process` returns for an item that is not to be processed. */
export interface Skip {
  readonly [SKIP]: true;
  readonly reason: string;
}

/** Leaves an item out, with a short constant reason (`'unsubscribed'`): reasons are counted in the report. */
export function skip(reason: string): Skip {
  return { [SKIP]: true, reason };
}

export function isSkip(value: unknown): value is Skip {
  return typeof value === 'object' && value !== null && SKIP in value;
}
