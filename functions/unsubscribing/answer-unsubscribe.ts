import type { Clock } from '../contract/clock';
import type { UnsubscribeTokens } from '../email/unsubscribe-token';
import type { Ledger } from '../ledger/ledger';
import { PAGE_HEADERS, type PageAction, type PageState, unsubscribePage } from './unsubscribe-page';
import { readRequest } from './unsubscribe-request';

export interface UnsubscribeDependencies {
  readonly ledger: Pick<Ledger, 'recipients'>;
  readonly tokens: Pick<UnsubscribeTokens, 'read'>;
  readonly clock: Clock;
  /** Of what the ledger threw: whoever asks is asked to try again. */
  onFailure(error: unknown): void;
}

/** What a function URL sends back. */
export interface UnsubscribeAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const METHODS = 'GET, HEAD, POST';

/**
 * Answers a request to the address of an unsubscribe link. Only a POST changes anything: a GET shows the page, whoever
 * makes it, and HEAD and what fetches ahead get nothing to see. To ask twice changes nothing either.
 */
export async function answerUnsubscribe(
  event: unknown,
  { ledger, tokens, clock, onFailure }: UnsubscribeDependencies,
): Promise<UnsubscribeAnswer> {
  const { method, token, isPrefetch, action } = readRequest(event);
  if (method === 'HEAD') return { statusCode: 204, headers: PAGE_HEADERS, body: '' };
  // A browser that clicks later throws away what failed ahead of it, and asks again; an empty success it might show.
  if (method === 'GET' && isPrefetch) return { statusCode: 403, headers: PAGE_HEADERS, body: '' };
  if (method !== 'GET' && method !== 'POST') {
    return { statusCode: 405, headers: { ...PAGE_HEADERS, allow: METHODS }, body: '' };
  }
  const claim = tokens.read(token, clock.now());
  if (claim === 'forged') return page(400, 'invalid');
  if (claim === 'expired') return page(410, 'invalid');
  const { recipient, list, locale } = claim;
  if (method === 'GET') return page(200, 'question', locale);
  if (action === undefined) return page(400, 'question', locale);
  try {
    if (action === 'resubscribe') await ledger.recipients.resubscribe(recipient, list);
    else await ledger.recipients.unsubscribe(recipient, list, clock.now());
  } catch (error) {
    onFailure(error);
    return failedAnswer(locale, action);
  }
  return page(200, action === 'resubscribe' ? 'undone' : 'done', locale);
}

/** Where it is not known who asks, or could not be noted: nobody is told of what is not so. */
export function failedAnswer(locale?: string, action?: PageAction): UnsubscribeAnswer {
  const headers = { ...PAGE_HEADERS, 'retry-after': '60' };
  return { statusCode: 503, headers, body: unsubscribePage('failed', locale ?? '', action) };
}

function page(statusCode: number, state: PageState, locale = ''): UnsubscribeAnswer {
  return { statusCode, headers: PAGE_HEADERS, body: unsubscribePage(state, locale) };
}
