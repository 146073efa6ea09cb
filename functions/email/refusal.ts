import { isSignedTooLate, isThrottle } from '../contract/aws-errors';
import { Refusal, type RefusalKind } from '../contract/errors';

/** The parts of an SDK or socket error that tell what happened. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly $fault?: 'client' | 'server';
  /** Whether the request may have left this machine, where `noteWhatWasSent` knows: see functions/connections.ts. */
  readonly requestSent?: boolean;
  /** What became of each address of a name. */
  readonly errors?: readonly Partial<Failure>[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Rule {
  readonly kind: RefusalKind;
  readonly when: (failure: Failure) => boolean;
}

/**
 * What the failures of SES v1's SendRawEmail mean; the first rule that fits decides.
 *
 * - The daily quota and the sending rate arrive under the same code, `Throttling` (HTTP 400): the message tells them
 *   apart (developer guide, "Errors related to the sending quotas").
 * - An account that AWS itself has paused answers `MessageRejected` with "Sending paused for this account. …".
 * - A connection that was never made (refused, timed out, no route, name not resolved, TLS not completed, no socket
 *   free) is a definite "not sent". It is `throttled` rather than `rejected`: it passes by waiting, and a blip of the
 *   name service must not cost thousands of items.
 * - A signature or a token that had run out when SES looked at it is refused before anything happens, and the next try
 *   is signed anew (common errors, `RequestExpired`; IAM user guide, "Troubleshooting Signature Version 4").
 * - Credentials that cannot be had, access denied, a bad signature: not sent, and waiting does not help.
 * - HTTP 408 and every 5xx leave open whether the mail went out, as does a connection that was made and then broke.
 */
const RULES: readonly Rule[] = [
  {
    kind: 'quota-exhausted',
    when: (failure) => isThrottle(failure) && /daily message quota exceeded/i.test(failure.message),
  },
  { kind: 'throttled', when: isThrottle },
  {
    kind: 'quota-exhausted',
    when: ({ name }) => /^(AccountSendingPaused|ConfigurationSetSendingPaused|LimitExceeded)(Exception)?$/.test(name),
  },
  {
    kind: 'quota-exhausted',
    when: ({ name, message }) => name === 'MessageRejected' && /^sending (paused|suspended)/i.test(message),
  },
  { kind: 'throttled', when: neverSent },
  { kind: 'throttled', when: isSignedTooLate },
  { kind: 'rejected', when: ({ name }) => /^(Credentials|Token)ProviderError$/.test(name) },
  { kind: 'ambiguous', when: ({ $metadata }) => $metadata?.httpStatusCode === 408 },
  {
    kind: 'rejected',
    when: ({ $metadata, $fault }) =>
      $metadata?.httpStatusCode === undefined
        ? $fault === 'client'
        : $metadata.httpStatusCode >= 400 && $metadata.httpStatusCode < 500,
  },
];

/** The system calls that come before the first byte of a request. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);

/** TLS failed before it was there to carry a request. OpenSSL's and Node.js's codes, and those of certificates. */
const HANDSHAKE = /^(EPROTO|ERR_(SSL|TLS)_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;
/** Of errors without a code of their own: the SDK's connection timeout, and Node.js's cut handshake. */
const NOT_ESTABLISHED = /did not establish a connection|before secure TLS connection was established/;

/** What the connections know counts; the error's name and words only where they know nothing. */
function neverSent({ requestSent, ...failure }: Failure): boolean {
  if (failure.$metadata?.httpStatusCode !== undefined) return false;
  return requestSent === undefined ? neverConnected(failure) : !requestSent;
}

function neverConnected({ code = '', syscall = '', message = '', errors }: Partial<Failure>): boolean {
  // Several addresses of one name were tried: each must have failed before anything was sent.
  if (errors && errors.length > 0) return errors.every(neverConnected);
  return CONNECTING.has(syscall) || code === 'ECONNREFUSED' || HANDSHAKE.test(code) || NOT_ESTABLISHED.test(message);
}

/**
 * Translates what the SES client threw at one SendRawEmail call. Whatever no rule knows is `ambiguous`.
 *
 * @param called what the refusal's message calls these texts, addresses for instance, instead of repeating them
 */
export function refusalFrom(error: unknown, called: Readonly<Record<string, string>> = {}): Refusal {
  // By shape: an error of another realm, a worker's or a test's, is no instance of this one's Error.
  const { name = 'Unknown', message = String(error), ...rest } = details(error);
  const failure: Failure = { name, message, ...rest };
  const kind = RULES.find((rule) => rule.when(failure))?.kind ?? 'ambiguous';
  const told = Object.entries(called).reduce((text, [name, word]) => text.replaceAll(name, word), failure.message);
  return new Refusal(kind, providerCode(failure), told, { cause: error });
}

function details(error: unknown): Partial<Failure> {
  const { name, message, code, syscall, $fault, $metadata, requestSent, errors } = (error ?? {}) as Partial<Failure>;
  return { name, message, code, syscall, $fault, $metadata, requestSent, errors };
}

/** SES's own code; else the socket's; else the HTTP status of an answer without a code. */
function providerCode({ name, code, $metadata }: Failure): string {
  if (name !== 'Unknown' && name !== 'Error' && name !== 'TimeoutError' && name !== 'AggregateError') return name;
  if (code) return code;
  return $metadata?.httpStatusCode === undefined ? name : `Http${$metadata.httpStatusCode}`;
}
