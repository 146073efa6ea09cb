import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Email } from '../contract/email';
import { Refusal } from '../contract/errors';
import { readAddress, type Sender } from './address';
import { encodedWords, oneLine } from './header-text';
import { renderMime } from './render-mime';

/** A header line may have 998 characters (RFC 5322, 2.1.1); the address of the unsubscribe endpoint is never folded. */
const LONGEST_UNSUBSCRIBE_URL = 900;

/** A mail as bytes, and the address it goes to in the form that SES takes. */
export interface Mime {
  readonly to: string;
  readonly raw: Uint8Array;
}

/** The parts of a mail that must be text. */
const TEXTS = ['subject', 'html', 'text', 'unsubscribeUrl'] as const;

/**
 * Composes the MIME message: HTML with a text alternative, one-click unsubscribe (RFC 8058), names and subject of any
 * script (RFC 2047). The same arguments give the same bytes.
 *
 * Line breaks and other control characters in a name or the subject become one space, so neither can start a header of
 * its own; what a reader would take for an encoded word comes back to them as it was written. In an address both are
 * refused. Every line of a body ends with CRLF, whatever it ended with.
 *
 * @param now milliseconds since the epoch: the `Date` header. SES replaces it, and the Message-ID, with its own.
 * @throws Refusal `rejected`, code `InvalidEmail`, where the address, the unsubscribe address or another part cannot be
 * used. Its message repeats none of them: it is stored and shown, and they are personal
 */
export async function composeMime(email: Email, sender: Sender, now: number): Promise<Mime> {
  const reading = readAddress(email.to);
  if ('fault' in reading) {
    throw invalidEmail('`to` to be one e-mail address', reading.fault, "correct the recipient's record");
  }
  for (const part of TEXTS) guardText(part, email[part]);
  if (email.toName !== undefined) guardText('toName', email.toName);
  const unsubscribeUrl = httpsUrl(email.unsubscribeUrl);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([sender, email, now]))
    .digest('hex');
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const message = new MailComposer({
    date: new Date(now),
    messageId: `<${fingerprint.slice(0, 32)}@${domain}>`,
    headers: {
      Subject: unstructured(email.subject),
      // As it is, in one line: a folded address would be a broken link to some mail clients.
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    html: withLineFeeds(email.html),
    text: withLineFeeds(email.text),
    baseBoundary: fingerprint.slice(32),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const body = renderMime(message.compile());
  const mailboxes = mailbox('From', sender.name, sender.address) + mailbox('To', email.toName ?? '', reading.address);
  return { to: reading.address, raw: Buffer.concat([Buffer.from(mailboxes), body]) };
}

/** A header value: text that the composer encodes as it needs, or encoded words that it only folds. */
function unstructured(text: string) {
  const line = oneLine(text);
  const words = encodedWords(line);
  return words === undefined ? line : { prepared: true, foldLines: true, value: words };
}

/** A header with one mailbox. The composer would put a name that is ASCII between quotes, whatever it looks like. */
function mailbox(header: 'From' | 'To', name: string, address: string): string {
  const line = oneLine(name);
  const words = encodedWords(line);
  const value =
    words === undefined ? MimeNode.encodeHeaderValue(header, { name: line, address }) : `${words} <${address}>`;
  return `${foldLines(`${header}: ${value}`)}\r\n`;
}

/** `renderMime` makes CRLF of a line feed and lets a lone carriage return through. */
function withLineFeeds(body: string): string {
  return body.replace(/\r\n?/g, '\n');
}

function guardText(part: string, value: unknown): void {
  if (typeof value === 'string') return;
  const got = value === null ? 'null' : typeof value;
  throw invalidEmail(`\`${part}\` to be text`, `a value of the type ${got}`, "correct the job's mail");
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.href.length > LONGEST_UNSUBSCRIBE_URL) {
    throw invalidEmail(
      `\`unsubscribeUrl\` to be an https address of at most ${LONGEST_UNSUBSCRIBE_URL} characters`,
      url === undefined
        ? 'a text that is no address'
        : `one of ${url.href.length} characters that begins with ${url.protocol}`,
      'correct the base address of unsubscribe links',
    );
  }
  return url.href;
}

function invalidEmail(expected: string, got: string, advice: string): Refusal {
  return new Refusal('rejected', 'InvalidEmail', `Expected ${expected}, got ${got}: ${advice}.`);
}
