import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { BodyError, readBody } from '../http/body';

export interface Dynalite {
  /** Answers DynamoDB's wire protocol. Mount it in an HTTP server; dynalite opens no port of its own. */
  readonly listener: RequestListener;
  /** Lets operations under way finish, then closes the database. */
  close(): Promise<void>;
}

/** DynamoDB's own limit for one request. */
const MAXIMUM_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Starts dynalite, DynamoDB for development. CreateTable answers a moment before the table is ACTIVE, as on AWS: wait
 * with DescribeTable. With `path` the data stays in that directory, and a write that was answered survives the death of
 * this process (not of the machine: LevelDB leaves flushing to the operating system).
 */
export async function startDynalite(options: { readonly path?: string } = {}): Promise<Dynalite> {
  if (options.path !== undefined) mkdirSync(options.path, { recursive: true });
  const server = dynalite({ path: options.path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return {
    listener: (request, response) => {
      void answer(server, request, response);
    },
    close: () => close(server),
  };
}

/**
 * dynalite throws from its event listeners when a client goes away in the middle of a request, which would end the
 * process. It gets the request only once it is complete.
 */
async function answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    const { method, url, headers } = request;
    const complete = Object.assign(new EventEmitter(), { method, url, headers });
    server.emit('request', complete, response);
    if (body.length > 0) complete.emit('data', body);
    complete.emit('end');
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    const tooLarge = error instanceof BodyError;
    response.writeHead(tooLarge ? 413 : 500, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify({ __type: tooLarge ? 'RequestTooLarge' : 'InternalServerError', message: String(error) }),
    );
  }
}

/** dynalite closes its database only after its server, and a server that does not listen cannot be closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
  });
}
