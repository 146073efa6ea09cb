import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Ages, Connections } from './connections';

/**
 * The SDK clients: built here and in `handler-clients.ts`, once per cold start, each on first use. One attempt per
 * call: a second try that the SDK made on its own could be a second e-mail, and a hidden throttle is a lost metric.
 */

/** How long a call may wait, in milliseconds. */
export interface Patience {
  /** For the TCP connection, a free one or a new one. TLS counts as part of the answer. */
  readonly connection: number;
  /** For the answer's first byte; and between two of its bytes. */
  readonly answer: number;
}

/** No answer within this time is a failed call; shorter than what a link keeps free at its end. */
export const PATIENCE: Patience = { connection: 3000, answer: 10_000 };

/**
 * Sockets to one service. A request that waits for a free one would use up its patience without having been sent, so
 * there are more than calls at a time: a chunk's items, 100 at most, a job's second effect for each of them, and the
 * heartbeats, reads and writes of the ledger, which share an address with them on the embedded engine. A Lambda
 * environment has 1,024 file descriptors, a connection takes one.
 */
export const MOST_SOCKETS = 256;

/**
 * Below the shortest time after which a peer in use closes an idle connection: five seconds, Node.js's server. A new
 * TLS handshake after each pause costs little; a mail in doubt must be looked into by a person.
 */
const IDLE_MILLISECONDS = 4000;

export function newConnections(ages?: Ages): Connections {
  return new Connections({ maxSockets: MOST_SOCKETS, idleMilliseconds: IDLE_MILLISECONDS, ages });
}

/** Those of this process. */
export const connections = lazily(() => newConnections());

/**
 * Closes the connections that are idle, of every client. For the start of each invocation: Lambda may have frozen the
 * environment since the last one, for seconds or for hours, and a connection that its peer closed meanwhile still looks
 * open. The clients themselves are kept, and so is what they know: credentials, the service's clock, TLS sessions.
 */
export function renewConnections(): void {
  connections().renew();
}

/** What every client is made with: one attempt, and these connections. */
export const onceThrough = (of: Connections, { connection, answer }: Patience) => ({
  maxAttempts: 1,
  requestHandler: {
    httpAgent: of.httpAgent,
    httpsAgent: of.httpsAgent,
    connectionTimeout: connection,
    requestTimeout: answer,
    throwOnRequestTimeout: true,
    // The SDK's own limit on an answer that begins and then stalls is five minutes.
    socketTimeout: answer,
  },
});

function newS3(of: Connections): S3Client {
  return new S3Client({
    ...onceThrough(of, PATIENCE),
    // An endpoint of one's own has no name for each bucket.
    forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
    // S3 has no checksum of a range, and what is read is pinned by its ETag. Both settings: without the second, the SDK
    // sends a checksum of nothing with each GET that does not ask for one.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

/**
 * The document client of this execution environment, for the ledger and for what a job reads: one attempt for each call,
 * 3 s for a connection and 10 s for an answer, up to 256 connections that no invocation inherits half-dead. Wrap reads in
 * `retryTransient`.
 *
 * @example
 * const answer = await dynamoDb().send(new BatchGetCommand({ RequestItems: { [variable('USERS_TABLE')]: { Keys: keys } } }));
 */
// It refuses `cacheMiddleware`.
export const dynamoDb = lazily(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient(onceThrough(connections(), PATIENCE))),
);
/**
 * The same for what needs every digit of a number: answers hold each as a `NumberValue`, the text that came. A client of
 * its own, because a document client keeps how it converts in the configuration of the client that it stands on.
 */
export const exactDynamoDb = lazily(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient(onceThrough(connections(), PATIENCE)), {
    unmarshallOptions: { wrapNumbers: true },
  }),
);
/** The S3 client, for what a source reads. */
export const s3 = lazily(() => newS3(connections()));

/**
 * An environment variable of the function, as the construct's `environment` sets it. Read it when the job runs, not when
 * its module is imported: the construct imports it at synthesis, where the variable is missing.
 *
 * @example
 * load: (ids) => readUsers(variable('USERS_TABLE'), ids),
 *
 * @throws Error where it is missing or empty
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`Expected the environment variable ${name} to be set, got nothing: set it on the function.`);
  return value;
}

/**
 * Made on first use, then kept. A bundler may leave out such a function where it is not used, and its SDK client with it.
 * @__NO_SIDE_EFFECTS__
 */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
