import { randomUUID } from 'node:crypto';
import type { ItemId } from '../contract/payloads';
import { RECORD_VERSION } from '../contract/versions';
import type { LedgerTable } from './ledger-table';
import type { ClaimedItem } from './records';
import { ABSENT } from './write-conditions';

/** What a mail provider says of a mail after it has taken it; `accepted` proves that it did. */
export const FEEDBACK_KINDS = ['accepted', 'bounced', 'soft-bounced', 'complained', 'rejected', 'delayed'] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

/** One thing that was said of the mail of one item. */
export interface MailEvent {
  readonly runId: string;
  readonly chainId: number;
  readonly chunk: number;
  readonly index: number;
  /** Undefined where the id was too long for a tag. */
  readonly id?: ItemId;
  /** Stands for the id. */
  readonly itemTag: string;
  readonly messageId: string;
  readonly kind: FeedbackKind;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
  /** The provider's own words of why, short and without personal data. */
  readonly detail?: string;
  /** Seconds since the epoch: DynamoDB's time to live. */
  readonly expiresAt: number;
}

/** How often each thing was said, of different mails. */
export type FeedbackCounts = Readonly<Partial<Record<FeedbackKind, number>>>;

/** Where a page of events ends: chain, chunk, index in the chunk, and kind. */
export const EVENT_POSITION = /^mail#\d{4,}#\d{9,}#\d{3,}#[\w-]+$/;

/** The records of what became of a run's mails. */
export class Feedback {
  constructor(private readonly table: LedgerTable) {}

  /** Keeps what was said of a mail, and counts it. False if it was known: events come twice. */
  async note(event: MailEvent): Promise<boolean> {
    const key = eventKey(event);
    // Known again by it after an answer that was lost: else nobody would count the event.
    const noted = randomUUID();
    const isMine = (stored: object) => (stored as { readonly noted?: string }).noted === noted;
    const { written } = await this.table.put(key, { ...event, noted, version: RECORD_VERSION }, ABSENT, isMine);
    // Counted after that: a count that is lost with its writer is one too few, and the list is what reports go by.
    if (written) await this.table.add(countsKey(event.runId), { [event.kind]: 1 }, { expiresAt: event.expiresAt });
    return written;
  }

  /** What was counted so far; at times one or two less than the list has. */
  async counts(runId: string): Promise<FeedbackCounts> {
    const stored = (await this.table.get(countsKey(runId))) ?? {};
    return Object.fromEntries(
      FEEDBACK_KINDS.filter((kind) => typeof stored[kind] === 'number').map((kind) => [kind, stored[kind] as number]),
    );
  }

  /** One page of what was said of a run's mails. May be empty before the end, which has no `next`. */
  async list(
    runId: string,
    page: { readonly after?: string; readonly limit?: number } = {},
  ): Promise<{ readonly events: readonly MailEvent[]; readonly next?: string }> {
    const { items, next } = await this.table.query(partitionOf(runId), 'mail#', page);
    return { events: items.map(eventOf), ...(next !== undefined && { next }) };
  }

  /** Which of these claimed items the provider is known to have accepted the mails of, with what proves it. */
  async evidenceOf(
    runId: string,
    chainId: number,
    items: readonly ClaimedItem[],
  ): Promise<ReadonlyMap<ClaimedItem, MailEvent>> {
    const proven = new Map<ClaimedItem, MailEvent>();
    await Promise.all(
      items.map(async (item) => {
        const { chunk, index } = item;
        const stored = await this.table.get(eventKey({ runId, chainId, chunk, index, kind: 'accepted' }));
        if (stored) proven.set(item, eventOf(stored));
      }),
    );
    return proven;
  }
}

function partitionOf(runId: string): string {
  return `feedback#${runId}`;
}

function countsKey(runId: string) {
  return { pk: partitionOf(runId), sk: 'counts' };
}

function eventKey({
  runId,
  chainId,
  chunk,
  index,
  kind,
}: Pick<MailEvent, 'runId' | 'chainId' | 'chunk' | 'index' | 'kind'>) {
  const place = [String(chainId).padStart(4, '0'), String(chunk).padStart(9, '0'), String(index).padStart(3, '0')];
  return { pk: partitionOf(runId), sk: `mail#${place.join('#')}#${kind}` };
}

function eventOf(stored: object): MailEvent {
  const {
    pk: _pk,
    sk: _sk,
    version: _version,
    noted: _noted,
    ...event
  } = stored as MailEvent & Record<'pk' | 'sk' | 'version' | 'noted', unknown>;
  return event;
}
