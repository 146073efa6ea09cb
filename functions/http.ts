import * as nodeHttp from 'node:http';
import * as nodeHttps from 'node:https';
import type { Duplex } from 'node:stream';
import { connections } from './clients';
import type { Connections } from './connections';
import type { Refusal } from './contract/errors';
import { rejected } from './contract/verdicts';
import { unanswered, verdictOn } from './effects/http-verdict';

export interface HttpOptions {
  /** @default - GET, or POST where there is something to send */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What to send as it is. */
  readonly body?: string | Uint8Array;
  /** What to send as JSON, with its `content-type`. */
  readonly json?: unknown;
  /** Sent as the header `Idempotency-Key`. */
  readonly idempotencyKey?: string;
  /** Ends the request: that of the call. @default - given up after 10 seconds */
  readonly signal?: AbortSignal;
  /** Statuses beside 2xx that are no failure of the item. @default - none */
  readonly accept?: readonly number[];
}

/** A whole answer. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case names; several of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** @throws SyntaxError where the body is no JSON */
  json(): unknown;
}

/** A connection that is not there within this time, TLS included, counts as not made. */
const CONNECTION_MILLISECONDS = 3000;
/** A request without a signal is given up after this time. */
const USUAL_MILLISECONDS = 10_000;
/** Of a larger answer the rest is not read. */
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Makes one HTTP request, and says what became of it: resolves with the answer where it is a success, its body read to
 * the end; throws what `call` wants to know otherwise. It follows no redirection and repeats nothing: `call` does, under
 * the provider's pace. Its connections are those of the functions: none is used that was idle while Lambda froze them.
 *
 * | what came | verdict |
 * | --- | --- |
 * | 2xx, or a status of `accept` | the answer |
 * | 429, 425; 503 with `Retry-After`; no connection | `throttled`: tried again, not before `Retry-After` is over |
 * | 307, 308, other 4xx but 408 | `rejected`, with the code `Http404` for instance |
 * | 408; 409 to a request with a key; other 3xx and 5xx; no whole answer | `inDoubt` |
 *
 * @throws Refusal with that verdict; its `cause` is the `HttpResponse` where there was one. Its message has neither URL nor body
 */
export function http(url: string | URL, options: HttpOptions = {}): Promise<HttpResponse> {
  return httpOver(connections(), url, options);
}

/** `http` over these connections. */
export async function httpOver(over: Connections, url: string | URL, options: HttpOptions = {}): Promise<HttpResponse> {
  const { signal = AbortSignal.timeout(USUAL_MILLISECONDS), accept = [], idempotencyKey } = options;
  const request = requestOf(over, url, options);
  const keyed = idempotencyKey !== undefined;
  const response = await answerTo(request, { over, signal, keyed });
  const { status, headers } = response;
  if (accept.includes(status)) return response;
  const verdict = verdictOn({ status, headers, keyed, now: Date.now() });
  if (!verdict) return response;
  throw Object.assign(verdict, { cause: response });
}

/** A request that is begun by its `end`. */
interface Prepared {
  readonly request: nodeHttp.ClientRequest;
  readonly body: Uint8Array | undefined;
}

/** @throws Refusal `rejected`, where there can be no such request: nothing was sent */
function requestOf(over: Connections, url: string | URL, options: HttpOptions): Prepared {
  const { json, idempotencyKey } = options;
  if (json !== undefined && options.body !== undefined) {
    throw rejected('InvalidRequest', 'Expected `body` or `json`, got both: leave one out.');
  }
  try {
    const target = new URL(url);
    const isTls = target.protocol === 'https:';
    if (!isTls && target.protocol !== 'http:') throw new Error('Expected a URL of http or https.');
    const body = bytesOf(json === undefined ? options.body : JSON.stringify(json));
    const { method = body ? 'POST' : 'GET' } = options;
    const headers: Record<string, string> = { ...options.headers };
    const add = (name: string, value: string) => {
      if (!Object.keys(headers).some((one) => one.toLowerCase() === name)) headers[name] = value;
    };
    if (json !== undefined) add('content-type', 'application/json');
    if (body) add('content-length', String(body.byteLength));
    if (idempotencyKey !== undefined) add('idempotency-key', idempotencyKey);
    const agent = isTls ? over.httpsAgent : over.httpAgent;
    return { request: (isTls ? nodeHttps : nodeHttp).request(target, { method, headers, agent }), body };
  } catch (error) {
    const { code = 'InvalidRequest' } = error as NodeJS.ErrnoException;
    throw rejected(code, 'Expected a request that can be made, got a wrong URL, method, header or body: correct it.');
  }
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  throw new Error('Expected `body` to be a text or bytes.');
}

/** @throws Refusal where no whole answer came */
function answerTo(
  { request, body }: Prepared,
  { over, signal, keyed }: { readonly over: Connections; readonly signal: AbortSignal; readonly keyed: boolean },
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let socket: Duplex | undefined;
    const end = () => {
      clearTimeout(connecting);
      signal.removeEventListener('abort', onAbort);
    };
    const refuse = (refusal: Refusal) => {
      end();
      reject(refusal);
      request.destroy();
    };
    const lose = (error: unknown) => refuse(unanswered(error, over.mayHaveSent(socket)));
    const onAbort = () => lose(signal.reason);
    const connecting = setTimeout(() => {
      if (!over.mayHaveSent(socket)) lose({ code: 'ConnectTimeout' });
    }, CONNECTION_MILLISECONDS);
    request.once('socket', (found) => {
      socket = found;
    });
    // Not only once: what is destroyed may still fail.
    request.on('error', lose);
    request.once('response', (answer) => {
      const { statusCode: status = 0 } = answer;
      const headers = headersOf(answer);
      readWhole(answer).then(
        (body) => {
          end();
          resolve({ status, headers, body, text: () => textOf(body), json: () => JSON.parse(textOf(body)) });
        },
        // What was refused was refused, however little of the page about it came.
        (error) => refuse(verdictOn({ status, headers, keyed, now: Date.now() }) ?? unanswered(error, true)),
      );
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else request.end(body);
  });
}

/** Reads to the end, so that the connection can be used again. */
async function readWhole(answer: nodeHttp.IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LARGEST_BODY_BYTES) throw Object.assign(new Error('too large'), { code: 'AnswerTooLarge' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString('utf8');
}

function headersOf({ headers }: nodeHttp.IncomingMessage): Readonly<Record<string, string>> {
  const joined = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return Object.fromEntries(joined);
}
