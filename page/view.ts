/**
 * What the page shows, as plain JSON. The engine fills it in through `PageSource`; the browser code in `client` reads it.
 * All times are ISO 8601 in UTC unless a comment says otherwise.
 */

import type { Leftover, OutcomeCounts } from '../functions/contract/outcomes';
import type { Cursor } from '../functions/contract/source';
import type { ChainStatus } from '../functions/contract/status';
import type { Delta } from './delta';

export interface RunView {
  /**
   * The engine's clock when the view was taken. The page measures every elapsed time against it, never against its own
   * clock.
   */
  readonly now: string;
  /** `null` until an execution has started. */
  readonly execution: ExecutionView | null;
  /** Its run has no effects. Absent in any other, and until the run is planned. */
  readonly dryRun?: true;
  /** The top-level states in the order of the state machine. */
  readonly states: readonly StateView[];
  readonly chains: readonly ChainView[];
  readonly totals: TotalsView;
  /** How far the run was when it was looked at, in the order of time; empty until it is planned. At most some hundreds. */
  readonly throughput: readonly ThroughputSample[];
  /** Items are unprocessed or in doubt: the shell command that lists them. */
  readonly leftoversCommand?: string;
  /**
   * The execution has ended without success, or the run is paused: the shell command with which it goes on. Absent where
   * nothing need be done.
   */
  readonly goOnCommand?: string;
  /** What a person must know who trusts the figures, in a sentence: AWS throttles the questions. Absent where all is well. */
  readonly notice?: string;
  /** For so long an answer is the same: it is not worth while to ask earlier. Absent where asking costs next to nothing. */
  readonly freshMilliseconds?: number;
  /** What the bars of links cannot tell, in a sentence. Absent where they are whole. */
  readonly linksNotice?: string;
  /** Absent where nobody knows. */
  readonly logs?: ChainLogs;
  /** Every execution that can be shown, whoever started it: newest first, at most 100. */
  readonly executions: readonly ExecutionSummary[];
  /** Addresses of the embedded services by name, to copy: `{ StepFunctions: 'http://127.0.0.1:4566' }`. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/** The run, or what has changed of it. */
export type RunUpdate = WholeRun | RunChanges;

export interface WholeRun {
  /** Names this answer. */
  readonly version: string;
  readonly run: RunView;
}

export interface RunChanges {
  readonly version: string;
  /** The answer that the changes are changes of. */
  readonly since: string;
  /** Absent where nothing has changed. */
  readonly changes?: Delta;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionView {
  readonly arn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: string;
  readonly stopDate?: string;
  /** Parsed JSON. */
  readonly input: unknown;
  /** Parsed JSON: a `RunReport` when the run succeeded. */
  readonly output?: unknown;
  /** Error code and cause as Step Functions reports them. */
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
}

export interface ExecutionSummary {
  readonly arn: string;
  readonly name: string;
  /** Name of the state machine. */
  readonly stateMachine: string;
  /** From its input. */
  readonly job?: string;
  readonly status: ExecutionStatus;
  readonly startDate: string;
  readonly stopDate?: string;
  readonly redriveCount: number;
  /** Told a little later where there are many. */
  readonly startedBy?: Starter;
  /** What came out by now of its run, of so many items as far as they are known. Absent where it has planned none. */
  readonly items?: OutcomeCounts & { readonly planned: number };
}

/** What started an execution, as its input tells. */
export type Starter =
  | { readonly kind: 'hand' }
  /** Its occurrence, ISO 8601, and which of several schedules. */
  | { readonly kind: 'schedule'; readonly scheduledFor: string; readonly schedule?: string }
  /** A person or a page had it go on with a run, or take up what one has left. */
  | { readonly kind: 'resumption' | 'retry' | 'in-doubt'; readonly of: string };

export type StateStatus = 'waiting' | 'running' | 'succeeded' | 'failed' | 'caught' | 'aborted';

export interface StateView {
  readonly name: string;
  /** As the state machine spells it: `Task`, `Map`, `Choice`, … */
  readonly type: string;
  readonly status: StateStatus;
  /** Names of the states that may follow, the usual one first. Empty: the execution may end here. */
  readonly next: readonly string[];
  readonly enteredAt?: string;
  readonly exitedAt?: string;
  /** One short line about the state, for instance a Choice's decision. */
  readonly detail?: string;
  /** Of a Map state that was entered. */
  readonly iterations?: IterationCounts;
}

export interface IterationCounts {
  readonly total: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly aborted: number;
}

export interface ChainView extends OutcomeCounts {
  readonly chainId: number;
  readonly status: ChainStatus;
  /** When a parked chain goes on. Absent for every other. */
  readonly parkedUntil?: string;
  /** The partition `[start, end)`. */
  readonly start: Cursor;
  readonly end: Cursor;
  /** Number of items in the partition, as far as it is known by now. */
  readonly items: number;
  readonly isEstimate: boolean;
  readonly itemsPerSecond: number;
  /** Refusals for the sending rate so far. */
  readonly throttles: number;
  readonly epoch: number;
  /** Why its last attempt gave up: a code and a sentence. Absent unless it is interrupted. */
  readonly lastError?: string;
  /** Links that have held the chain, as the ledger counts them. */
  readonly linksClaimed: number;
  /** In the order in which they started. */
  readonly links: readonly LinkView[];
}

/** How the invocation of a link ended. */
export type LinkOutcome = 'returned' | 'threw' | 'timed-out' | 'died';

export interface LinkView {
  /** Number of the link within its epoch, from 0. */
  readonly link: number;
  readonly epoch: number;
  /** It stands for the links after it, too, up to the next one that is listed: nobody saw where one handed over. */
  readonly severalLinks?: true;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly startedAt: number;
  /** Milliseconds since 1970-01-01T00:00:00Z. Absent while the link runs. */
  readonly endedAt?: number;
  /** Absent while the link runs. */
  readonly outcome?: LinkOutcome;
  /** Of its invocation, which is in each of its log lines. Absent where nobody saw it. */
  readonly requestId?: string;
  /**
   * What it settled, as it said itself when it returned; on AWS, which keeps no answers, as the ledger was seen to change.
   * Absent where neither is known.
   */
  readonly settled?: OutcomeCounts;
  /** How it ended, in the product's own word: `handed-off`, `finished`, `parked`, `duplicate`, … Absent where `settled` is. */
  readonly end?: string;
}

/** Where the log lines of links are. */
export type ChainLogs =
  /** This server keeps them: `GET /api/logs/<request id>`. */
  { readonly place: 'here' } | { readonly place: 'CloudWatch'; readonly region: string; readonly logGroup: string };

export interface TotalsView extends OutcomeCounts {
  /** Items of all chains, as far as that is known by now; 0 until `CreateWorkers` has planned the run. */
  readonly planned: number;
  /** More may come, or fewer: the source does not know. */
  readonly isEstimate: boolean;
  readonly itemsPerSecond: number;
  readonly throttles: number;
  /**
   * When nothing will be left to do: stays as it is while it is about right. Absent while that cannot be told, and when
   * nothing is left.
   */
  readonly endsAt?: string;
  /** While the run is on: the most that it may do now. Absent before it is planned. */
  readonly rateLimit?: RateLimit;
  /** Mails of the run that SES accepted. Absent where nobody keeps them: they are with their recipients. */
  readonly mails?: number;
  /** `mails` counts those of every run: nobody knows whose they are. */
  readonly mailsOfAllRuns?: true;
  /** About what the run has cost by now. Absent before it is planned, and where nobody may know. */
  readonly cost?: CostView;
}

/** Dollars at the list prices of us-east-1, without free tiers. */
export interface CostView {
  /** Of Lambda, the ledger, Step Functions, logs and metrics. */
  readonly dollars: number;
  /** Of the mails themselves. */
  readonly mailDollars: number;
}

/** What is left over of a run. */
export interface LeftoversView {
  /** The most frequent first. */
  readonly groups: readonly LeftoverGroup[];
  /** Otherwise there are more than could be read at once. */
  readonly isWhole: boolean;
}

/** Items that came out alike. */
export interface LeftoverGroup {
  readonly outcome: Leftover;
  readonly code: string;
  /** What was said of the first of them. */
  readonly message: string;
  readonly items: number;
  /** The first hundred. */
  readonly ids: readonly string[];
  readonly chains: readonly number[];
}

/** What a run may do at the moment. */
export interface RateLimit {
  /** What is set for it, and its part of the provider's budget; 0 pauses it. */
  readonly itemsPerSecond: number;
  /** Of these, the ones that it uses: items that are skipped use none. Absent before the second look at the run. */
  readonly usedPerSecond?: number;
  /** Why it was paused by itself, in a sentence. Absent where somebody paused it, or nobody did. */
  readonly pausedBecause?: string;
  /** Whose rate somebody has set to 0, for all runs: that of the run itself is above. Absent where nobody has. */
  readonly pausedProvider?: string;
  /** Its provider wants no calls before. Absent where it is open. */
  readonly closedUntil?: string;
}

/** How far the run was at a look at it: sums since its beginning. */
export interface ThroughputSample extends OutcomeCounts {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  /** Refusals for the sending rate. */
  readonly throttles: number;
  /** Items per second that the run might do then; 0 while it was paused. Absent where it was not on. */
  readonly allowedPerSecond?: number;
}

/**
 * An event as GetExecutionHistory returns it, with its timestamp in ISO 8601. Its details sit under their own name
 * (`taskScheduledEventDetails`, …).
 */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: string;
  readonly type: string;
  readonly [details: string]: unknown;
}

export interface MailSummary {
  /** Letters, digits and `@ . _ + = -`, at most 200 characters: it becomes part of an address. */
  readonly messageId: string;
  readonly sentAt: string;
  /** `From` and `To` as a reader sees them, encoded words decoded. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** Of which item it was, as its tags tell. Absent of a mail that no chain sent. */
  readonly origin?: MailOrigin;
}

export interface MailOrigin {
  readonly runId: string;
  readonly chainId: number;
  /** Its id, as text. Absent where it is too long for a tag. */
  readonly item?: string;
}

export interface MailDetail extends MailSummary {
  /** Name and decoded value, in the order of the message. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The HTML part as it was sent. The page shows it without scripts. */
  readonly html?: string;
  readonly text?: string;
  /** The whole MIME message. */
  readonly raw: string;
}

export type OperationName = 'stop' | 'redrive' | 'resume' | 'retry' | 'rate';

/**
 * What may be done to runs from the page. Each method answers a sentence of what was done, and rejects with an `Error` whose
 * message says why it was not.
 */
export interface PageOperations {
  stop(executionArn: string): Promise<string>;
  /** Lets the execution itself go on. */
  redrive(executionArn: string): Promise<string>;
  /** Has another execution take up its run. */
  resume(executionArn: string): Promise<string>;
  /** Starts a new run over what its run left unprocessed. What is in doubt stays so. */
  retry(executionArn: string): Promise<string>;
  /** @param itemsPerSecond 0 pauses it */
  rate(executionArn: string, itemsPerSecond: number): Promise<string>;
}

/** What the page asks for. Each method may reject with an `Error`; the page shows its message. */
export interface PageSource {
  /** Newest first, at most 100. */
  executions(): Promise<readonly ExecutionSummary[]>;
  /** @param executionArn @default - the newest of what `dev` started or that was started since */
  run(executionArn?: string): Promise<RunView>;
  /**
   * At most `limit` events with an id greater than `afterEventId`, in the order of their ids.
   *
   * @param executionArn as for `run`
   */
  history(executionArn: string | undefined, afterEventId: number, limit: number): Promise<readonly HistoryEvent[]>;
  /** @param executionArn as for `run` */
  leftovers(executionArn?: string): Promise<LeftoversView>;
  /**
   * Newest first. `search` matches recipient, sender and subject regardless of case, and the whole id of an item; empty finds all. `total` counts
   * every match.
   */
  mails(query: MailQuery): Promise<MailPage>;
  mail(messageId: string): Promise<MailDetail | undefined>;
  /** What an invocation wrote to its log, in its order, as far as it is kept. Absent where `RunView.logs` names another place. */
  log?(requestId: string): readonly string[];
  /** Absent where the page only looks. */
  readonly operations?: PageOperations;
}

export interface MailQuery {
  /** Only those of its run. @default - those of all runs */
  readonly executionArn?: string;
  /** Only those of this chain. @default - those of all chains */
  readonly chainId?: number;
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

export interface MailPage {
  readonly total: number;
  readonly mails: readonly MailSummary[];
}

/** What a file that shows a run on its own brings along instead of a server. */
export interface Recording {
  /** When it was made, ISO 8601. */
  readonly at: string;
  /** Answers of the server by path: `/api/run`. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly events: readonly HistoryEvent[];
}
