/** What a function URL hands over, as far as it matters (Lambda developer guide, payload format 2.0). */
interface FunctionUrlEvent {
  readonly requestContext?: { readonly http?: { readonly method?: unknown } };
  readonly queryStringParameters?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** A request, read with suspicion: anybody may send anything. */
export interface UnsubscribeRequest {
  readonly method: string;
  readonly token: string;
  /** It is made ahead of a click that may never come. */
  readonly isPrefetch: boolean;
  /** What is asked for by a POST; undefined where it is neither. */
  readonly action?: 'unsubscribe' | 'resubscribe';
}

/** Characters of a body that are looked at: ours have thirty. */
const LONGEST_BODY = 10_000;
/** RFC 8058, 3.1: the one pair that a one-click POST has, as a form of either kind. */
const ONE_CLICK = ['List-Unsubscribe', 'One-Click'] as const;

export function readRequest(event: unknown): UnsubscribeRequest {
  const {
    requestContext,
    queryStringParameters,
    headers = {},
    body,
    isBase64Encoded,
  } = (event ?? {}) as FunctionUrlEvent;
  const header = (name: string) => text(Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]);
  const action = actionOf(bodyOf(body, isBase64Encoded === true), header('content-type'));
  return {
    method: text(requestContext?.http?.method).toUpperCase(),
    token: text(queryStringParameters?.t),
    isPrefetch: /prefetch|prerender|preview/i.test(
      `${header('sec-purpose')} ${header('purpose')} ${header('x-purpose')} ${header('x-moz')}`,
    ),
    ...(action && { action }),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function bodyOf(body: unknown, isBase64: boolean): string {
  const given = text(body).slice(0, LONGEST_BODY);
  return isBase64 ? Buffer.from(given, 'base64').toString('utf8') : given;
}

function actionOf(body: string, contentType: string): UnsubscribeRequest['action'] {
  const fields = /^multipart\/form-data/i.test(contentType) ? partsOf(body) : new URLSearchParams(body);
  const [name, value] = ONE_CLICK;
  if (fields.get(name) === value) return fields.get('action') === 'resubscribe' ? 'resubscribe' : 'unsubscribe';
  return undefined;
}

/** The plain fields of a form in parts (RFC 7578). */
function partsOf(body: string): Pick<URLSearchParams, 'get'> {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of body.matchAll(
    /content-disposition:\s*form-data;\s*name="([^"\r\n]{1,100})"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)/gi,
  )) {
    fields.set(name, value);
  }
  return { get: (name) => fields.get(name) ?? null };
}
