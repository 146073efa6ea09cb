import type { Counts, OutcomeCounts } from './outcomes';

/**
 * Every payload that travels between the schedule, the states and the links. The state machine's test feeds
 * `statemachine/worker-chains.asl.json` with these types.
 */

/**
 * Input of the execution, as a schedule or a person writes it. At most one of `ids`, `unprocessedOf`, `inDoubtOf`,
 * `resume` names the items; with none of them the job's source knows by itself.
 */
export interface RunInput {
  /** Name of the job, as its author defined it. */
  readonly job: string;
  /** What the job's source is to cover: for an id range `{first, last}`, both inclusive; or an explicit list of ids. */
  readonly ids?: IdRange | readonly ItemId[];
  /** Process only the items that this earlier run left unprocessed. */
  readonly unprocessedOf?: string;
  /** Process only the items that this earlier run left in doubt: they may already have been processed once. */
  readonly inDoubtOf?: string;
  /** Go on with this earlier run, from the ledger. */
  readonly resume?: string;
  /** The scheduled moment that this run serves, ISO 8601. Served at most once per job. @default - a run outside the schedule */
  readonly scheduledFor?: string;
  /**
   * Which schedule of the job set that moment, 1 to 64 letters, digits, `-` and `_`: the same moment of two schedules is two
   * occurrences. Only beside `scheduledFor`. @default - the job has one schedule
   */
  readonly schedule?: string;
  /** Number of chains, 1 to 40, or to 100 where the deployment's `mapMode` is 'distributed'. @default - as many as the rate needs, given the job's `itemSeconds`: for mails one for every 50 per second */
  readonly chains?: number;
  /** Items per second for the whole run. @default - a share of the provider's sending rate */
  readonly rate?: number;
  /** Its part of what runs of one priority share at a provider, above 0 to 1000: with 2 a run has twice as much as with 1. @default - 1 */
  readonly weight?: number;
  /**
   * A whole number from -100 to 100: at a provider, runs of a higher priority have what they can use, those of a lower one
   * the rest, and at least 5 % of it. @default - 0
   */
  readonly priority?: number;
  /** Seconds that a link works before it hands over, 1 to 900. @default - what the deployment allows, which is the most in any case */
  readonly linkSeconds?: number;
  /** Items that a chain may have claimed at a time, 1 to 100. @default - its work of twice `itemSeconds`, 25 to 100: for mails half a second's */
  readonly chunkItems?: number;
  /** Start even if the 24-hour sending quota will not do: the run then fails at the quota and can be redriven. @default - false */
  readonly allowPartial?: boolean;
  /** What happens to items that an interruption left in doubt. @default - 'at-most-once' */
  readonly delivery?: Delivery;
  /**
   * Goes through everything but the effects: mails are composed and checked but not sent, calls are not made and resolve
   * with `undefined`. Serves no occurrence, so not beside `scheduledFor`. @default - false
   */
  readonly dryRun?: boolean;
}

/** A user id: a safe integer or a string of 1 to 256 characters. */
export type ItemId = number | string;

/** `[first, last]`, both inclusive; `last = first - 1` is the empty range. */
export interface IdRange {
  readonly first: number;
  readonly last: number;
}

export type Delivery = 'at-most-once' | 'at-least-once';

/** State `CreateWorkers` → Lambda. */
export interface CreateWorkersEvent {
  readonly executionArn: string;
  readonly executionName: string;
  /** How often the execution has been redriven; absent in executions that an earlier version started. */
  readonly redriveCount?: number;
  readonly input: unknown;
}

/** What `CreateWorkers` answers: the whole state that the execution carries. */
export interface CreateWorkersResult {
  readonly runId: string;
  /** Added to an attempt's number, so that a resumed run fences out every attempt of the execution before it. */
  readonly epochBase: number;
  /** Seconds of silence after which Step Functions takes a chain for interrupted. */
  readonly heartbeatSeconds: number;
  /** Upper bound for one attempt of a chain in seconds, the same at every rate: see `LONGEST_RUN_SECONDS`. */
  readonly chainTimeoutSeconds: number;
  /** Chain numbers, 0 to n-1. */
  readonly chains: readonly number[];
  /** Where these are to run the canary of the run, and no more. */
  readonly canary?: {
    /** Between its last item and its judgement. */
    readonly feedbackSeconds: number;
  };
}

/** State `JudgeCanary` → Lambda, which answers as `CreateWorkers` does: the chains go on with everybody else. */
export interface JudgeCanaryEvent {
  readonly runId: string;
  /** The least epoch of the execution since it was last redriven. */
  readonly epoch: number;
}

/** State `RunChain` → link 0, and each link → its successor. */
export interface LinkEvent {
  /** Of whoever sent it: a state machine, or the link before; see `EVENT_VERSION`. @default - 0 */
  readonly version?: number;
  readonly runId: string;
  readonly chainId: number;
  readonly epoch: number;
  readonly link: number;
  readonly taskToken: string;
}

/** What the function of chains answers. Lambda drops it, as it does all answers of asynchronous invocations. */
export interface LinkAnswer {
  /** A `LinkEnd`. */
  readonly end: string;
  /** Items that came out in this link. */
  readonly settled: OutcomeCounts;
}

/** A chain's answer through its task token, under 300 bytes. */
export interface ChainResult extends OutcomeCounts {
  readonly chainId: number;
  readonly links: number;
}

/** What `RunChains` keeps of a chain that did not end well: the state `ChainUnfinished` writes it. */
export interface UnfinishedChain {
  readonly chainId: number;
  readonly unfinished: string;
}

/** State `ReconcileRun` → Lambda. */
export interface ReconcileRunEvent {
  readonly runId: string;
  /** The least epoch of the execution since it was last redriven; absent in executions that an earlier version started. */
  readonly epoch?: number;
  /**
   * When the execution was last redriven, or else started, ISO 8601. Only where chains are executions of their own: there
   * a chain's epoch may lag behind. @default - epochs tell alone what belongs to the present round
   */
  readonly roundSince?: string;
}

/** What `ReconcileRun` answers, and the execution's output. */
export interface RunReport extends Counts {
  readonly runId: string;
  readonly job: string;
  /** Nothing was sent and nobody was called: what is done would have been done. Absent in a run that was none. */
  readonly dryRun?: true;
  /** Items that the source had when the run was planned, where it knew the number. */
  readonly planned?: number;
  /** About how many there were then, where it did not. */
  readonly estimated?: number;
  /** Items that the source gave: every one of them has an outcome. */
  readonly given: number;
  /** By how many fewer than planned: rows went while the run was on. */
  readonly gone: number;
  /** By how many more than planned: rows came while the run was on. */
  readonly added: number;
  /** Of the items that are done, the ones that were in doubt until a `Send` event proved it. Absent where there are none. */
  readonly settledByEvidence?: number;
  /** Mails that bounced for good by the time of the proof. Absent where nobody listens to that. */
  readonly bounced?: number;
  /** The same of complaints. */
  readonly complained?: number;
  readonly chains: number;
  readonly links: number;
  /** From the run's creation to its first proof, in seconds with one decimal. */
  readonly elapsedSeconds: number;
  /** The ten most frequent error codes among the items that are unprocessed or in doubt, each with up to three example ids. */
  readonly topErrors: readonly TopError[];
}

export interface TopError {
  readonly code: string;
  readonly count: number;
  readonly exampleIds: readonly ItemId[];
}
