import { invalidRequestContent, requestTooLarge, validationError } from './lambda-errors';
import type { InvocationResult } from './runtime';

export type InvocationType = 'RequestResponse' | 'Event';

/**
 * Lambda's quotas for the request of an invocation (Invoke API; the asynchronous one was 256 KB until October 2025).
 */
export const REQUEST_LIMIT_BYTES: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6 * 1024 * 1024,
  Event: 1024 * 1024,
};

/** 6 MB and 100 bytes, as Lambda's own error message says. */
export const RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024 + 100;

/**
 * The JSON text of a request's payload; `{}` if there is none, which is what the function then receives.
 *
 * @throws LambdaError `RequestTooLargeException` where it is too large
 * @throws LambdaError `InvalidRequestContentException` where it is not JSON
 * @throws LambdaError `ValidationException` where it is neither a string nor bytes
 */
export function requestPayload(payload: unknown, invocationType: InvocationType): string {
  if (payload !== undefined && typeof payload !== 'string' && !(payload instanceof Uint8Array)) {
    throw validationError('payload', typeof payload, 'Member must be a string or bytes');
  }
  const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : (payload?.byteLength ?? 0);
  const limit = REQUEST_LIMIT_BYTES[invocationType];
  if (bytes > limit) {
    throw requestTooLarge(bytes, limit, invocationType);
  }
  if (payload === undefined || bytes === 0) {
    return '{}';
  }
  try {
    const text = typeof payload === 'string' ? payload : new TextDecoder('utf-8', { fatal: true }).decode(payload);
    JSON.parse(text);
    return text;
  } catch (error) {
    throw invalidRequestContent(error instanceof Error ? error.message : String(error));
  }
}

export type Outcome = 'returned' | 'threw' | 'timed-out' | 'died';

/** What an invocation answers: the response's JSON text, and how it came about. */
export interface FunctionResponse {
  readonly outcome: Outcome;
  readonly payload: string;
  /** Present unless the function returned. */
  readonly errorType?: string;
}

/** Deaths that Lambda itself reports, as newer runtimes name them; the rest is what the runtime says while it dies. */
const SAID_BY_THE_SANDBOX: ReadonlySet<string> = new Set(['Runtime.ExitError', 'Runtime.OutOfMemory']);

/** The response to the end of an invocation, in the words of Lambda's Node.js runtime. */
export function responseTo(result: InvocationResult, requestId: string): FunctionResponse {
  switch (result.kind) {
    case 'returned':
      return returned(result.value);
    case 'threw':
      return failed('threw', {
        errorType: result.errorType,
        errorMessage: result.errorMessage,
        trace: [...result.trace],
      });
    case 'died':
      return failed('died', {
        errorType: result.errorType,
        // Only the sandbox names the request; what the runtime reports of a dying process it reports as it was thrown.
        errorMessage: SAID_BY_THE_SANDBOX.has(result.errorType)
          ? `RequestId: ${requestId} Error: ${result.errorMessage}`
          : result.errorMessage,
      });
  }
}

/** The response to an invocation that the service has killed at its deadline. */
export function timedOut(timeoutSeconds: number, requestId: string): FunctionResponse {
  return failed('timed-out', {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  });
}

function returned(value: unknown): FunctionResponse {
  let payload: string;
  try {
    payload = JSON.stringify(value) ?? 'null';
  } catch {
    const message = 'Unable to stringify response body';
    return failed('threw', { errorType: 'Error', errorMessage: message, trace: [`Error: ${message}`] });
  }
  const bytes = Buffer.byteLength(payload);
  if (bytes > RESPONSE_LIMIT_BYTES) {
    return failed('threw', {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`,
    });
  }
  return { outcome: 'returned', payload };
}

function failed(
  outcome: Outcome,
  error: { errorType: string; errorMessage: string; trace?: string[] },
): FunctionResponse {
  return { outcome, errorType: error.errorType, payload: JSON.stringify(error) };
}
