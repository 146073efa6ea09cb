import { domainToASCII, domainToUnicode } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';

/** Who a mail is from. */
export interface Sender {
  /** Display name, any script; may be empty. */
  readonly name: string;
  readonly address: string;
}

/** RFC 5322, 3.2.3: `atext` and dots, which are all that a local part may have. */
const ATEXT_AND_DOTS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
/** Dots where a dot-atom has none: mobile providers have given out such local parts, and quotes make them valid. */
const STRAY_DOT = /^\.|\.\.|\.$/;
/** RFC 5321, 4.1.2: `Quoted-string`. */
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;
/** RFC 2047, 5: no part of an address may be one, and programs that decode it read another address. */
const ENCODED_WORD = /=\?.*\?=/;
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
 * Punycode, without a dot at its end. Quotes around the local part are there where it needs them, and only there. Nothing
 * else of it is changed: an address that would have to be is refused, because its mail would go to somebody else.
 * `wang@163` is one: as a host, 163 is 0.0.0.163. Every rule with its source: `address-cases.ts`.
 */
export function readAddress(given: unknown): AddressReading {
  if (typeof given !== 'string') return { fault: `a value of the type ${given === null ? 'null' : typeof given}` };
  // Before anything is converted: the conversion of a long domain takes seconds.
  if (given.length > LONGEST_ADDRESS) return { fault: `${given.length} characters of at most ${LONGEST_ADDRESS}` };
  const at = given.lastIndexOf('@');
  if (at < 0) return { fault: 'a text without @' };
  const local = readLocalPart(given.slice(0, at));
  if ('fault' in local) return local;
  const domain = readDomain(given.slice(at + 1));
  if ('fault' in domain) return domain;
  const address = `${local.text}@${domain.text}`;
  if (address.length > LONGEST_ADDRESS) {
    return { fault: `${address.length} characters in Punycode of at most ${LONGEST_ADDRESS}` };
  }
  return { address };
}

type PartReading = { readonly text: string } | { readonly fault: string };

/** The local part with as few quotes as it needs (RFC 5321, 4.1.2: "the minimum quoting possible"). */
function readLocalPart(given: string): PartReading {
  if (/[^\0-\x7f]/.test(given)) return { fault: 'a local part with a character that is not ASCII' };
  const meant = QUOTED.exec(given)?.[1]?.replace(/\\(.)/g, '$1') ?? given;
  if (meant === '') return { fault: 'an empty local part' };
  if (!ATEXT_AND_DOTS.test(meant)) {
    return { fault: 'a local part with another character than letters, digits, dots and signs' };
  }
  if (ENCODED_WORD.test(meant)) return { fault: 'a local part that looks like an encoded word' };
  const text = STRAY_DOT.test(meant) ? `"${meant}"` : meant;
  if (text.length <= LONGEST_LOCAL_PART) return { text };
  return { fault: `a local part of ${text.length} characters of at most ${LONGEST_LOCAL_PART}` };
}

/** The address in the form that Amazon SES takes, or `undefined` if it cannot be one; see `readAddress`. */
export function normalizeAddress(address: string): string | undefined {
  const reading = readAddress(address);
  return 'address' in reading ? reading.address : undefined;
}

/** The domain in lower case and Punycode, if that and a dot less at its end is all that has to be done to it. */
function readDomain(given: string): PartReading {
  if (given.startsWith('[')) return { fault: 'an IP address instead of a domain' };
  // A dot at the end says that a name is complete (RFC 1034, 3.1), as those in addresses always are.
  const name = given.replace(/\.$/, '');
  const converted = domainToASCII(name);
  const labels = name.split('.');
  const read = converted.split('.');
  const isHost =
    converted.length <= LONGEST_DOMAIN &&
    read.length === labels.length &&
    labels.every((label, index) => isKept(label, read[index] as string));
  if (NUMERIC.test(labels.at(-1) as string)) return { fault: 'a domain that ends in a number' };
  if (!isHost) return { fault: 'a domain that is not a host name as it stands' };
  return labels.length > 1 ? { text: converted } : { fault: 'a domain without a dot' };
}

function isKept(given: string, read: string): boolean {
  if (read.length > LONGEST_LABEL || !LABEL.test(read)) return false;
  if (read === given.toLowerCase()) return /^[!-~]+$/.test(given);
  // Compatibility characters, such as those of full width, are other characters than what they are mapped to.
  return read.startsWith('xn--') && given === given.normalize('NFC') && domainToUnicode(read) === given.toLowerCase();
}

/**
 * Reads `Weekly Digest <digest@example.com>` or `digest@example.com`. A sender's address needs no quotes: who can choose one
 * chooses one that everybody takes.
 *
 * @throws Error where the text is anything else
 */
export function parseSender(text: string): Sender {
  const [only, ...others] = text.length > LONGEST_SENDER ? [] : addressparser(text);
  const given = only?.address ?? '';
  const address = normalizeAddress(given);
  // The parser finds an address anywhere, and makes the rest of the text, another address for one, its name.
  const isLast = text.trim() === given || text.trim().endsWith(`<${given}>`);
  const isUsable = address !== undefined && !address.startsWith('"');
  if (!only || others.length > 0 || !isUsable || !isLast || /[\r\n]/.test(text)) {
    throw new Error(
      'Expected the sender to be one address such as "Weekly Digest <digest@example.com>", ' +
        `got ${JSON.stringify(text.slice(0, LONGEST_SENDER))}.`,
    );
  }
  return { name: only.name ?? '', address };
}

/**
 * The domain that a sender's mails are from, in lower case and Punycode.
 *
 * @throws Error where `text` is not one address
 */
export function sendingDomain(text: string): string {
  const { address } = parseSender(text);
  return address.slice(address.lastIndexOf('@') + 1);
}
