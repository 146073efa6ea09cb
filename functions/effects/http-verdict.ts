import { Refusal } from '../contract/errors';
import { inDoubt, LONGEST_RETRY_AFTER_SECONDS, rejected, throttled } from '../contract/verdicts';

/** What of an answer decides what became of the request. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The request had an idempotency key. */
  readonly keyed: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What the status of an answer means (RFC 9110, RFC 6585, RFC 8470); undefined for a success.
 *
 * - 429 says that nothing was done. So does 503 that says when to come again; one that does not may come from a gateway
 *   that gave up on a server at work.
 * - 425 is a request that the server would not risk to begin.
 * - 408 leaves open how much of the request arrived; 409 to a request with a key is what an API answers while the first
 *   one with that key is at work. Any other 4xx is a definite refusal.
 * - 307 and 308 send the request elsewhere as it is: it was not done. Other redirections may follow work that was done.
 */
export function verdictOn({ status, headers, keyed, now }: Answered): Refusal | undefined {
  if (status >= 200 && status < 300) return undefined;
  const retryAfter = retryAfterSeconds(headers, now);
  if (status === 429 || (status === 503 && retryAfter !== undefined)) return throttled(retryAfter);
  if (status === 425) return throttled();
  const code = `Http${status}`;
  const sentence = `The answer was HTTP ${status}.`;
  if (status === 408 || (status === 409 && keyed)) return inDoubt(code, sentence);
  if (status === 307 || status === 308 || (status >= 400 && status < 500)) return rejected(code, sentence);
  return inDoubt(code, sentence);
}

/**
 * `Retry-After` in seconds, 0 to an hour: a number of them, or a date in one of the three forms of HTTP, taken by the
 * server's own clock where the answer has its `Date`. Undefined where there is none, or one that says neither.
 */
export function retryAfterSeconds(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const said = headers['retry-after']?.trim();
  if (!said) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(said) ? Number(said) : (httpDate(said) - dateOf(headers, now)) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(LONGEST_RETRY_AFTER_SECONDS, Math.max(0, seconds));
}

function dateOf({ date = '' }: Readonly<Record<string, string>>, now: number): number {
  const said = httpDate(date);
  return Number.isNaN(said) ? now : said;
}

const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/** Milliseconds since the epoch; not a number where the text is no date of HTTP. The oldest form leaves GMT unsaid. */
function httpDate(text: string): number {
  if (!HTTP_DATE.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}

/** What became of a request that got no whole answer. */
export function unanswered(error: unknown, mayHaveSent: boolean): Refusal {
  const { code: given, name = 'Unknown' } = (error ?? {}) as { readonly code?: unknown; readonly name?: string };
  const code = typeof given === 'string' ? given : name;
  if (mayHaveSent) return inDoubt(code, 'The connection ended before the whole answer was there.');
  // It passes by waiting: a server that starts, a blip of the name service. What is wrong for good shows by its throttles.
  return new Refusal('throttled', code, 'The connection was not made: nothing was sent.', { cause: error });
}
