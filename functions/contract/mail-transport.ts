import type { MailTrace, SentMail } from './email';

/** A mail as bytes, ready to be handed over. */
export interface OutgoingMail {
  /** The address, in the form that mail services take. */
  readonly to: string;
  /** The address in `From`. */
  readonly from: string;
  /** The MIME message. */
  readonly raw: Uint8Array;
  /** By what mailbox providers tell its complaints apart: see `Email.feedbackIds`. @default - nothing of ours */
  readonly feedbackIds?: readonly string[];
  /** Of which item it is. @default - of none: it is not traced */
  readonly trace?: MailTrace;
}

/** Whoever takes mails: Amazon SES v1, by `SesTransport`. */
export interface MailTransport {
  /**
   * Makes one attempt, and no second one: a repeated timeout would be a second mail. Resolves when the mail was accepted.
   *
   * @throws Refusal where it was not, or where that is not known
   */
  send(mail: OutgoingMail): Promise<SentMail>;
}
