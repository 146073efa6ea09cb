import { drawOutages, type Outage } from './outages';
import type { Random } from './random';

/** What a run meets beside faults at single calls: what operators do, what other runs do, what services do as a whole. */
export interface Circumstances {
  /** Share of the items that the job tolerates as failed. */
  readonly tolerate: number;
  /** The provider rejects every mail from this moment on, until somebody takes the run up again: the cause is mended. */
  readonly rejectsAfterSeconds?: number;
  /** Longest cold start of a function that is invoked by an event, in milliseconds. */
  readonly coldStartMilliseconds: number;
  readonly outages: readonly Outage[];
  /** Concurrent executions that the chain function has for a while: fewer than there are chains, perhaps. */
  readonly scarce?: { readonly slots: number; readonly untilSeconds: number };
  /** The operator stops the execution and takes it up again, that often. */
  readonly plannedPauses: readonly PlannedPause[];
  /** Another run of the same job, over other ids. */
  readonly rival?: Rival;
  /** Beside the redrive that takes a run up, an execution that resumes it, or the other way round; milliseconds later. */
  readonly alsoAfterMilliseconds?: number;
  /** Timeout of the chain function: as deployed, or so short that a frozen link is killed. */
  readonly functionTimeoutSeconds: number;
}

/** Name of a dry run beside the run that is followed. */
export const DRY_RUN = 'dry';

/** Ids of the other run begin here: nobody is in both. */
export const RIVAL_FIRST = 100_000;

export interface PlannedPause {
  /** After the execution has gone on. */
  readonly afterMilliseconds: number;
  readonly lastsMilliseconds: number;
}

export interface Rival {
  readonly items: number;
  readonly startsAfterMilliseconds: number;
  /** When its execution is stopped, if it still runs, and when it is redriven; after its start. */
  readonly stopsAfterMilliseconds?: number;
  readonly redrivesAfterMilliseconds: number;
}

export const NO_CIRCUMSTANCES: Circumstances = {
  tolerate: 1,
  coldStartMilliseconds: 0,
  outages: [],
  plannedPauses: [],
  functionTimeoutSeconds: 60,
};

/** Draws them from a stream of their own, so that the faults of a seed stay what they are. */
export function drawCircumstances(random: Random): Circumstances {
  const isQuiet = random.chance(0.25);
  if (isQuiet) return NO_CIRCUMSTANCES;
  const tolerate = random.pick([1, 1, 1, 0.05, 0]);
  return {
    tolerate,
    ...(random.chance(0.12) && { rejectsAfterSeconds: random.integer(0, 20) }),
    coldStartMilliseconds: random.pick([0, 0, 2000, 10_000]),
    outages: drawOutages(random),
    ...(random.chance(0.12) && { scarce: { slots: random.integer(1, 4), untilSeconds: random.integer(5, 120) } }),
    plannedPauses: random.chance(0.2) ? drawPauses(random) : [],
    ...(random.chance(0.2) && { rival: drawRival(random) }),
    ...(random.chance(0.1) && { alsoAfterMilliseconds: random.integer(0, 5000) }),
    functionTimeoutSeconds: random.pick([900, 900, 900, 60]),
  };
}

function drawPauses(random: Random): PlannedPause[] {
  return Array.from({ length: random.integer(1, 10) }, () => ({
    afterMilliseconds: random.integer(500, 15_000),
    lastsMilliseconds: random.integer(100, 5000),
  }));
}

export function drawRival(random: Random): Rival {
  return {
    items: random.integer(1, 60),
    startsAfterMilliseconds: random.integer(0, random.pick([500, 5000, 40_000])),
    ...(random.chance(0.5) && { stopsAfterMilliseconds: random.integer(0, 10_000) }),
    redrivesAfterMilliseconds: random.integer(0, 40_000),
  };
}
