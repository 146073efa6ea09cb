import { DATA_LIMIT_EXCEEDED, type Failure, StateFailure } from './failure';

/** Bytes of UTF-8 that a state's input, output or result may have (Step Functions quota, 256 KiB). */
export const PAYLOAD_BYTES = 262_144;

/** Events in one execution's history (Standard workflows). The last one is always the end of the execution. */
export const HISTORY_EVENTS = 25_000;

/** Iterations of an inline Map that run at the same time. */
export const INLINE_MAP_CONCURRENCY = 40;

/** Children of a Map Run that run at the same time, unless its MaxConcurrency says less. */
export const DISTRIBUTED_MAP_CONCURRENCY = 10_000;

/** Redrives of one Map Run. */
export const MAP_RUN_REDRIVES = 1000;

/** Time after its end during which an execution can be redriven: 14 days. */
export const REDRIVABLE_MILLISECONDS = 14 * 24 * 3600 * 1000;

/** Longest that an execution may be open, redrives included: one year. */
export const OPEN_MILLISECONDS = 365 * 24 * 3600 * 1000;

/** The failure of a state whose result, as JSON text, is above 256 KiB. */
export function resultTooLarge(text: string, stateName: string): Failure | undefined {
  // A UTF-16 unit takes at most 3 bytes of UTF-8: short texts need no counting.
  if (text.length * 3 <= PAYLOAD_BYTES || Buffer.byteLength(text) <= PAYLOAD_BYTES) return undefined;
  return {
    error: DATA_LIMIT_EXCEEDED,
    cause: `The state/task '${stateName}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  };
}

/**
 * The JSON text of a value that travels between states.
 *
 * @throws StateFailure `States.DataLimitExceeded` where it is above 256 KiB
 */
export function payloadText(value: unknown, stateName: string): string {
  const text = JSON.stringify(value);
  const failure = resultTooLarge(text, stateName);
  if (failure !== undefined) throw new StateFailure(failure);
  return text;
}
