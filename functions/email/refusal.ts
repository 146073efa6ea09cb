import { isSignedTooLate, isThrottle } from '../contract/aws-errors';
import { Refusal, type RefusalKind } from '../contract/errors';
import { sesErrorOf } from './ses-errors';

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

/** Failures that come without a code of SES, or with one that AWS does not document. */
export interface FailureRule {
  /** What it is, in words: for the documentation. */
  readonly what: string;
  readonly kind: Exclude<RefusalKind, 'suppressed'>;
  readonly why: string;
  readonly when: (failure: Failure) => boolean;
}

/** What is meant by whatever no documented error fits; the first rule that fits decides, and the last one always does. */
export const FAILURE_RULES: readonly FailureRule[] = [
  {
    what: 'Another code of AWS for too many calls, or HTTP 429, with “Daily message quota exceeded”',
    kind: 'quota-exhausted',
    why: 'The message tells the quota of the day from the rate.',
    when: (failure) => isThrottle(failure) && /daily (message|sending) quota exceeded/i.test(failure.message),
  },
  {
    what: 'Another code of AWS for too many calls, or HTTP 429',
    kind: 'throttled',
    why: 'Refused for its rate: nothing was sent.',
    when: isThrottle,
  },
  {
    what: 'A connection that was never made: refused, timed out, no route, name not resolved, TLS not completed, no socket free',
    kind: 'throttled',
    why: 'Nothing was sent, and it passes by waiting: a blip of the name service must not cost thousands of items.',
    when: neverSent,
  },
  {
    what: 'Another code of AWS for a call that was signed at a wrong time',
    kind: 'throttled',
    why: 'Nothing was sent, and the next try is signed anew.',
    when: isSignedTooLate,
  },
  {
    what: 'No credentials to be had: `CredentialsProviderError`, `TokenProviderError`',
    kind: 'rejected',
    why: 'Nothing was sent, and waiting does not help.',
    when: ({ name }) => /^(Credentials|Token)ProviderError$/.test(name),
  },
  {
    what: 'HTTP 408',
    kind: 'ambiguous',
    why: 'It leaves open whether the mail went out.',
    when: ({ $metadata }) => $metadata?.httpStatusCode === 408,
  },
  {
    what: 'Any other HTTP 4xx, with or without a code',
    kind: 'rejected',
    why: 'A fault of the call: nothing was sent, and the same call would be refused again.',
    when: isClientFault,
  },
  {
    what: 'Everything else: a connection that was made and then broke, a timeout, HTTP 5xx, an answer that cannot be read, an answer without a message id (`NoMessageId`)',
    kind: 'ambiguous',
    why: 'It leaves open whether the mail went out.',
    when: () => true,
  },
];

function isClientFault({ $metadata, $fault }: Failure): boolean {
  const status = $metadata?.httpStatusCode;
  return status === undefined ? $fault === 'client' : status >= 400 && status < 500;
}

/** What its code says, if it can be so: a code for a fault of the call counts only where the call was at fault. */
function kindOf(failure: Failure): RefusalKind {
  const documented = sesErrorOf(failure.name, failure.message);
  if (documented && (documented.kind !== 'rejected' || isClientFault(failure))) return documented.kind;
  return FAILURE_RULES.find((rule) => rule.when(failure))?.kind ?? 'ambiguous';
}

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
 * Translates what the SES client threw at one SendRawEmail call: by the documented errors (functions/email/ses-errors.ts) first.
 *
 * @param called what the refusal's message calls these texts, addresses for instance, instead of repeating them
 */
export function refusalFrom(error: unknown, called: Readonly<Record<string, string>> = {}): Refusal {
  // By shape: an error of another realm, a worker's or a test's, is no instance of this one's Error.
  const { name = 'Unknown', message = String(error), ...rest } = details(error);
  const failure: Failure = { name, message, ...rest };
  const kind = kindOf(failure);
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
