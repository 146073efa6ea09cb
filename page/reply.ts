import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A request that the page refuses, in one sentence for the reader. */
export class PageError extends Error {
  override readonly name = 'PageError';

  constructor(
    /** HTTP status, 400 or more. */
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

const COMMON_HEADERS: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Ends the response. Node leaves the body out by itself when the request was HEAD. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...COMMON_HEADERS,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}
