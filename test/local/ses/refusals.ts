import type { Acceptance, Refusal } from '../refusals';
import { rawMail } from './mail';

type Row = Refusal<undefined>;
type Taken = Acceptance<undefined>;

const LARGEST = 10_485_760;
const API = 'API reference of SES v1, SendRawEmail';
const HEADER_FIELDS = 'SES Developer Guide, Amazon SES header fields';
const REPORTED = 'reported by users of SES with these words';
const TAGS = 'Recorded at AWS, in the snapshots of the LocalStack project';
const IDENTITIES = 'API reference of SES v1, ';

const send = (
  sentence: string,
  Data: Uint8Array,
  more: Record<string, unknown>,
  error: Row['error'],
  source = API,
): Row => ({
  sentence,
  operation: 'SendRawEmail',
  input: () => ({ RawMessage: { Data }, ...more }),
  error,
  source,
});

const invalid = (message: string): Row['error'] => ['InvalidParameterValue', message];

/** A mail with these lines on top of its header section. */
const mailWith = (...lines: string[]) => Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`), rawMail()]);

/** A mail of exactly so many bytes. */
const mailOf = (bytes: number) => rawMail({}, 'x'.repeat(bytes - rawMail({}, '').length));

const someone = (count: number) => Array.from({ length: count }, (_, n) => `user${n}@example.org`);

const addresses: readonly (readonly [address: string, message: string])[] = [
  ['user', "Missing final '@domain'"],
  ['@example.org', 'Missing local name'],
  ['user@', 'Missing domain'],
  ['us er@example.org', 'Local address contains control or whitespace'],
  ['user@exam_ple.org', 'Domain contains illegal character'],
  ['jörg@example.org', 'Local address contains illegal character'],
];

/** What SES refuses of the calls that the product makes, or that somebody makes with the CLI or an SDK. */
export const REFUSALS: readonly Row[] = [
  send(
    '51 recipients in Destinations',
    rawMail(),
    { Destinations: someone(51) },
    invalid('Recipient count exceeds 50'),
  ),
  send(
    '51 recipients in To, Cc and Bcc',
    rawMail({ To: someone(25).join(', '), Cc: someone(25).join(', '), Bcc: 'user@example.org' }),
    {},
    invalid('Recipient count exceeds 50'),
  ),
  send('a message above 10 MB', mailOf(LARGEST + 1), {}, invalid(`Message length is more than ${LARGEST} bytes`)),
  send('a message without From', rawMail({ From: undefined }), {}, invalid("Missing required header 'From'")),
  send('a message to nobody', rawMail({ To: undefined }), {}, invalid("Missing required header 'To'")),
  ...addresses.map(([address, message]) =>
    send(`the recipient '${address}'`, rawMail(), { Destinations: ['user@example.org', address] }, invalid(message)),
  ),
  send('a Source that is no address', rawMail(), { Source: 'digest' }, invalid("Missing final '@domain'")),
  send('a sender that is not verified', rawMail({ From: 'a@example.net' }), {}, [
    'MessageRejected',
    'The following identities failed the check in region US-EAST-1: a@example.net',
  ]),
  send('a configuration set that is not there', rawMail(), { ConfigurationSetName: 'none' }, [
    'ConfigurationSetDoesNotExistException',
    'Configuration set <none> does not exist',
  ]),
  send('the same, named by the message itself', mailWith('X-SES-CONFIGURATION-SET: none'), {}, [
    'ConfigurationSetDoesNotExistException',
    'Configuration set <none> does not exist',
  ]),
  ...['Content-Type', 'List-Unsubscribe-Post', 'message-id'].map((name) =>
    send(
      `${name} twice`,
      mailWith(`${name}: a`, `${name}: b`),
      {},
      invalid(`Duplicate header '${name}'.`),
      HEADER_FIELDS,
    ),
  ),
  send('a header without a name', mailWith(': value'), {}, invalid('Empty header names are illegal.'), REPORTED),
  send(
    'a body without an empty line before it',
    mailWith('<!DOCTYPE html PUBLIC "http://www.w3.org">'),
    {},
    invalid("Illegal header '<!DOCTYPE html PUBLIC \"http'."),
    REPORTED,
  ),
  ...(
    [
      ['a tag without a name', '', 'digest', 'The tag name must be specified.'],
      ['a tag without a value', 'job', '', 'The tag value must be specified.'],
      [
        'a tag value with a colon',
        'job',
        'a:b',
        "Invalid tag value <a:b>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed.",
      ],
      [
        'a tag name with a space',
        'a b',
        'digest',
        "Invalid tag name <a b>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
      ],
      [
        'a tag name with an @, before its value is looked at',
        'a@b',
        'x'.repeat(256),
        "Invalid tag name <a@b>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
      ],
      ['a tag name of 256 characters', 'x'.repeat(256), 'digest', 'Tag name cannot exceed 255 characters.'],
      ['a tag value of 256 characters', 'job', 'x'.repeat(256), 'Tag value cannot exceed 255 characters.'],
    ] as const
  ).map(([sentence, Name, Value, message]) =>
    send(sentence, rawMail(), { Tags: [{ Name, Value }] }, invalid(message), TAGS),
  ),
  {
    sentence: 'an unknown type of identity',
    operation: 'ListIdentities',
    input: () => ({ IdentityType: 'Phone' }),
    error: [
      'ValidationError',
      "Value 'Phone' at 'identityType' failed to satisfy constraint: Member must satisfy enum value set: [EmailAddress, Domain]",
    ],
    source: `${IDENTITIES}ListIdentities`,
  },
  {
    sentence: 'a question about no identity',
    operation: 'GetIdentityVerificationAttributes',
    input: () => ({}),
    error: ['ValidationError', "Value null at 'identities' failed to satisfy constraint: Member must not be null"],
    source: `${IDENTITIES}GetIdentityVerificationAttributes`,
  },
];

const takes = (sentence: string, Data: Uint8Array, more: Record<string, unknown> = {}, source = API): Taken => ({
  sentence,
  operation: 'SendRawEmail',
  input: () => ({ RawMessage: { Data }, ...more }),
  source,
});

/** Near-misses: calls that look like a refused one. */
export const ACCEPTANCES: readonly Taken[] = [
  takes('50 recipients', rawMail(), { Destinations: someone(50) }),
  takes('a message of exactly 10 MB', mailOf(LARGEST)),
  takes('no To, if there are Destinations', rawMail({ To: undefined }), { Destinations: someone(1) }),
  takes('a header that it does not know, twice', mailWith('X-Digest: a', 'X-Digest: b'), {}, HEADER_FIELDS),
  takes('Received twice', mailWith('Received: by a', 'Received: by b'), {}, HEADER_FIELDS),
  takes('a folded header', mailWith('List-Unsubscribe: <https://example.com/u>,', ' <mailto:u@example.com>')),
  takes('a line of the body without a colon', rawMail({}, 'no header\r\n: neither')),
  takes('a tag value with a dot and an @', rawMail(), { Tags: [{ Name: 'job', Value: 'a.b@c' }] }, TAGS),
  takes('a tag for Feedback-ID', rawMail(), { Tags: [{ Name: 'ses:feedback-id-a', Value: 'digest' }] }, TAGS),
  takes('tags of letters, digits, _ and -', rawMail(), { Tags: [{ Name: 'job_1', Value: 'x'.repeat(255) }] }, TAGS),
];
