import type { Email } from '../contract/email';
import { addOutcome, type Counts, type ItemOutcome, NO_COUNTS } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import type { Cursor } from '../contract/source';
import type { SampleMail, SurveyedItems } from '../contract/survey-event';
import { ErrorTally } from '../run/error-tally';

/** What a survey has seen of the items of one request. */
export class Findings {
  items = 0;
  private counts: Counts = NO_COUNTS;
  private readonly errors = new ErrorTally();
  private readonly recipients: string[] = [];
  /** Items by the addresses that they mail to: two mails of one item to one address are no two items. */
  private readonly mailed = new Set<string>();
  private readonly samples: SampleMail[] = [];
  private readonly calls = new Map<string, number>();
  private readonly closed = new Map<string, number>();

  /** @param mostSamples mails that are kept whole */
  constructor(private readonly mostSamples: number) {}

  /** A mail that would be sent. */
  noteMail(id: ItemId, email: Email, recipient: string, raw: Uint8Array): void {
    const mailed = JSON.stringify([id, recipient]);
    if (!this.mailed.has(mailed)) this.recipients.push(recipient);
    this.mailed.add(mailed);
    if (this.samples.length < this.mostSamples) {
      this.samples.push({ id, email, raw: Buffer.from(raw).toString('base64') });
    }
  }

  /** A call that would be made. */
  noteCall(provider: string): void {
    this.calls.set(provider, (this.calls.get(provider) ?? 0) + 1);
  }

  /** When the window of an item opens, in milliseconds since the epoch; undefined where it is open. */
  noteOpening(opensAt: number | undefined): void {
    if (opensAt !== undefined) this.closed.set(String(opensAt), (this.closed.get(String(opensAt)) ?? 0) + 1);
  }

  noteOutcome(id: ItemId, outcome: ItemOutcome): void {
    this.items += 1;
    // It would go on with a call that was not made.
    this.counts = addOutcome(this.counts, outcome.outcome === 'carried' ? { outcome: 'done' } : outcome);
    if (outcome.outcome === 'unprocessed' || outcome.outcome === 'in-doubt') this.errors.note(outcome.code, id);
  }

  answer(next: Cursor | undefined): SurveyedItems {
    const { items, counts, recipients, samples, calls, closed } = this;
    return {
      ...{ items, counts, recipients, samples },
      errors: this.errors.top(),
      calls: Object.fromEntries(calls),
      ...(closed.size > 0 && { closed: Object.fromEntries(closed) }),
      ...(next !== undefined && { next }),
    };
  }
}
