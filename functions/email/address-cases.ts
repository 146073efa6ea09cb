/**
 * What is accepted, normalised and refused of addresses, a case for each rule. The table is what `docs/addresses.md` is made
 * of, and what the tests put through the mailer and the embedded SES.
 */
interface Common {
  /** As a job gives it in `to`. */
  readonly input: string;
  readonly why: string;
  readonly source: AddressSource;
}

/** Mail and envelope say what was given. */
export interface AcceptedAddress extends Common {
  readonly verdict: 'accepted';
}

export interface NormalisedAddress extends Common {
  readonly verdict: 'normalised';
  /** What the mail and the envelope say. */
  readonly to: string;
}

/** No mail is made: the item is unprocessed as `InvalidEmail`. */
export interface RefusedAddress extends Common {
  readonly verdict: 'refused';
  /** What the error says was got, instead of one e-mail address. */
  readonly fault: string;
  /** What the embedded SES says of it; `undefined` where it takes it, or another address for it. */
  readonly ses: string | undefined;
}

export type AddressCase = AcceptedAddress | NormalisedAddress | RefusedAddress;

/** Pages that are not RFCs. */
export const ADDRESS_PAGES = {
  'SES, Destination': 'https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html',
  'NTT docomo': 'https://www.docomo.ne.jp/service/docomo_mail/rfc_add/',
  'Sapporo Gakuin University': 'https://www.sgu.ac.jp/inf/edu/live/keitai-address.html',
  'brave/accounts': 'https://github.com/brave/accounts/issues/35',
  'WHATWG URL': 'https://url.spec.whatwg.org/#ends-in-a-number-checker',
} as const;

/** An RFC with its section, or a page. */
export type AddressSource = `RFC ${number}, ${string}` | keyof typeof ADDRESS_PAGES;

const accepted = (input: string, why: string, source: AddressSource): AddressCase => ({
  verdict: 'accepted',
  ...{ input, why, source },
});

const normalised = (input: string, to: string, why: string, source: AddressSource): AddressCase => ({
  verdict: 'normalised',
  ...{ input, to, why, source },
});

/** Refuses for one fault, which SES answers in these words: several cases have them in common. */
function refusing(fault: string, ses: string | undefined) {
  return (input: string, why: string, source: AddressSource): AddressCase => ({
    verdict: 'refused',
    ...{ input, fault, ses, why, source },
  });
}

const OTHER_CHARACTER = 'a local part with another character than letters, digits, dots and signs';
const NO_HOST = 'a domain that is not a host name as it stands';
const NUMBER = 'a domain that ends in a number';

/** The embedded SES takes it: the address is refused because of what we know better. */
const strictly = { local: refusing(OTHER_CHARACTER, undefined), host: refusing(NO_HOST, undefined) };
const illegalLocal = refusing(OTHER_CHARACTER, 'Local address contains illegal character');
const spacedLocal = refusing(OTHER_CHARACTER, 'Local address contains control or whitespace');
const illegalDomain = refusing(NO_HOST, 'Domain contains illegal character');
const spacedDomain = refusing(NO_HOST, 'Domain contains control or whitespace');
const notAscii = refusing(
  'a local part with a character that is not ASCII',
  'Local address contains illegal character',
);
const addressLiteral = refusing('an IP address instead of a domain', 'Domain contains illegal character');
const numeric = refusing(NUMBER, undefined);
const dotless = refusing('a domain without a dot', undefined);

const ANOTHER_HOST = 'Programs differ in what they make of it: the mail could go to another domain.';
const ONE_ADDRESS = '`to` is one address alone: names go into `toName`, and each recipient is an item.';
const WHITE_SPACE =
  'Nothing is trimmed or folded: white space is a fault of the row, and a line break could start a header.';
const UNQUOTED_DOTS = 'Given out by mobile providers, and kept by their owners. Without quotes it is no address.';

const LOCAL_PARTS: readonly AddressCase[] = [
  accepted('user@example.com', 'A local part of letters and digits, and a host name.', 'RFC 5322, 3.4.1'),
  accepted(
    'first.last+digest@mail.example.com',
    'Dots between, and a plus, are part of a dot-atom.',
    'RFC 5322, 3.2.3',
  ),
  accepted("o'neill@example.com", 'So is an apostrophe.', 'RFC 5322, 3.2.3'),
  accepted("!#$%&'*+-/=?^_`{|}~@example.com", 'And every other sign of `atext`.', 'RFC 5322, 3.2.3'),
  accepted('-user@example.com', 'At any place.', 'RFC 5322, 3.2.3'),
  accepted('819012345678@example.com', 'Digits alone are a local part.', 'RFC 5322, 3.2.3'),
  accepted(
    'User@example.com',
    "Letter case of a local part is its host's affair, and stays. The ledger takes both cases for one address.",
    'RFC 5321, 2.4',
  ),
  accepted('user%other.example@example.com', "What a local part means is its host's affair.", 'RFC 5321, 2.3.11'),
  accepted(`${'x'.repeat(64)}@example.com`, 'The longest local part.', 'RFC 5321, 4.5.3.1.1'),
  normalised('a..b@docomo.ne.jp', '"a..b"@docomo.ne.jp', UNQUOTED_DOTS, 'NTT docomo'),
  normalised('ab.@ezweb.ne.jp', '"ab."@ezweb.ne.jp', UNQUOTED_DOTS, 'Sapporo Gakuin University'),
  normalised('.ab@docomo.ne.jp', '".ab"@docomo.ne.jp', UNQUOTED_DOTS, 'Sapporo Gakuin University'),
  accepted('"a..b"@docomo.ne.jp', 'The same, as it must be written.', 'RFC 5321, 4.1.2'),
  normalised(
    '"user"@example.com',
    'user@example.com',
    'Quotes that are not needed are left out. It is the same recipient.',
    'RFC 5321, 4.1.2',
  ),
  normalised('"u\\ser"@example.com', 'user@example.com', 'So are needless backslashes in them.', 'RFC 5321, 4.1.2'),
  strictly.local(
    '"a b"@example.com',
    'Hosts should not have such mailboxes, and programs get them wrong.',
    'RFC 5321, 4.1.2',
  ),
  strictly.local(
    '"a@b"@example.com',
    'The same. SES is reported to have answered "Missing domain" to such an address, or to one with a dot at its end.',
    'brave/accounts',
  ),
  strictly.local('"a\\"b"@example.com', 'The same, for a quote or a backslash between quotes.', 'RFC 5321, 4.1.2'),
  illegalLocal('"user".name@example.com', 'Quotes in the middle are obsolete syntax.', 'RFC 5322, 4.4'),
  refusing('an empty local part', undefined)('""@example.com', 'It names nobody.', 'RFC 5321, 4.1.2'),
  refusing('an empty local part', 'Missing local name')('@example.com', 'The same.', 'RFC 5321, 4.1.2'),
  refusing('a text without @', "Missing final '@domain'")('user', 'No domain.', 'RFC 5322, 3.4.1'),
  illegalLocal('a@b@example.com', 'An @ stands in quotes, or between the parts.', 'RFC 5322, 3.4.1'),
  notAscii(
    'jörg@example.com',
    'SES has no SMTPUTF8, and no other writing of it is the same mailbox.',
    'SES, Destination',
  ),
  refusing('a local part that looks like an encoded word', undefined)(
    '=?utf-8?q?user?=@example.com',
    'Some programs would decode it, to another address.',
    'RFC 2047, 5',
  ),
  refusing('a local part of 65 characters of at most 64', undefined)(
    `${'x'.repeat(65)}@example.com`,
    'One above the longest.',
    'RFC 5321, 4.5.3.1.1',
  ),
  refusing('a local part of 65 characters of at most 64', 'Local address contains dot-dot')(
    `${'x'.repeat(61)}..@docomo.ne.jp`,
    'Quotes count.',
    'RFC 5321, 4.5.3.1.1',
  ),
];

const DOMAINS: readonly AddressCase[] = [
  normalised('user@EXAMPLE.com', 'user@example.com', 'Letter case of a domain means nothing.', 'RFC 5321, 2.4'),
  normalised(
    'user@example.com.',
    'user@example.com',
    'The dot says that the name is complete, as it always is here.',
    'RFC 1034, 3.1',
  ),
  normalised(
    'user@büro.example',
    'user@xn--bro-hoa.example',
    'SES takes domains of other scripts in Punycode.',
    'SES, Destination',
  ),
  normalised('user@BÜRO.example', 'user@xn--bro-hoa.example', 'Letter case means nothing there either.', 'RFC 5895, 2'),
  normalised(
    'user@straße.example',
    'user@xn--strae-oqa.example',
    '`ß` is a letter of its own, not `ss`.',
    'RFC 5892, 2.6',
  ),
  normalised('user@例え.example', 'user@xn--r8jz45g.example', 'Any script.', 'RFC 5891, 5.5'),
  accepted('user@xn--bro-hoa.example', 'In Punycode already.', 'RFC 5891, 5.3'),
  accepted('user@163.com', 'A label may be a number, only the last may not.', 'RFC 1123, 2.1'),
  accepted(
    'user@example.invalid',
    'Reserved names are taken: no mail arrives, and the bounce is counted.',
    'RFC 2606, 2',
  ),
  accepted(
    `${'x'.repeat(60)}@${'y'.repeat(63)}.${'y'.repeat(63)}.${'y'.repeat(63)}.z`,
    'The longest address, in the longest labels.',
    'RFC 5321, 4.5.3.1.3',
  ),
  refusing('255 characters of at most 254', undefined)(
    `${'x'.repeat(61)}@${'y'.repeat(63)}.${'y'.repeat(63)}.${'y'.repeat(63)}.z`,
    'One above the longest: a path of 256 has angle brackets.',
    'RFC 5321, 4.5.3.1.3',
  ),
  strictly.host(`user@${'x'.repeat(64)}.example`, 'A label has at most 63 characters.', 'RFC 1035, 2.3.4'),
  refusing(NO_HOST, 'Missing domain')('user@', 'No domain.', 'RFC 5321, 4.1.2'),
  dotless('user@localhost', 'A name of one label is a nickname of some network.', 'RFC 5321, 2.3.5'),
  dotless('user@com', 'And nobody is expected at a top-level domain.', 'RFC 7085, 1'),
  numeric('wang@163', 'As a host it is 0.0.0.163, not 163.com.', 'WHATWG URL'),
  numeric('user@192.0.2.1', 'An address of the network without its brackets.', 'WHATWG URL'),
  numeric('user@example.123', 'No top-level domain is a number.', 'RFC 3696, 2'),
  numeric('user@example.0x7f', 'Nor one in hexadecimal digits: it is read as an address of the network.', 'WHATWG URL'),
  addressLiteral(
    'user@[192.0.2.1]',
    'Valid, and for machines that have no name: nobody who signs up has one.',
    'RFC 5321, 4.1.3',
  ),
  addressLiteral('user@[IPv6:2001:db8::1]', 'The same.', 'RFC 5321, 4.1.3'),
  refusing(NO_HOST, 'Domain starts with dot')('user@.example.com', 'An empty label.', 'RFC 5321, 4.1.2'),
  refusing(NO_HOST, 'Domain contains dot-dot')('user@example..com', 'An empty label.', 'RFC 5321, 4.1.2'),
  refusing(NO_HOST, 'Domain contains dot-dot')('user@example.com..', 'One dot at the end, not two.', 'RFC 1034, 3.1'),
  strictly.host('user@-example.com', 'A label begins and ends with a letter or digit.', 'RFC 5321, 4.1.2'),
  strictly.host('user@example-.com', 'A label begins and ends with a letter or digit.', 'RFC 5321, 4.1.2'),
  illegalDomain('user@exam_ple.com', 'Names of hosts have no underscore.', 'RFC 5321, 4.1.2'),
  illegalDomain('user@example%2ecom', `An escape of URLs. ${ANOTHER_HOST}`, 'RFC 5321, 4.1.2'),
  strictly.host('user@xn--zzzz.example', 'No Punycode of anything.', 'RFC 5891, 5.3'),
  illegalDomain('user@ｅｘａｍｐｌｅ.com', `Characters of full width. ${ANOTHER_HOST}`, 'RFC 5892, 2.2'),
  illegalDomain('user@exa\u00admple.com', `A soft hyphen, which nobody sees. ${ANOTHER_HOST}`, 'RFC 5892, 2.3'),
  illegalDomain('user@example\u3002com', `An ideographic full stop. ${ANOTHER_HOST}`, 'RFC 5895, 2'),
  illegalDomain('user@bu\u0308ro.example', 'A letter and its accent apart: names are in NFC.', 'RFC 5891, 5.2'),
];

const TEXTS: readonly AddressCase[] = [
  strictly.local('User <user@example.com>', ONE_ADDRESS, 'RFC 5322, 3.4'),
  strictly.local('<user@example.com>', ONE_ADDRESS, 'RFC 5322, 3.4'),
  illegalLocal('a@example.com, b@example.com', ONE_ADDRESS, 'RFC 5322, 3.4'),
  illegalLocal('Team:a@example.com;', ONE_ADDRESS, 'RFC 5322, 3.4'),
  illegalLocal('mailto:user@example.com', 'A URL.', 'RFC 6068, 2'),
  illegalLocal('<@relay.example:user@example.com>', 'Source routes are obsolete.', 'RFC 5321, C'),
  illegalLocal('user(Zoe)@example.com', 'Comments are no part of an address.', 'RFC 5322, 3.2.2'),
  spacedDomain('user@example.com (Zoe)', 'Comments are no part of an address.', 'RFC 5322, 3.2.2'),
  strictly.local(' user@example.com', WHITE_SPACE, 'RFC 5322, 3.2.2'),
  strictly.host('user@example.com ', WHITE_SPACE, 'RFC 5322, 3.2.2'),
  spacedLocal('us er@example.com', WHITE_SPACE, 'RFC 5322, 3.2.2'),
  spacedDomain('user@exam ple.com', WHITE_SPACE, 'RFC 5322, 3.2.2'),
  spacedDomain('user@\r\n example.com', WHITE_SPACE, 'RFC 5322, 3.2.2'),
  illegalLocal('user@example.com\r\nBcc: other@example.com', WHITE_SPACE, 'RFC 5322, 2.2'),
  spacedLocal('us\u0000er@example.com', 'Control characters are in no address.', 'RFC 5321, 4.1.2'),
];

/** Every rule, in the groups of the document. */
export const ADDRESS_CASES: Readonly<Record<string, readonly AddressCase[]>> = {
  'The local part': LOCAL_PARTS,
  'The domain': DOMAINS,
  'What is around it': TEXTS,
};
