import type { Canary } from './canary';
import type { Email } from './email';
import type { Counts } from './outcomes';
import type { ItemId, RunInput, TopError } from './payloads';
import type { SendWindow } from './send-window';
import type { Cursor, Partition, SourcePlan } from './source';
import type { Ramp } from './warm-up';

/**
 * What the chain function is asked, beside running links, so that a run can be planned: it looks at the job's real source
 * and data, with the permissions of a link, and neither sends nor calls anything, nor writes to the ledger.
 */
export interface SurveyEvent {
  readonly survey: OutlineRequest | ItemsRequest;
}

/** Asks what a run of this input would cover, and what its providers would let it do. */
export interface OutlineRequest {
  readonly step: 'outline';
  readonly input: unknown;
  /** Into how many parts the source is to be split, 1 or more. */
  readonly parts: number;
}

/** Asks how a stretch of the items would come out. */
export interface ItemsRequest {
  readonly step: 'items';
  readonly input: unknown;
  /** As the outline had it. */
  readonly plan: SourcePlan;
  readonly cursor: Cursor;
  readonly end: Cursor;
  /** Items to look at, at most. */
  readonly limit: number;
  /** How many of the mails are to come back whole. */
  readonly samples: number;
}

/** What a run of an input would be. */
export interface Outline {
  readonly job: string;
  readonly input: RunInput;
  readonly plan: SourcePlan;
  readonly parts: readonly Partition[];
  /** Items per second of such a run, while nobody else uses its providers. */
  readonly rate: number;
  /** Why it could not have that rate. Absent where it can. */
  readonly refused?: string;
  readonly chains: number;
  readonly chunkItems: number;
  readonly linkSeconds: number;
  /** Share of the items that may fail, 0 to 1. */
  readonly tolerated: number;
  readonly sendsMail: boolean;
  /** `mail.sameAddress` of the job. @default - 'send' */
  readonly sameAddress?: 'send' | 'skip';
  /** Share of the provider's rate and of the 24-hour quota that runs may use. */
  readonly sendShare: number;
  /** Items per second that the provider of the items accepts. */
  readonly quotaPerSecond: number;
  /** Mails within 24 hours; null where there is no such quota. */
  readonly quotaPerDay: number | null;
  readonly usedToday: number;
  /** The share of the items that would go first. Absent where all of them go at once. */
  readonly canary?: Required<Canary>;
  /** Where the domain of the mails is in its warm-up. Absent where it has none, or has it behind it. */
  readonly ramp?: Ramp;
  /** In which hours its items would be started. Absent where at any time. */
  readonly hours?: PlannedHours;
}

/** The send window of a job, as JSON. */
export interface PlannedHours extends Pick<SendWindow, 'from' | 'until' | 'zone' | 'days'> {
  /** Each item has those of a time zone of its own. */
  readonly areOwn: boolean;
}

/** How a stretch of items would come out: `done` are those that would get all of their effects. */
export interface SurveyedItems {
  readonly items: number;
  readonly counts: Counts;
  readonly errors: readonly SurveyedError[];
  /** For each item and each address that it mails to, a hash of the address: the same address twice is seen by it. */
  readonly recipients: readonly string[];
  readonly samples: readonly SampleMail[];
  /** Calls that would be made, by provider; mails not included. */
  readonly calls: Readonly<Record<string, number>>;
  /**
   * Where items have hours of their own: how many of these could not be started now, by when their windows open, in
   * milliseconds since the epoch. Absent where there are none.
   */
  readonly closed?: Readonly<Record<string, number>>;
  /** Where to go on; absent at the end. */
  readonly next?: Cursor;
}

/** An error with which items would come out. */
export interface SurveyedError extends TopError {
  /** What it says, some of it where it says several things. Absent from functions of before. */
  readonly messages?: readonly string[];
}

/** A mail as its item would get it. */
export interface SampleMail {
  readonly id: ItemId;
  readonly email: Email;
  /** The MIME message, base64. */
  readonly raw: string;
}
