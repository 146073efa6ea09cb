import type { Failure } from './failure';

/** Answer of Lambda's Invoke. */
export interface InvocationResponse {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly Payload?: Uint8Array | string;
  readonly ExecutedVersion?: string;
}

/** What `$states.result` holds after `lambda:invoke`: the payload is parsed, as AWS does it. */
export function invocationResult(response: InvocationResponse | undefined): Record<string, unknown> {
  if (response === undefined) return { Payload: '', StatusCode: 202 };
  const { ExecutedVersion, StatusCode } = response;
  return {
    ...(ExecutedVersion === undefined ? undefined : { ExecutedVersion }),
    Payload: payload(response),
    StatusCode,
  };
}

function payload(response: InvocationResponse): unknown {
  const text = payloadText(response);
  // An asynchronous invocation answers nothing.
  if (text === '') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function payloadText({ Payload = '' }: InvocationResponse): string {
  return typeof Payload === 'string' ? Payload : Buffer.from(Payload).toString();
}

/** Why an invocation failed: the function threw (`FunctionError`), or Lambda's API refused. */
export function invocationFailure(response: Error): Failure;
export function invocationFailure(response: InvocationResponse): Failure | undefined;
export function invocationFailure(response: InvocationResponse | Error): Failure | undefined {
  if (response instanceof Error) return refusedInvocation(response);
  if (response.FunctionError === undefined) return undefined;
  const cause = payloadText(response);
  const thrown = payload(response);
  const errorType =
    typeof thrown === 'object' && thrown !== null && 'errorType' in thrown ? thrown.errorType : undefined;
  if (typeof errorType === 'string' && errorType !== '') return { error: errorType, cause };
  return {
    error: 'Lambda.Unknown',
    cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${cause}`,
  };
}

function refusedInvocation(error: Error): Failure {
  const statusCode = 'statusCode' in error ? error.statusCode : undefined;
  if (typeof statusCode !== 'number') {
    return { error: 'Lambda.SdkClientException', cause: `Unable to execute HTTP request: ${error.message}` };
  }
  return { error: `Lambda.${error.name}`, cause: `${error.message} (Service: Lambda, Status Code: ${statusCode})` };
}
