import type { IncomingMessage } from 'node:http';
import { queryEndpoint } from './query-endpoint';

/** Whether a request is signed for SNS, which speaks the same protocol at the same path as SES. */
export function isForSns({ headers }: IncomingMessage): boolean {
  return /\/sns\/aws4_request/.test(headers.authorization ?? '');
}

export const snsProtocol = queryEndpoint({
  namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  version: '2010-03-31',
  // A message of 256 KiB, of which each character may take three in a form.
  maximumBodyBytes: 1024 * 1024,
  operations: { Publish: {} },
});
