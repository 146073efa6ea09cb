import type { ItemId } from './payloads';

/** A mail to one recipient, before MIME. */
export interface Email {
  /** One address, `user@example.com`. */
  readonly to: string;
  /** Display name of the recipient, any script. */
  readonly toName?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Address of the one-click unsubscribe endpoint for this recipient (RFC 8058), https. */
  readonly unsubscribeUrl: string;
}

/** Of which item of which run a mail is, and where in its chain: what the provider's events about it are traced home by. */
export interface MailTrace {
  readonly runId: string;
  readonly id: ItemId;
  readonly chainId: number;
  /** Number of the chunk that the item was claimed with, within its chain. */
  readonly chunk: number;
  /** Position in that chunk, from 0. */
  readonly index: number;
}

/** Whom an unsubscribe link is for. */
export interface UnsubscribeRecipient {
  /** The address that the mail goes to. */
  readonly to: string;
  /** BCP 47: the language of the page. @default - English */
  readonly locale?: string;
}

/** A mail that its provider has accepted. */
export interface SentMail {
  /** The provider's own id of it. */
  readonly messageId: string;
}

/** Makes one attempt to send a mail. Rejects with a `Refusal`. */
export type SendMail = (email: Email, trace: MailTrace) => Promise<SentMail>;
