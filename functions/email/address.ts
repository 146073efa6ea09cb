import { domainToASCII } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';

/** Who a mail is from. */
export interface Sender {
  /** Display name, any script; may be empty. */
  readonly name: string;
  readonly address: string;
}

/** RFC 5322 dot-atom: the only local part that Amazon SES takes without quoting. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
/** RFC 5321, 4.5.3.1. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 255;

/**
 * The address in the form that Amazon SES takes: an ASCII local part and the domain in Punycode. `undefined` if it
 * cannot be one; an address that carries a newline or a second address never can.
 */
export function normalizeAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const given = address.slice(at + 1);
  if (at < 0 || local.length > LONGEST_LOCAL_PART || !LOCAL_PART.test(local)) return undefined;
  // Percent signs, whitespace and control characters are no part of a domain, but domainToASCII decodes or drops them.
  if (/[%\s\p{Cc}]/u.test(given)) return undefined;
  const domain = domainToASCII(given);
  if (domain.length > LONGEST_DOMAIN || !DOMAIN.test(domain)) return undefined;
  return `${local}@${domain}`;
}

/** Reads `Weekly Digest <digest@example.com>` or `digest@example.com`. Throws one sentence on anything else. */
export function parseSender(text: string): Sender {
  const [only, ...others] = addressparser(text);
  const address = normalizeAddress(only?.address ?? '');
  if (!only || others.length > 0 || address === undefined || /[\r\n]/.test(text)) {
    throw new Error(
      `Expected the sender to be one address such as "Weekly Digest <digest@example.com>", got ${JSON.stringify(text)}.`,
    );
  }
  return { name: only.name ?? '', address };
}
