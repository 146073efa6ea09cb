import type { SuppressedReason } from './configuration-set';

/** What an account puts on its list where nobody said otherwise: both, since November 2019. */
const EVERY_REASON: readonly SuppressedReason[] = ['BOUNCE', 'COMPLAINT'];

/**
 * The account's suppression list: an address that bounced for good or complained gets no mail any more. SES accepts a
 * mail to it, counts it, and answers with the same kind of event instead of sending it.
 */
export class SuppressionList {
  readonly #reasons = new Map<string, SuppressedReason>();

  add(address: string, reason: SuppressedReason): void {
    this.#reasons.set(canonical(address), reason);
  }

  /** Why the address gets no mail, if so. `reasons` are those that count. */
  reasonFor(address: string, reasons: readonly SuppressedReason[] = EVERY_REASON): SuppressedReason | undefined {
    const reason = this.#reasons.get(canonical(address));
    return reason !== undefined && reasons.includes(reason) ? reason : undefined;
  }
}

function canonical(address: string): string {
  return address.toLowerCase();
}
