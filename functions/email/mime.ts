import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Email } from '../contract/email';
import { readAddress, type Sender } from './address';
import { attachmentParts, fingerprints, guardSize } from './attachments';
import { guardFeedbackIds, headersOf } from './bulk-headers';
import { encodedName, oneLine } from './header-text';
import { guardText, invalidEmail } from './invalid-email';
import { renderMime } from './render-mime';

/** A mail as bytes, and the address it goes to in the form that SES takes. */
export interface Mime {
  readonly to: string;
  readonly raw: Uint8Array;
}

/** The parts of a mail that must be text, and those that may be left out. */
const TEXTS = ['subject', 'html', 'text', 'unsubscribeUrl'] as const;
const NAMES = ['toName', 'fromName'] as const;

/**
 * Composes the MIME message: HTML with a text alternative, one-click unsubscribe (RFC 8058), names and subject of any
 * script (RFC 2047), files (RFC 2183, RFC 2231). The same arguments give the same bytes.
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
  for (const part of NAMES) if (email[part] !== undefined) guardText(part, email[part]);
  guardFeedbackIds(email.feedbackIds);
  const { attachments = [] } = email;
  const parts = attachmentParts(attachments);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([sender, { ...email, attachments: fingerprints(attachments) }, now]))
    .digest('hex');
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const message = new MailComposer({
    date: new Date(now),
    messageId: `<${fingerprint.slice(0, 32)}@${domain}>`,
    headers: headersOf(email),
    html: withLineFeeds(email.html),
    text: withLineFeeds(email.text),
    attachments: parts,
    baseBoundary: fingerprint.slice(32),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const body = renderMime(message.compile());
  const mailboxes =
    mailbox('From', email.fromName ?? sender.name, sender.address) +
    mailbox('To', email.toName ?? '', reading.address) +
    (email.replyTo === undefined ? '' : mailbox('Reply-To', '', readReplyTo(email.replyTo)));
  const raw = Buffer.concat([Buffer.from(mailboxes), body]);
  guardSize(raw.length);
  return { to: reading.address, raw };
}

/** A header with one mailbox. The composer would put a name that is ASCII between quotes, whatever it looks like. */
function mailbox(header: 'From' | 'To' | 'Reply-To', name: string, address: string): string {
  const line = oneLine(name);
  const words = encodedName(line);
  const value =
    words === undefined ? MimeNode.encodeHeaderValue(header, { name: line, address }) : `${words} <${address}>`;
  return `${foldLines(`${header}: ${value}`)}\r\n`;
}

function readReplyTo(given: unknown): string {
  const reading = readAddress(given);
  if ('address' in reading) return reading.address;
  throw invalidEmail('`replyTo` to be one e-mail address', reading.fault, "correct the job's mail");
}

/** `renderMime` makes CRLF of a line feed and lets a lone carriage return through. */
function withLineFeeds(body: string): string {
  return body.replace(/\r\n?/g, '\n');
}
