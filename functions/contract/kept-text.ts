/**
 * What is kept of the words of a job or a provider: error names, messages and skip reasons. They are stored, counted
 * and shown, so they have a length, one line, and no personal data.
 */

/** Characters of an error's name; the longest ones of SES have about forty. */
const LONGEST_CODE = 100;
/** Characters of a skip reason: a chain stores twenty of them, a report those of forty chains. */
const LONGEST_REASON = 64;
/** Characters of an error's message. */
const LONGEST_MESSAGE = 500;
/** Characters of a message that are looked at. Above that, the last word may be cut in half: it is dropped. */
const LONGEST_READ = 4000;
const LONGEST_WORD = 320;
/** A shorter text is no secret, and would be found in other words. */
const SHORTEST_SECRET = 4;

/** The name of an error as a code: `Unknown` if it has none. Never throws, whatever was thrown. */
export function keptCode(name: unknown): string {
  return keptName(name, LONGEST_CODE) || 'Unknown';
}

/**
 * Names that no map in the ledger can have as a key, quoted: the SDK loses the one when it reads a map, and takes a map
 * with the other for something that it cannot store.
 */
const QUOTED = new Set(['__proto__', 'constructor']);

/** A skip reason as the key of a count; `no reason` for one that is empty or no text. */
export function keptReason(reason: unknown): string {
  const kept = keptName(reason, LONGEST_REASON) || 'no reason';
  return QUOTED.has(kept) ? `"${kept}"` : kept;
}

function keptName(name: unknown, most: number): string {
  return typeof name === 'string' ? clip(line(name.slice(0, LONGEST_READ)), most) : '';
}

/**
 * What an error says, in one line, without e-mail addresses, without what stands behind the host in a URL – unsubscribe
 * tokens do –, without what is called a token, and without `secrets`. Never throws, whatever was thrown.
 */
export function keptMessage(error: unknown, secrets: readonly string[] = []): string {
  let text = messageOf(error);
  if (text.length > LONGEST_READ) {
    text = text.slice(0, LONGEST_READ).replace(new RegExp(`\\S{0,${LONGEST_WORD}}$`), '');
  }
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) text = text.replaceAll(secret, '<redacted>');
  }
  return clip(line(text), LONGEST_MESSAGE);
}

function messageOf(error: unknown): string {
  try {
    return String((error as { readonly message?: unknown } | null | undefined)?.message ?? error);
  } catch {
    return 'An error that cannot be shown as text.';
  }
}

/** In one line and without personal data. Control characters are no part of a name, and a message can do without. */
function line(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(QUOTED_LOCAL_PART, '<address>')
    .replace(/\S+/g, withoutPersonalData)
    .replace(TOKEN, '$1<redacted>')
    .trim();
}

/** `"zoe a"@example.org`; a local part has at most 64 characters. */
const QUOTED_LOCAL_PART = /"[^"]{1,64}"@[^\s<>"]+/g;
/** What is called a token, in a query, in JSON or in words: `?token=…`, `"unsubscribeToken": "…"`. */
const TOKEN = /(token["']?\s?[=:]\s?["']?)[^\s"'&,;{}<>]+/gi;
/** How an @ is written elsewhere: in a URL, in HTML, in JSON, in full width. */
const OTHER_AT = /%40|&#64;|\\u0040|＠/gi;
const ADDRESS = /[^@]@[^@]/;

/** Word by word: one pattern for a whole address takes a time that grows with the square of a long text. */
function withoutPersonalData(word: string): string {
  const url = /(?:[a-z][a-z0-9+.-]{1,15}:|^)\/\//i.exec(word);
  if (url) {
    const host = url.index + url[0].length;
    const end = word.slice(host).search(/[/?#]/);
    if (end >= 0) word = `${word.slice(0, host + end)}/…`;
  }
  const plain = word.replace(OTHER_AT, '@');
  if (!ADDRESS.test(plain)) return word;
  return plain
    .split(/([<>()[\]{},;:"`]+)/)
    .map((part) => (ADDRESS.test(part) ? '<address>' : part))
    .join('');
}

/** The first characters, none of them cut in half: DynamoDB takes no half of a character. */
function clip(text: string, most: number): string {
  return text
    .slice(0, most)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}
