import type { Email } from '../contract/email';
import { encodedWords, oneLine } from './header-text';
import { guardText, invalidEmail } from './invalid-email';

/** A header line may have 998 characters (RFC 5322, 2.1.1), and an address in one is never folded. */
const LONGEST_URL = 900;
/** Characters: SES answers "Header section too long." to headers far above what a mail needs. */
const LONGEST_VALUE = 1000;
const MOST_HEADERS = 20;

/** A header as the composer takes it: text that it encodes as it needs, or a value that it takes as it is. */
type HeaderValue = string | { readonly prepared: true; readonly foldLines?: true; readonly value: string };

/** Headers of one's own that are a text, and those that are an address (RFC 2369). */
const TEXT_HEADERS = new Set(['comments', 'importance', 'organization']);
const URL_HEADERS = new Set(['list-archive', 'list-help', 'list-owner', 'list-subscribe']);
/** `X-SES-…` would tell SES itself something. */
const EXTENSION = /^x-(?!ses-)[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/i;

/** RFC 2919, 2: dot-atoms in which the last labels are a domain; at most 255 octets. */
const LIST_ID = /^(?=.{1,255}$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;
/** RFC 5646, 2.1: subtags of one to eight letters and digits, the first of letters. 35 is what its 4.4.1 wants held. */
const LANGUAGE = /^(?=.{1,35}$)[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
/** A tag of SES, shorter than it must be: `Feedback-ID` is one line. */
const FEEDBACK_ID = /^[A-Za-z0-9_-]{1,64}$/;
const MOST_FEEDBACK_IDS = 2;

/**
 * The headers of a mail beside its mailboxes, date and message id.
 *
 * None can be started by a value: a name is one of a list or of a pattern, a text is made one line, and an address is as
 * the URL parser writes it. `Auto-Submitted` (RFC 3834, 5) and `Precedence` keep automatic replies away: some responders
 * look only at the second, which no standard defines.
 *
 * @throws Refusal `rejected`, code `InvalidEmail`, where a part cannot be used
 */
export function headersOf(email: Email): Record<string, HeaderValue> {
  const { listId, language } = email;
  return {
    Subject: unstructured(email.subject),
    ...(listId !== undefined && { 'List-Id': inOneLine(`<${matching('listId', listId, LIST_ID, LIST_ID_FORM)}>`) }),
    'List-Unsubscribe': inOneLine(`<${unsubscribeUrl(email.unsubscribeUrl)}>`),
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    ...(language !== undefined && { 'Content-Language': matching('language', language, LANGUAGE, LANGUAGE_FORM) }),
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
    ...(email.headers !== undefined && ownHeaders(email.headers)),
  };
}

const LIST_ID_FORM = 'labels joined by dots, such as weekly-digest.example.com';
const LANGUAGE_FORM = 'a language tag such as pt-BR';

/** @throws Refusal `rejected`, code `InvalidEmail`, where they are not one or two labels */
export function guardFeedbackIds(ids: Email['feedbackIds']): void {
  if (ids === undefined) return;
  const areLabels =
    Array.isArray(ids) && ids.every((id: unknown) => typeof id === 'string' && FEEDBACK_ID.test(id)) && ids.length > 0;
  if (areLabels && ids.length <= MOST_FEEDBACK_IDS) return;
  const got = areLabels ? `${ids.length} of them` : 'something else';
  throw invalidEmail(
    '`feedbackIds` to be one or two of 1 to 64 letters, digits, _ or -',
    got,
    "correct the job's mail",
  );
}

function matching(part: string, value: unknown, pattern: RegExp, form: string): string {
  guardText(part, value);
  if (pattern.test(value)) return value;
  throw invalidEmail(
    `\`${part}\` to be ${form}`,
    `another text of ${value.length} characters`,
    "correct the job's mail",
  );
}

function ownHeaders(headers: unknown): Record<string, HeaderValue> {
  if (typeof headers !== 'object' || headers === null) {
    throw invalidEmail(
      '`headers` to be texts by name',
      `a value of the type ${typeof headers}`,
      "correct the job's mail",
    );
  }
  const entries = Object.entries(headers);
  if (entries.length > MOST_HEADERS) {
    throw invalidEmail(`at most ${MOST_HEADERS} \`headers\``, `${entries.length}`, "leave some out of the job's mail");
  }
  const names = new Set(entries.map(([name]) => name.toLowerCase()));
  if (names.size < entries.length) {
    throw invalidEmail('each of `headers` once', 'one in capital and in small letters', 'leave one of them out');
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, ownHeader(name, value)]));
}

function ownHeader(name: string, value: unknown): HeaderValue {
  const known = name.toLowerCase();
  if (URL_HEADERS.has(known)) return inOneLine(`<${listUrl(known, value)}>`);
  if (!TEXT_HEADERS.has(known) && !EXTENSION.test(name)) {
    // A name may come from data: it is not repeated.
    throw invalidEmail(
      `a name of \`headers\` to be X-… but not X-SES-…, ${[...TEXT_HEADERS, ...URL_HEADERS].join(', ')}`,
      `another of ${name.length} characters`,
      'leave that header out',
    );
  }
  guardText(`headers.${known}`, value);
  if (value.length <= LONGEST_VALUE) return unstructured(value);
  throw invalidEmail(
    `\`headers.${known}\` to have at most ${LONGEST_VALUE} characters`,
    `${value.length}`,
    "shorten it in the job's mail",
  );
}

/** A header value of free text: what the composer encodes as it needs, or encoded words that it only folds. */
function unstructured(text: string): HeaderValue {
  const line = oneLine(text);
  const words = encodedWords(line);
  return words === undefined ? line : { prepared: true, foldLines: true, value: words };
}

/** As it is: a folded address would be a broken link to some mail clients. */
function inOneLine(value: string): HeaderValue {
  return { prepared: true, value };
}

function unsubscribeUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.href.length <= LONGEST_URL) return url.href;
  throw invalidEmail(
    `\`unsubscribeUrl\` to be an https address of at most ${LONGEST_URL} characters`,
    url === undefined
      ? 'a text that is no address'
      : `one of ${url.href.length} characters that begins with ${url.protocol}`,
    'correct the base address of unsubscribe links',
  );
}

function listUrl(name: string, value: unknown): string {
  guardText(`headers.${name}`, value);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // In the path of mailto: the parser leaves some characters as they are that would end the address in a header.
  const href = url?.href.replace(/[<>,\s"]/g, encodeURIComponent);
  if (href !== undefined && /^(?:https|mailto):/.test(href) && /^[!-~]+$/.test(href) && href.length <= LONGEST_URL) {
    return href;
  }
  throw invalidEmail(
    `\`headers.${name}\` to be an https or mailto address of at most ${LONGEST_URL} characters`,
    `another text of ${value.length} characters`,
    "correct the job's mail",
  );
}
