import { domainToASCII, domainToUnicode } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';

/** Who a mail is from. */
export interface Sender {
  /** Display name, any script; may be empty. */
  readonly name: string;
  readonly address: string;
}

/** RFC 5322 dot-atom: the only local part that Amazon SES takes without quoting. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
/** A last label that is read as a number makes the domain an IPv4 address (WHATWG URL, "ends in a number checker"). */
const NUMERIC = /^(?:[0-9]+|0x[0-9a-f]*)$/i;
/** Octets, RFC 5321: 4.5.3.1.1, 4.5.3.1.2, and a path of 256 with its angle brackets (4.5.3.1.3, erratum 1690). */
const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 255;
const LONGEST_ADDRESS = 254;
/** Octets, RFC 1035, 2.3.4. */
const LONGEST_LABEL = 63;
/** Characters of the whole text, far above what an address and a name take. */
const LONGEST_SENDER = 1000;

/** An address that can be mailed to, or what is wrong with it in words that do not repeat it: it is personal data. */
export type AddressReading = { readonly address: string } | { readonly fault: string };

/**
 * Reads an address: an ASCII local part, and a domain that may be in any script, which comes back in lower case and
 * Punycode. Nothing else of it is changed: an address that would have to be is refused, because its mail would go to
 * somebody else. `wang@163` is one: as a host, 163 is 0.0.0.163.
 */
export function readAddress(given: unknown): AddressReading {
  if (typeof given !== 'string') return { fault: `a value of the type ${given === null ? 'null' : typeof given}` };
  // Before anything is converted: the conversion of a long domain takes seconds.
  if (given.length > LONGEST_ADDRESS) return { fault: `${given.length} characters of at most ${LONGEST_ADDRESS}` };
  const at = given.lastIndexOf('@');
  if (at < 0) return { fault: 'a text without @' };
  const local = given.slice(0, at);
  if (local.length > LONGEST_LOCAL_PART) {
    return { fault: `a local part of ${local.length} characters of at most ${LONGEST_LOCAL_PART}` };
  }
  if (!LOCAL_PART.test(local)) return { fault: 'a local part that is not letters, digits and signs joined by dots' };
  const domain = readDomain(given.slice(at + 1));
  if (domain === undefined) return { fault: 'a domain that is not a host name as it stands' };
  const address = `${local}@${domain}`;
  if (address.length > LONGEST_ADDRESS) {
    return { fault: `${address.length} characters in Punycode of at most ${LONGEST_ADDRESS}` };
  }
  return { address };
}

/** The address in the form that Amazon SES takes, or `undefined` if it cannot be one; see `readAddress`. */
export function normalizeAddress(address: string): string | undefined {
  const reading = readAddress(address);
  return 'address' in reading ? reading.address : undefined;
}

/** The domain in lower case and Punycode, if that is all that has to be done to it. */
function readDomain(given: string): string | undefined {
  const converted = domainToASCII(given);
  if (converted.length > LONGEST_DOMAIN) return undefined;
  const labels = given.split('.');
  const read = converted.split('.');
  const kept = read.length === labels.length && labels.every((label, index) => isKept(label, read[index] as string));
  return kept && !NUMERIC.test(read.at(-1) as string) ? converted : undefined;
}

function isKept(given: string, read: string): boolean {
  if (read.length > LONGEST_LABEL || !LABEL.test(read)) return false;
  if (read === given.toLowerCase()) return /^[!-~]+$/.test(given);
  // Compatibility characters, such as those of full width, are other characters than what they are mapped to.
  return read.startsWith('xn--') && given === given.normalize('NFC') && domainToUnicode(read) === given.toLowerCase();
}

/**
 * Reads `Weekly Digest <digest@example.com>` or `digest@example.com`.
 *
 * @throws Error where the text is anything else
 */
export function parseSender(text: string): Sender {
  const [only, ...others] = text.length > LONGEST_SENDER ? [] : addressparser(text);
  const given = only?.address ?? '';
  const address = normalizeAddress(given);
  // The parser finds an address anywhere, and makes the rest of the text, another address for one, its name.
  const isLast = text.trim() === given || text.trim().endsWith(`<${given}>`);
  if (!only || others.length > 0 || address === undefined || !isLast || /[\r\n]/.test(text)) {
    throw new Error(
      'Expected the sender to be one address such as "Weekly Digest <digest@example.com>", ' +
        `got ${JSON.stringify(text.slice(0, LONGEST_SENDER))}.`,
    );
  }
  return { name: only.name ?? '', address };
}
