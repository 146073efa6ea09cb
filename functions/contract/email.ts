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
  /** Display name of the sender, any script. @default - the name of the deployment's `sender` */
  readonly fromName?: string;
  /** Where answers go, one address. @default - to the sender */
  readonly replyTo?: string;
  /** BCP 47 tag of the language that the mail is in: its `Content-Language`. @default - it does not say */
  readonly language?: string;
  /**
   * Names the list that the mail belongs to for readers that sort by it (RFC 2919): labels joined by dots that end with a
   * domain of yours, `weekly-digest.example.com`. The same in each mail of the list. @default - it does not say
   */
  readonly listId?: string;
  /**
   * By what Gmail's Postmaster Tools tell complaints apart: a campaign, a kind of mail; never a recipient. One or two, each
   * of 1 to 64 letters, digits, `_` or `-`. SES puts them in front of its own in `Feedback-ID`. @default - SES's own alone
   */
  readonly feedbackIds?: readonly string[];
  /**
   * Further headers by name, at most 20: `X-…` (but for `X-SES-…`, which would change how SES sends), `Comments`,
   * `Importance` and `Organization` with a text of at most 1000 characters; `List-Archive`, `List-Help`, `List-Owner` and
   * `List-Subscribe` with an https or mailto address. @default - none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Files that come along. The whole mail has at most 10,485,760 bytes, in which a file takes 1.37 times its own. @default - none */
  readonly attachments?: readonly Attachment[];
}

/** A file that comes along with a mail. */
export interface Attachment {
  /** Any script; a name alone, without a directory. What Windows has in no name (`<>:"|?*`) becomes `_`, a row of spaces one. */
  readonly filename: string;
  /** `application/pdf`: a type and a subtype, no parameters. SES refuses what can be run. */
  readonly contentType: string;
  /** Bytes, or a text, which becomes UTF-8; of `text/…` the mail says so. Held in memory as a whole: there is no stream. */
  readonly content: Uint8Array | string;
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

/**
 * Where a mail comes from, as far as it is asked whether it may be sent. Each mail has an object of its own, the same at each of
 * its attempts.
 */
export interface MailOrigin extends MailTrace {
  /** The run that the item comes from in the end: another one than `runId` where that one takes up leftovers. */
  readonly root: string;
  /** Until when the run is kept, in seconds since the epoch. */
  readonly expiresAt: number;
  /** Its item has got something that it must not get again, and is to get the rest, too. @default - false */
  readonly isBegun?: boolean;
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
export type SendMail = (email: Email, origin: MailOrigin) => Promise<SentMail>;

/** Does with a mail all that is done before it is handed over, and no more. Rejects with a `Refusal` where it would not be. */
export type RehearseMail = (email: Email, origin: MailOrigin) => Promise<void>;
