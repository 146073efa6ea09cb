import PostalMime from 'postal-mime';
import type { Email } from '../../../functions/contract/email';
import { Refusal } from '../../../functions/contract/errors';
import { parseSender, type Sender } from '../../../functions/email/address';
import { composeMime } from '../../../functions/email/mime';
import { Random } from '../../simulation/random';
import { type Shape, shapeOf } from '../../support/header-shape';

/**
 * What in any text of a mail could start a header, a part or a recipient of its own. `SEED=…` replays one, `INPUTS=…`
 * tries another number.
 */
const INPUTS = Number(process.env.INPUTS ?? 20_000);
const SEED = Number(process.env.SEED ?? 20_261_125);
/** Of so many, one is read by another parser, too. */
const READ_EVERY = 100;

const BREAKS = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\n\n',
  '\r\r\n',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u000b',
  '\u000c',
  '\u0000',
];
const HEADERS = [
  'Bcc: x@example.net',
  'Subject: y',
  ' folded',
  '\tfolded',
  'X-SES-SOURCE-ARN: a',
  'Content-Type: text/html',
  '--',
  ':',
];
const WORDS = [
  '=?UTF-8?Q?=0D=0ABcc:_x@example.net?=',
  '=?utf-8?B?DQpCY2M6IHg=?=',
  '=?',
  '?=',
  '=0D=0A',
  '%0D%0A',
  '&#13;&#10;',
  '\\r\\n',
];
const SIGNS = [
  '"',
  "'",
  '\\',
  '<',
  '>',
  ',',
  ';',
  ':',
  '(',
  ')',
  '@',
  '[',
  ']',
  ' ',
  '\t',
  '.',
  '=',
  '*0*=',
  '; name="',
  '"; x="',
];
const LETTERS = [
  'a',
  'é',
  '例',
  '😀',
  '\ud800',
  '\udc00',
  '嘊',
  '嘍',
  '\u202e',
  'x'.repeat(90),
  ' '.repeat(90),
  '例'.repeat(300),
];
const PIECES = [BREAKS, HEADERS, WORDS, SIGNS, LETTERS];

const SENDER: Sender = parseSender('Weekly Digest <digest@example.com>');

interface Attacked {
  readonly email: Email;
  readonly sender: Sender;
}

const PLAIN: Email = {
  to: 'user@example.org',
  toName: 'A',
  fromName: 'B',
  subject: 'C',
  html: '<p>D</p>',
  text: 'D',
  unsubscribeUrl: 'https://example.com/unsubscribe',
  replyTo: 'answers@example.com',
  language: 'de',
  listId: 'digest.example.com',
  feedbackIds: ['a'],
  headers: { 'X-A': 'b', 'List-Help': 'mailto:help@example.com' },
  attachments: [{ filename: 'a.txt', contentType: 'text/plain', content: 'e' }],
};
const FILE = { filename: 'a.txt', contentType: 'text/plain', content: 'e' };

/** Where a text can stand; each puts it behind or in front of what is right there, or in its place. */
const PLACES: Readonly<Record<string, (text: string) => Partial<Email>>> = {
  to: (text) => ({ to: text }),
  toName: (text) => ({ toName: text }),
  fromName: (text) => ({ fromName: text }),
  subject: (text) => ({ subject: text }),
  html: (text) => ({ html: text }),
  text: (text) => ({ text }),
  unsubscribeUrl: (text) => ({ unsubscribeUrl: `https://example.com/u?t=${text}` }),
  unsubscribeHost: (text) => ({ unsubscribeUrl: `https://${text}` }),
  replyTo: (text) => ({ replyTo: `a${text}@example.com` }),
  language: (text) => ({ language: `de${text}` }),
  listId: (text) => ({ listId: `digest.example.com${text}` }),
  feedbackIds: (text) => ({ feedbackIds: [text] }),
  headerName: (text) => ({ headers: { [`X-A${text}`]: 'b', 'List-Help': 'mailto:help@example.com' } }),
  headerText: (text) => ({ headers: { 'X-A': text, 'List-Help': 'mailto:help@example.com' } }),
  headerUrl: (text) => ({ headers: { 'X-A': 'b', 'List-Help': `mailto:${text}` } }),
  filename: (text) => ({ attachments: [{ ...FILE, filename: text }] }),
  contentType: (text) => ({ attachments: [{ ...FILE, contentType: `text/plain${text}` }] }),
  content: (text) => ({ attachments: [{ ...FILE, content: text }] }),
};
const PLACE_NAMES = Object.keys(PLACES);

function attack(random: () => number): { readonly places: readonly string[]; readonly text: string } & Attacked {
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
  const text = Array.from({ length: 1 + Math.floor(random() * 7) }, () => pick(pick(PIECES))).join('');
  // One alone three times of four: what is refused for one would hide what another does.
  const places = random() < 0.75 ? [pick(PLACE_NAMES)] : [pick(PLACE_NAMES), pick(PLACE_NAMES)];
  const email = Object.assign({}, PLAIN, ...places.map((place) => PLACES[place]?.(text))) as Email;
  return { places, text, email, sender: random() < 0.1 ? { ...SENDER, name: text } : SENDER };
}

/** What the name of a further header may become. */
const OURS = /^X-A[A-Za-z0-9-]*$/;

/** A header is left out where its text says nothing: a subject or a further header of blanks alone. */
function isSame(shape: Shape, plain: Shape): boolean {
  const wanted = plain.headers.filter((name) => name !== 'X-A' && (name !== 'Subject' || shape.headers.includes(name)));
  const further = shape.headers.filter((name) => OURS.test(name));
  const others = shape.headers.filter((name) => !OURS.test(name));
  return further.length <= 1 && same(others, wanted) && same(shape.parts, plain.parts);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function composed({ email, sender }: Attacked): Promise<string | Refusal> {
  try {
    return Buffer.from((await composeMime(email, sender, 0)).raw).toString('latin1');
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** What is wrong with it, if anything; undefined if nothing is. */
async function faultOf(raw: string | Refusal, plain: Shape, isRead: boolean): Promise<string | undefined> {
  if (raw instanceof Refusal) return /[\r\n]|example\.net/.test(raw.message) ? 'a refusal that repeats it' : undefined;
  try {
    const shape = shapeOf(raw);
    if (!isSame(shape, plain)) return `other headers or parts: ${JSON.stringify(shape)}`;
  } catch (error) {
    return (error as Error).message;
  }
  if (!isRead) return undefined;
  const mail = await PostalMime.parse(raw);
  const addresses = [mail.from, ...(mail.to ?? []), ...(mail.cc ?? []), ...(mail.bcc ?? [])].map((one) => one?.address);
  return addresses.length === 2 && addresses[0] === SENDER.address ? undefined : `other addresses: ${addresses}`;
}

test(`no text of a mail starts a header, a part or a recipient of its own: ${INPUTS} inputs`, async () => {
  const random = new Random(SEED).next;
  const plain = shapeOf((await composed({ email: PLAIN, sender: SENDER })) as string);
  const faults: string[] = [];
  const sent = new Set<string>();
  for (let input = 0; input < INPUTS && faults.length < 5; input += 1) {
    const attacked = attack(random);
    const raw = await composed(attacked);
    const fault = await faultOf(raw, plain, input % READ_EVERY === 0);
    if (fault !== undefined) faults.push(`${attacked.places} = ${JSON.stringify(attacked.text)}: ${fault}`);
    if (!(raw instanceof Refusal)) for (const place of attacked.places) sent.add(place);
  }

  expect(faults).toEqual([]);
  // A generator whose inputs are all refused would find nothing either.
  for (const place of ['toName', 'fromName', 'subject', 'html', 'text', 'unsubscribeUrl', 'headerText', 'filename']) {
    expect(sent).toContain(place);
  }
});
