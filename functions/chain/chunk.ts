import { errorName } from '../contract/aws-errors';
import type { Email } from '../contract/email';
import { Refusal } from '../contract/errors';
import { isSkip, type Job } from '../contract/job';
import { keptCode, keptMessage, keptReason } from '../contract/kept-text';
import type { ItemOutcome, Leftover } from '../contract/outcomes';
import type { Delivery, ItemId } from '../contract/payloads';
import type { ClaimedItem } from '../ledger/records';
import type { Lease } from './lease';
import type { Pace } from './pace';

/** Tries of an effect whose answer stays open, when a second delivery is preferred to none. */
const AMBIGUOUS_TRIES = 3;
/** A part of an unsubscribe link's path that is a token, not a word. */
const TOKEN = /^(?=.*\d).{8,}$/;

export interface ChunkOptions {
  readonly job: Job;
  readonly items: readonly ClaimedItem[];
  readonly data: ReadonlyMap<ItemId, unknown>;
  readonly pace: Pace;
  readonly lease: Pick<Lease, 'held'>;
  /** Whether an item that was claimed with these may be started yet. @default - as long as the lease is held */
  readonly mayStart?: () => boolean;
  readonly delivery: Delivery;
  /** The job's effect: one attempt, which rejects with a `Refusal`. */
  readonly send: (email: Email) => Promise<void>;
  /** The daily quota is spent: nothing more is to be started. */
  readonly onQuotaExhausted: () => void;
  /** Told of every item, with the outcome that it will have; the promise never rejects. */
  readonly onItem: (item: ClaimedItem, outcome: Promise<ItemOutcome>) => void;
}

/**
 * Starts claimed items in order, each when the pace permits and the lease holds. Resolves when the last one was started,
 * or none will be any more: then the rest is carried.
 */
export async function startItems(options: ChunkOptions): Promise<void> {
  const { items, pace, lease, mayStart = () => lease.held(), onItem } = options;
  let goesOn = true;
  for (const item of items) {
    if (goesOn && (await pace.permit())) {
      goesOn = mayStart();
      if (!goesOn) pace.refund();
    } else goesOn = false;
    onItem(item, goesOn ? processItem(item.id, options) : Promise.resolve({ outcome: 'carried' }));
  }
}

/** The chunk was interrupted between a refusal and the next attempt: nothing happened for this item. */
class Interrupted extends Error {}

async function processItem(id: ItemId, options: ChunkOptions): Promise<ItemOutcome> {
  const data = options.data.get(id);
  if (data === undefined) {
    options.pace.refund();
    return { outcome: 'skipped', reason: 'not-found' };
  }
  const effects = new Effects(options);
  let result: unknown;
  let thrown: unknown;
  try {
    result = await options.job.process(data, { id, send: (email) => effects.send(email) });
  } catch (error) {
    thrown = error || new Error(`The job threw ${String(error)}.`);
  }
  await effects.settled();
  return effects.judge(result, thrown);
}

/** Of a mail as the job made it, which may be anything. */
type Personal = Readonly<Record<'to' | 'unsubscribeUrl', unknown>>;

/** The effects of one item, and what they say about its outcome whatever the job makes of their errors. */
class Effects {
  private readonly attempts: Promise<void>[] = [];
  private succeeded = 0;
  private closed = false;
  private readonly failures: unknown[] = [];
  /** What of the mails no message may repeat. */
  private readonly personal: Personal[] = [];

  constructor(private readonly options: ChunkOptions) {}

  send(email: Email): Promise<void> {
    // Nobody would hear of what came of it.
    if (this.closed) return Promise.reject(new Error('Expected every send before the item is settled: await it.'));
    this.personal.push({ to: email?.to, unsubscribeUrl: email?.unsubscribeUrl });
    const attempt = this.untilAnswered(email, this.attempts.length === 0);
    // Observed here too, so that a job which does not await its send loses neither the outcome nor the process.
    this.attempts.push(
      attempt.then(
        () => {
          this.succeeded += 1;
        },
        (error) => {
          this.failures.push(error);
        },
      ),
    );
    return attempt;
  }

  /** Waits for every send, those included that a send led to. */
  async settled(): Promise<void> {
    for (let seen = -1; seen < this.attempts.length; ) {
      seen = this.attempts.length;
      await Promise.all(this.attempts);
    }
    this.closed = true;
  }

  judge(result: unknown, thrown: unknown): ItemOutcome {
    const ambiguous = this.failures.find((error) => error instanceof Refusal && error.kind === 'ambiguous');
    if (ambiguous) return this.failed('in-doubt', ambiguous);
    const failure = thrown ?? this.failures[0];
    // The item got part of what it was to get. To do it again would repeat that part.
    if (failure && this.succeeded > 0) return this.failed('in-doubt', failure);
    const quotaExhausted = this.failures.find((error) => error instanceof Refusal && error.kind === 'quota-exhausted');
    if (quotaExhausted) return { outcome: 'carried', quotaExhausted: this.message(quotaExhausted) };
    if (this.failures.some((error) => error instanceof Interrupted)) return { outcome: 'carried' };
    if (isSkip(result)) {
      if (this.attempts.length === 0) this.options.pace.refund();
      return { outcome: 'skipped', reason: keptReason(result.reason) };
    }
    return failure ? this.failed('unprocessed', failure) : { outcome: 'done' };
  }

  private failed(outcome: Leftover, error: unknown): ItemOutcome {
    const code = keptCode(isRefusal(error) ? error.code : errorName(error));
    return { outcome, code, message: this.message(error) };
  }

  private message(error: unknown): string {
    return keptMessage(error, this.personal.flatMap(secretsOf));
  }

  /**
   * A throttle is a definite refusal: it slows the chain down and is tried again, under the pace. An open answer is
   * final, unless the run is to deliver at least once.
   */
  private async untilAnswered(email: Email, hasPermit: boolean): Promise<void> {
    const { pace, lease, send, onQuotaExhausted, delivery } = this.options;
    let ambiguousTriesLeft = delivery === 'at-least-once' ? AMBIGUOUS_TRIES - 1 : 0;
    for (let permitted = hasPermit; ; permitted = false) {
      if (!permitted && !(await pace.permit())) throw new Interrupted('The link ended before the item was sent.');
      if (!lease.held()) throw new Interrupted('The lease was lost before the item was sent.');
      try {
        return await send(email);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.kind === 'quota-exhausted') onQuotaExhausted();
        if (error.kind === 'throttled') pace.throttled();
        else if (error.kind !== 'ambiguous' || ambiguousTriesLeft-- === 0) throw error;
      }
    }
  }
}

function isRefusal(error: unknown): error is Refusal {
  try {
    return error instanceof Refusal;
  } catch {
    // A job may throw anything, a revoked proxy too.
    return false;
  }
}

/** The recipient's address, the unsubscribe link, and what in it tells one recipient from another: their token. */
function secretsOf({ to, unsubscribeUrl }: Personal): readonly string[] {
  const texts: unknown[] = [to, unsubscribeUrl];
  if (typeof unsubscribeUrl === 'string' && URL.canParse(unsubscribeUrl)) {
    const { href, pathname, searchParams } = new URL(unsubscribeUrl);
    texts.push(href, ...searchParams.values(), ...pathname.split('/').filter((part) => TOKEN.test(part)));
  }
  return texts.filter((text) => typeof text === 'string');
}
