import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Service, ServiceError } from '../aws-service';
import { FUNCTION_URL_PATH, type UrlRequest } from '../lambda/function-url';
import type { S3 } from '../s3/s3-service';
import { BodyError, readBody } from './body';
import { DYNAMODB_TARGET, dynamoDbProtocol } from './dynamodb-endpoint';
import { errorFor, newRequestId } from './error-responses';
import { LAMBDA_PATH, lambdaProtocol } from './lambda-endpoint';
import type { Answer, Protocol } from './protocol';
import { answerS3, refuseS3 } from './s3-endpoint';
import { isForS3 } from './s3-request';
import { SECRETS_TARGET, secretsProtocol } from './secrets-endpoint';
import { sesProtocol } from './ses-endpoint';
import { isForSns, snsProtocol } from './sns-endpoint';
import { SQS_TARGET, sqsProtocol } from './sqs-endpoint';
import { STEP_FUNCTIONS_TARGET, stepFunctionsProtocol, unknownTarget } from './step-functions-endpoint';

export interface HttpServerOptions {
  /** Loopback port; 0 = any that is free. */
  readonly port: number;
  readonly services: {
    readonly stepFunctions?: Service;
    readonly lambda?: Service;
    readonly ses?: Service;
    readonly dynamodb?: Service;
    readonly s3?: S3;
    readonly sqs?: Service;
    readonly secrets?: Service;
    readonly sns?: Service;
  };
  /**
   * Answers what no service claims. Resolves to false if it does not know the address either. @default - there is none
   */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Answers for the host names of function URLs, below `/lambda-url/`. @default - there are none */
  readonly functionUrl?: (request: UrlRequest) => Promise<Answer | undefined>;
  /**
   * Called with every exception that is no `ServiceError`; the caller got an InternalFailure. @default - nothing is
   * called
   */
  readonly onError?: (error: unknown, request: string) => void;
}

export interface HttpServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a slash at its end: the value of `AWS_ENDPOINT_URL_*`. */
  readonly url: string;
  /** Ends every connection, those with a request under way included. */
  close(): Promise<void>;
}

/**
 * Connections that may wait to be accepted. Forty environments open more than a thousand at once; what is beyond the queue is
 * dropped, and its client waits for a second before it asks again. The system's own limit may be lower.
 */
const BACKLOG = 4096;

/** Longer than SDK clients keep an idle connection, so that none of them sends into one that is being closed. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/**
 * Serves every embedded service and the page on one loopback port.
 *
 * @throws Error of Node.js where the port is taken
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    void handle(options, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', BACKLOG, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Never rejects: whatever is thrown, the caller gets an error response. */
async function handle(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let protocol: Pick<Protocol, 'refuse'> = isForS3(request)
    ? { refuse: (error, requestId) => refuseS3(error, requestId, request) }
    : stepFunctionsProtocol;
  const requestId = newRequestId();
  try {
    const isForFunction = FUNCTION_URL_PATH.test(request.url ?? '');
    refuseStrangers(request, isForFunction);
    const target = isForFunction ? 'functionUrl' : targetOf(request);
    if (target === 'functionUrl') {
      write(response, await answerWithFunction(options, request, requestId));
      return;
    }
    if (target === 'page') {
      await answerWithPage(options, request, response);
    } else if (target === 's3') {
      await answerS3(required(options.services.s3, 'S3'), request, response, requestId);
    } else {
      const known = PROTOCOLS[target];
      protocol = known;
      const service = required(options.services[target], NAMES[target]);
      const body = await readBody(request, known.maximumBodyBytes);
      const { method = '', headers } = request;
      write(response, await known.answer(service, { method, url: urlOf(request), headers, body, requestId }));
    }
  } catch (thrown) {
    const error = errorFor(thrown);
    if (error !== thrown && !(thrown instanceof BodyError)) report(options, thrown, request);
    if (response.headersSent) response.destroy();
    else write(response, protocol.refuse(error, requestId));
  }
}

const PROTOCOLS = {
  stepFunctions: stepFunctionsProtocol,
  lambda: lambdaProtocol,
  ses: sesProtocol,
  dynamodb: dynamoDbProtocol,
  sqs: sqsProtocol,
  secrets: secretsProtocol,
  sns: snsProtocol,
};
const NAMES = {
  stepFunctions: 'Step Functions',
  lambda: 'Lambda',
  ses: 'SES',
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  secrets: 'Secrets Manager',
  sns: 'SNS',
};

/**
 * The service that a request is for: told by what it is signed for, by a header, by the path, or by its being a form. A
 * bucket may have the name of a path of Lambda or of the page, so S3 comes first.
 */
function targetOf(request: IncomingMessage): keyof typeof PROTOCOLS | 's3' | 'page' {
  if (isForS3(request)) return 's3';
  const { method, url = '/', headers } = request;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    if (target.startsWith(DYNAMODB_TARGET)) return 'dynamodb';
    if (target.startsWith(STEP_FUNCTIONS_TARGET)) return 'stepFunctions';
    if (target.startsWith(SQS_TARGET)) return 'sqs';
    if (target.startsWith(SECRETS_TARGET)) return 'secrets';
    throw unknownTarget(target);
  }
  if (LAMBDA_PATH.test(url)) return 'lambda';
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (method !== 'POST' || url !== '/' || !isForm) return 'page';
  return isForSns(request) ? 'sns' : 'ses';
}

/** Lambda's own limit for a request to a function URL is 6 MB. */
const LARGEST_URL_BODY = 6 * 1024 * 1024;

async function answerWithFunction(
  { functionUrl }: HttpServerOptions,
  request: IncomingMessage,
  requestId: string,
): Promise<Answer> {
  const { method = '', url: target = '', headers } = request;
  const body = await readBody(request, LARGEST_URL_BODY);
  const answer = await functionUrl?.({ method, target, headers, body, requestId, now: Date.now() });
  if (answer) return answer;
  throw new ServiceError('NotFoundException', `Expected the address of a function, got ${target}.`, 404);
}

async function answerWithPage(
  { page }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (page !== undefined && (await page(request, response))) return;
  throw new ServiceError(
    'UnknownOperationException',
    `Expected a request to Step Functions, Lambda, SES v1, SNS, SQS or DynamoDB, or one signed for S3, got ${request.method} ${request.url}; nothing is served there.`,
    404,
  );
}

function required<Embedded>(embedded: Embedded | undefined, name: string): Embedded {
  if (embedded !== undefined) return embedded;
  throw new ServiceError('UnknownOperationException', `This server was started without ${name}.`, 501);
}

/**
 * The server trusts whoever reaches it, so no web page may reach it but its own: neither by a request from elsewhere
 * (Origin), nor by a domain that was pointed at 127.0.0.1 (Host).
 */
function refuseStrangers({ headers }: IncomingMessage, isForFunction: boolean): void {
  const { host = '', origin } = headers;
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)) {
    throw new ServiceError('AccessDeniedException', `Expected a request to 127.0.0.1, got one to '${host}'.`, 403);
  }
  // A function URL is there for everybody, and its function knows whom to trust.
  if (!isForFunction && origin !== undefined && origin !== `http://${host}`) {
    throw new ServiceError(
      'AccessDeniedException',
      `Expected a request from http://${host}, got one from '${origin}'.`,
      403,
    );
  }
}

/** A path such as `//` has no meaning as a URL of its own. */
function urlOf(request: IncomingMessage): URL {
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
  if (url !== null) return url;
  throw new ServiceError('ValidationException', `Expected a path, got '${request.url}'.`);
}

function report({ onError }: HttpServerOptions, thrown: unknown, request: IncomingMessage): void {
  try {
    onError?.(thrown, `${request.method} ${request.url}`);
  } catch {
    // A listener that throws must not leave the caller without an answer.
  }
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': String(length) });
  response.end(body);
}
