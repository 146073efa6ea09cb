import { LaterVersion } from './errors';

/**
 * Version of the records and link events that this code writes; what has none is of version 0. A field that earlier code
 * may ignore needs no new version, only a default for its absence (see `RUN_DEFAULTS`). Raise a version where earlier
 * code would act wrongly on what this code writes: it then touches nothing, and leaves the run to the later deployment.
 */
export const RECORD_VERSION = 4;
export const EVENT_VERSION = 1;

/** @throws `LaterVersion` where what was read or received is of a later version than this code knows. */
export function guardVersion(what: string, { version = 0 }: { readonly version?: number }, known: number): void {
  if (version > known) throw new LaterVersion(what, version, known);
}
