import { addressParser, decodeWords } from 'postal-mime';
import { notImplemented } from '../aws-service';

/** What the inbox shows of a message without opening it. */
export interface Titles {
  /** As written, for instance `"Digest" <digest@example.com>`; empty if there is none. */
  readonly from: string;
  /** Decoded (RFC 2047). */
  readonly subject: string;
}

/** What SES reads of a raw message before it accepts it. */
export interface RawHeaders {
  /** The whole header section, its folded lines joined. */
  readonly unfolded: string;
  /** What `X-SES-CONFIGURATION-SET` names. */
  readonly configurationSet: string | undefined;
  /** The value of `X-SES-MESSAGE-TAGS`. */
  readonly messageTags: string | undefined;
  readonly fromAddresses: readonly string[];
  /** To, Cc and Bcc. */
  readonly recipients: readonly string[];
}

/** Fields that hold addresses, and are parsed. */
const ADDRESS_FIELDS = ['from', 'to', 'cc', 'bcc', 'sender', 'reply-to', 'return-path', 'delivered-to'];

/**
 * Characters of a message's address fields together: 50 recipients with an address of 320 and a name of 900 each. The
 * parser's time grows with the square of the length: ten seconds for some lists of 1.5 million.
 */
const LONGEST_ADDRESS_FIELDS = 65_536;
/** Characters of a subject; encoded words are decoded before a mail is listed. */
const LONGEST_SUBJECT = 65_536;
/** Characters of one mailbox in a parameter, its name included. */
const LONGEST_MAILBOX = 4096;

/** Reads what the inbox shows; the whole message is parsed only when it is opened. */
export function readTitles(raw: Buffer): Titles {
  const values = fieldsOf(headOf(raw));
  return { from: values('from')[0] ?? '', subject: decodeWords(values('subject')[0] ?? '') };
}

/**
 * Reads the few headers that sending needs.
 *
 * @throws ServiceError where headers are too long to be read in a reasonable time, before they are. SES documents no
 * limit of its own
 */
export function readHeaders(raw: Buffer): RawHeaders {
  const head = headOf(raw);
  const values = fieldsOf(head);
  refuseLong('addresses', ADDRESS_FIELDS.flatMap(values), LONGEST_ADDRESS_FIELDS);
  refuseLong('a subject', values('subject'), LONGEST_SUBJECT);
  const addresses = (name: string) => values(name).flatMap(addressesOf);
  return {
    unfolded: head,
    configurationSet: values('x-ses-configuration-set')[0],
    messageTags: values('x-ses-message-tags')[0],
    fromAddresses: addresses('from'),
    recipients: ['to', 'cc', 'bcc'].flatMap(addresses),
  };
}

function refuseLong(what: string, values: readonly string[], most: number): void {
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  if (characters > most) throw notImplemented('SES', `mails with more than ${most} characters of ${what}`);
}

/** The header section, its folded lines joined. */
function headOf(raw: Buffer): string {
  return raw.toString('utf8', 0, headerEnd(raw)).replace(/\r?\n(?=[ \t])/g, '');
}

/** Name and value of each field, as they are written, of a header section with its folded lines joined. */
export function fieldList(head: string): readonly (readonly [name: string, value: string])[] {
  return head.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trimEnd(), line.slice(colon + 1).trim()] as const];
  });
}

/** By its name in lower case, the values of a field. White space may stand before the colon (RFC 5322, 4.5.8). */
function fieldsOf(head: string): (name: string) => readonly string[] {
  const fields = new Map<string, string[]>();
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const others = fields.get(name);
    if (others) others.push(value);
    else fields.set(name, [value]);
  }
  return (name) => fields.get(name) ?? [];
}

/**
 * The address of `Name <user@example.com>` or `user@example.com`, as it is written, for SES to refuse what is wrong.
 */
export function addressOf(text: string): string {
  // To be refused for its length.
  if (text.length > LONGEST_MAILBOX) return text;
  return /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
}

/** The addresses of a header's list; an entry without one comes back as its text, to be refused as well. */
function addressesOf(text: string): string[] {
  return addressParser(text, { flatten: true }).map(({ address, name }) => address || name || text);
}

function headerEnd(raw: Buffer): number {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  return ends.length > 0 ? Math.min(...ends) : raw.length;
}
