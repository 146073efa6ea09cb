import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import type { ServiceError } from '../../../local/aws-service';
import { KeySchema, type KeyType } from '../../../local/dynamodb/key-schema';
import { BodyError, readBody } from '../../../local/http/body';
import { Guard } from './guard';

export interface Dynalite {
  /** Answers DynamoDB's wire protocol. Mount it in an HTTP server; dynalite opens no port of its own. */
  readonly listener: RequestListener;
  /** Lets operations under way finish, then closes the database. */
  close(): Promise<void>;
}

/** DynamoDB's own limit for one request. */
const MAXIMUM_BODY_BYTES = 16 * 1024 * 1024;
const CONTENT_TYPE = 'application/x-amz-json-1.0';

/**
 * Starts dynalite, DynamoDB for development, in memory: a second opinion on the embedded one. A guard before it refuses
 * what DynamoDB refuses and dynalite would accept. CreateTable answers a moment before the table is ACTIVE, as on AWS:
 * wait with DescribeTable.
 */
export function startDynalite(): Dynalite {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const guard = new Guard((tableName) => describeTable(server, tableName));
  return {
    listener: (request, response) => {
      void answer(server, guard, request, response);
    },
    close: () => close(server),
  };
}

/**
 * dynalite throws from its event listeners when a client goes away in the middle of a request, which would end the
 * process. It gets the request only once it is complete.
 */
async function answer(server: Server, guard: Guard, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    const { method, url, headers } = request;
    const call = callOf(request, body);
    if (call !== undefined) {
      const refusal = await guard.refusalOf(call.operation, call.input);
      if (refusal !== undefined) {
        refuse(response, refusal);
        return;
      }
      response.once('finish', () => guard.forget(call.operation, call.input));
    }
    forward(server, { method, url, headers }, body, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    const tooLarge = error instanceof BodyError;
    response.writeHead(tooLarge ? 413 : 500, { 'content-type': CONTENT_TYPE });
    response.end(
      JSON.stringify({ __type: tooLarge ? 'RequestTooLarge' : 'InternalServerError', message: String(error) }),
    );
  }
}

interface Head {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

function forward(server: Server, head: Head, body: Buffer, response: ServerResponse): void {
  const complete = Object.assign(new EventEmitter(), head);
  server.emit('request', complete, response);
  if (body.length > 0) complete.emit('data', body);
  complete.emit('end');
}

interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The call in a request, or undefined for one that dynalite refuses on account of its form or lack of a signature. */
function callOf({ method, headers }: IncomingMessage, body: Buffer): Call | undefined {
  const target = headers['x-amz-target'];
  if (method !== 'POST' || typeof target !== 'string' || headers.authorization === undefined) return undefined;
  try {
    const input: unknown = JSON.parse(body.toString());
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
    return { operation: target.slice(target.indexOf('.') + 1), input: input as Call['input'] };
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, { name, message, statusCode }: ServiceError): void {
  const body = JSON.stringify({ __type: `com.amazon.coral.validate#${name}`, message });
  response.writeHead(statusCode, { 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

interface TableDescription {
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: KeyType }[];
}

/** Asks dynalite, without a socket. A table that is not ACTIVE may soon be gone: nothing is learnt about it. */
async function describeTable(server: Server, tableName: string): Promise<KeySchema | undefined> {
  const text = await new Promise<string>((resolve) => {
    const response = { setHeader() {}, end: resolve } as unknown as ServerResponse;
    forward(server, DESCRIBE_TABLE, Buffer.from(JSON.stringify({ TableName: tableName })), response);
  });
  const { Table: table } = JSON.parse(text) as { readonly Table?: TableDescription };
  if (table?.TableStatus !== 'ACTIVE') return undefined;
  const [hash, range] = table.KeySchema.map(({ AttributeName: name }) => name) as [string, string?];
  const typeOf = (name: string | undefined) =>
    table.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return new KeySchema({
    tableName,
    hashKey: hash,
    hashKeyType: typeOf(hash),
    rangeKey: range,
    rangeKeyType: typeOf(range),
  });
}

/** dynalite looks only whether there is a signature. */
const DESCRIBE_TABLE: Head = {
  method: 'POST',
  url: '/',
  headers: {
    'content-type': CONTENT_TYPE,
    'x-amz-target': 'DynamoDB_20120810.DescribeTable',
    'x-amz-date': '20200101T000000Z',
    authorization: 'AWS4-HMAC-SHA256 Credential=guard, SignedHeaders=host, Signature=none',
  },
};

/** dynalite closes its database only after its server, and a server that does not listen cannot be closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
  });
}
