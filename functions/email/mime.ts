import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { Refusal } from '../chain/errors';
import { normalizeAddress, type Sender } from './address';
import type { Email } from './message';

/** A header line may have 998 characters (RFC 5322, 2.1.1); the address of the unsubscribe endpoint is never folded. */
const LONGEST_UNSUBSCRIBE_URL = 900;

/** A mail as bytes, and the address it goes to in the form that SES takes. */
export interface Mime {
  readonly to: string;
  readonly raw: Uint8Array;
}

/**
 * Composes the MIME message: HTML with a text alternative, one-click unsubscribe (RFC 8058), names and subject of any
 * script (RFC 2047). The same arguments give the same bytes.
 *
 * Line breaks and other control characters in a name or the subject become one space, so neither can start a header of
 * its own; in an address they are refused.
 *
 * @param now milliseconds since the epoch: the `Date` header. SES replaces it, and the Message-ID, with its own.
 * @throws Refusal `rejected`, code `InvalidEmail`, if the address or the unsubscribe address cannot be used.
 */
export async function composeMime(email: Email, sender: Sender, now: number): Promise<Mime> {
  const to = normalizeAddress(email.to);
  if (to === undefined) {
    throw invalidEmail('`to` to be one address such as user@example.com', email.to, "correct the recipient's record");
  }
  const unsubscribeUrl = httpsUrl(email.unsubscribeUrl);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([sender, email, now]))
    .digest('hex');
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const message = new MailComposer({
    from: { name: oneLine(sender.name), address: sender.address },
    to: { name: oneLine(email.toName ?? ''), address: to },
    subject: oneLine(email.subject),
    date: new Date(now),
    messageId: `<${fingerprint.slice(0, 32)}@${domain}>`,
    headers: {
      // As it is, in one line: a folded address would be a broken link to some mail clients.
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    html: email.html,
    text: email.text,
    baseBoundary: fingerprint.slice(32),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { to, raw: await message.compile().build() };
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.href.length > LONGEST_UNSUBSCRIBE_URL) {
    throw invalidEmail(
      `\`unsubscribeUrl\` to be an https address of at most ${LONGEST_UNSUBSCRIBE_URL} characters`,
      text,
      'correct the base address of unsubscribe links',
    );
  }
  return url.href;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function invalidEmail(expected: string, got: string, advice: string): Refusal {
  return new Refusal('rejected', 'InvalidEmail', `Expected ${expected}, got ${JSON.stringify(got)}: ${advice}.`);
}
