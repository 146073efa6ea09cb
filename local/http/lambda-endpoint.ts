import { notImplemented, ServiceError } from '../aws-service';
import { serializationError } from './error-responses';
import { awsJson, errorFields, type Protocol, type ServiceRequest } from './protocol';
import { parseObject } from './step-functions-endpoint';

interface Route {
  readonly method: string;
  /** With the function's name or ARN as its one group, unless the operation is about none. */
  readonly path: RegExp;
  readonly operation: string;
  /** @default - 200 */
  readonly status?: number;
}

/** The operations of Lambda's REST API that are understood here, each with the API version that AWS gave it. */
const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, operation: 'Invoke' },
  { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, operation: 'ListFunctions' },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)$/, operation: 'GetFunction' },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, operation: 'GetFunctionConfiguration' },
  { method: 'GET', path: /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/, operation: 'GetFunctionConcurrency' },
  { method: 'PUT', path: /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/, operation: 'PutFunctionConcurrency' },
  {
    method: 'DELETE',
    path: /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/,
    operation: 'DeleteFunctionConcurrency',
    status: 204,
  },
  {
    method: 'GET',
    path: /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/,
    operation: 'GetFunctionEventInvokeConfig',
  },
  {
    method: 'PUT',
    path: /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/,
    operation: 'PutFunctionEventInvokeConfig',
  },
];

/** Any path of Lambda's API begins like this. */
export const LAMBDA_PATH = /^\/20\d\d-\d\d-\d\d\//;

/** REST: the operation is in method and path, errors are named in x-amzn-ErrorType. */
export const lambdaProtocol: Protocol = {
  // Lambda itself refuses payloads above 6 MB, with an error of its own that says so.
  maximumBodyBytes: 8 * 1024 * 1024,

  async answer(service, request) {
    const { method, url, requestId } = request;
    for (const { path, operation, status = 200, ...route } of ROUTES) {
      const match = route.method === method ? path.exec(url.pathname) : null;
      if (match === null) continue;
      const input = operation === 'Invoke' ? invokeInput(request) : inputOf(request);
      if (match[1] !== undefined) input.FunctionName = decode(match[1]);
      const output = await service.handle(operation, input);
      if (operation === 'Invoke') return invokeAnswer(output, requestId);
      return { status, headers: headersOf(requestId), body: status === 204 ? '' : awsJson(output) };
    }
    throw notImplemented('Lambda', `${method} ${url.pathname}`);
  },

  refuse(error, requestId) {
    const type = error.statusCode < 500 ? 'User' : 'Server';
    return {
      status: error.statusCode,
      headers: { ...headersOf(requestId), 'x-amzn-errortype': error.name },
      body: awsJson({ Type: type, ...errorFields(error) }),
    };
  },
};

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
}

function invokeInput({ headers, url, body }: ServiceRequest): Record<string, unknown> {
  return {
    InvocationType: headers['x-amz-invocation-type'],
    LogType: headers['x-amz-log-type'],
    ClientContext: headers['x-amz-client-context'],
    Qualifier: url.searchParams.get('Qualifier') ?? undefined,
    Payload: body.length === 0 ? undefined : new Uint8Array(body.buffer, body.byteOffset, body.byteLength),
  };
}

function invokeAnswer(output: Record<string, unknown>, requestId: string) {
  const { StatusCode: status = 200, FunctionError, ExecutedVersion, LogResult, Payload = '' } = output;
  const headers = headersOf(requestId);
  if (FunctionError !== undefined) headers['x-amz-function-error'] = String(FunctionError);
  if (ExecutedVersion !== undefined) headers['x-amz-executed-version'] = String(ExecutedVersion);
  if (LogResult !== undefined) headers['x-amz-log-result'] = String(LogResult);
  return { status: Number(status), headers, body: Payload as string | Uint8Array };
}

/** Body and query string together; all that is a number in a query string here is MaxItems. */
function inputOf({ url, body }: ServiceRequest): Record<string, unknown> {
  const input = parseObject(body);
  for (const [name, value] of url.searchParams) {
    if (name === 'MaxItems' && !/^\d{1,9}$/.test(value)) {
      throw serializationError(`Expected MaxItems to be a whole number, got '${value}'.`);
    }
    input[name] = name === 'MaxItems' ? Number(value) : value;
  }
  return input;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ServiceError('ValidationException', `Expected a percent-encoded function name, got '${segment}'.`);
  }
}
