import { type Service, ServiceError } from '../aws-service';
import type { Answer } from '../http/protocol';

/** An address at which anybody may invoke a function. */
export interface FunctionUrlConfig {
  readonly logicalId: string;
  /** The part of the host name that is its own. */
  readonly id: string;
  /** `https://<id>.lambda-url.<region>.on.aws/`, as the template's values have it. */
  readonly url: string;
  readonly functionName: string;
}

/** Below this path the server of the engine stands for the host names of function URLs: `/lambda-url/<id>/…`. */
export const FUNCTION_URL_PATH = /^\/lambda-url\/([a-z0-9]+)(\/[^?]*)?(?:\?|$)/;

export interface UrlRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Content types whose bodies Lambda hands over as text; all others are base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b|[^;]*\+(json|xml)\b)/i;

/** The event of a request in payload format 2.0 (Lambda Developer Guide, "Invoking Lambda function URLs"). */
export function urlEvent({ id, url }: FunctionUrlConfig, request: UrlRequest): Record<string, unknown> {
  const { method, target, headers, body, requestId, now } = request;
  const [, , rawPath = '/'] = FUNCTION_URL_PATH.exec(target) ?? [];
  const mark = target.indexOf('?');
  const rawQueryString = mark < 0 ? '' : target.slice(mark + 1);
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query.set(name, query.has(name) ? `${query.get(name)},${value}` : value);
  }
  const { cookie, ...others } = headers;
  const joined = Object.entries(others).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(',') : String(value)] as const],
  );
  const domainName = new URL(url).host;
  const isText = TEXT.test(String(headers['content-type'] ?? ''));
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: String(cookie).split('; ') }),
    headers: { ...Object.fromEntries(joined), host: domainName, 'x-forwarded-proto': 'https' },
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: id,
      domainName,
      domainPrefix: id,
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: String(headers['user-agent'] ?? ''),
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** What the function's answer becomes: a response of its own making, or 200 with whatever else it answers as JSON. */
export function urlAnswer(payload: string): Answer {
  const value: unknown = payload === '' ? null : JSON.parse(payload);
  const { statusCode, headers = {}, body = '', isBase64Encoded, cookies } = (value ?? {}) as Record<string, unknown>;
  if (statusCode === undefined) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: text };
  }
  const status = Number(statusCode);
  // A status that HTTP does not have is a failure of the function.
  if (!Number.isInteger(status) || status < 200 || status > 599) return URL_FAILED;
  const given = Object.entries((headers ?? {}) as Record<string, unknown>).map(([name, text]) => [
    name.toLowerCase(),
    String(text),
  ]);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(given),
      ...(Array.isArray(cookies) && cookies.length > 0 && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  };
}

/** What Lambda answers where the function failed, or has no room. */
const URL_FAILED: Answer = jsonAnswer(502, 'Internal Server Error');
const URL_THROTTLED: Answer = jsonAnswer(429, 'Rate Exceeded.');

function jsonAnswer(status: number, Message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ Message }) };
}

/** Invokes the function of the address that a request is for. Undefined where there is no such address. */
export async function answerUrl(
  request: UrlRequest,
  urls: readonly FunctionUrlConfig[],
  lambda: Service,
): Promise<Answer | undefined> {
  const [, id] = FUNCTION_URL_PATH.exec(request.target) ?? [];
  const config = urls.find((candidate) => candidate.id === id);
  if (!config) return undefined;
  const Payload = Buffer.from(JSON.stringify(urlEvent(config, request)));
  const input = { FunctionName: config.functionName, InvocationType: 'RequestResponse', Payload };
  try {
    const answer = await lambda.handle('Invoke', input);
    if (answer.FunctionError !== undefined) return URL_FAILED;
    return urlAnswer(Buffer.from((answer.Payload ?? []) as Uint8Array).toString());
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'TooManyRequestsException') return URL_THROTTLED;
    throw error;
  }
}
