import { deflateRawSync, inflateRawSync } from 'node:zlib';
import PostalMime, { decodeWords } from 'postal-mime';
import type { AcceptedMail } from './accepted-mail';
import { type MailFile, openMailFile } from './mail-file';
import type { MessageTag } from './message-tags';
import { readTitles } from './raw-message';

export interface MailSummary {
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Display name and address, decoded. */
  readonly from: string;
  readonly destinations: readonly string[];
  readonly subject: string;
  readonly rawBytes: number;
  readonly tags: readonly MessageTag[];
}

/** A mail opened. */
export interface MailDetail extends MailSummary {
  /** Name and decoded value, in the message's order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly html?: string;
  readonly text?: string;
  /** The message's source. */
  readonly raw: Buffer;
}

export interface ListMailsOptions {
  /** Only mails with this text in their subject, sender, destinations or message id, whatever its case. */
  readonly search?: string;
  /** And these, whatever their text. @default - none */
  readonly orWhere?: (mail: MailSummary) => boolean;
  /** Of all of these only such. @default - all of them */
  readonly where?: (mail: MailSummary) => boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface InboxOptions {
  /**
   * File that keeps the mails, one JSON line each; read when the inbox opens. A line that a killed process left
   * unfinished is cut off. @default - in memory only
   */
  readonly appendTo?: string;
}

interface StoredMail extends MailSummary {
  readonly packed: Buffer;
}

/**
 * Every mail that the embedded SES accepted. Messages are kept deflated, because mails of one job are mostly the same
 * markup, and parsed when they are opened: 60,000 digests take about 190 MB.
 */
export class Inbox {
  readonly #mails: StoredMail[] = [];
  readonly #byId = new Map<string, StoredMail>();
  readonly #file: MailFile | undefined;

  constructor(options: InboxOptions = {}) {
    if (options.appendTo === undefined) return;
    this.#file = openMailFile(options.appendTo);
    for (const mail of this.#file.read()) this.#keep(mail);
  }

  get size(): number {
    return this.#mails.length;
  }

  add(mail: AcceptedMail): MailSummary {
    this.#file?.append(mail);
    return this.#keep(mail);
  }

  /** Newest first. `total` counts what the search found. */
  list({ search = '', orWhere = () => false, where = () => true, offset, limit }: ListMailsOptions): {
    readonly total: number;
    readonly mails: MailSummary[];
  } {
    const wanted = search.trim().toLowerCase();
    const isFound = (mail: StoredMail) => wanted === '' || searchable(mail).includes(wanted) || orWhere(mail);
    const found = this.#mails.filter((mail) => where(mail) && isFound(mail));
    const end = Math.max(0, found.length - offset);
    const mails = found.slice(Math.max(0, end - limit), end).reverse();
    return { total: found.length, mails: mails.map(summary) };
  }

  /** Oldest first, without the first `leftOut`. */
  *summaries(leftOut = 0): Generator<MailSummary> {
    for (let index = leftOut; index < this.#mails.length; index++) yield summary(this.#mails[index] as StoredMail);
  }

  async get(messageId: string): Promise<MailDetail | undefined> {
    const mail = this.#byId.get(messageId);
    if (!mail) return undefined;
    const raw = inflateRawSync(mail.packed);
    const { headers, html, text } = await PostalMime.parse(raw);
    return {
      ...summary(mail),
      headers: headers.map(({ originalKey, value }) => [originalKey, decodeWords(value)] as const),
      html,
      text,
      raw,
    };
  }

  /** Mails by destination: above 1 where an address was mailed more than once. */
  countByRecipient(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const address of this.#mails.flatMap((mail) => mail.destinations)) {
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    return counts;
  }

  /** Closes the file, if there is one. */
  close(): void {
    this.#file?.close();
  }

  #keep({ messageId, sentAt, destinations, raw, tags = [] }: AcceptedMail): MailSummary {
    const { from, subject } = readTitles(raw);
    const mail: StoredMail = {
      messageId,
      sentAt,
      from: decodeWords(from),
      destinations: [...destinations],
      subject,
      rawBytes: raw.length,
      tags: [...tags],
      // A copy, because what zlib returns is a window on a buffer of 16 KiB.
      packed: Buffer.from(deflateRawSync(raw, { level: 1 })),
    };
    this.#mails.push(mail);
    this.#byId.set(messageId, mail);
    return summary(mail);
  }
}

function summary({ packed: _, ...rest }: StoredMail): MailSummary {
  return rest;
}

function searchable({ messageId, from, destinations, subject }: MailSummary): string {
  return [subject, from, ...destinations, messageId].join('\n').toLowerCase();
}
