import type { IncomingMessage } from 'node:http';

/** The client sent more than is accepted, or closed the connection before its request was complete. */
export class BodyError extends Error {}

/**
 * Reads a request's whole body.
 *
 * @throws BodyError where it is too long, or the client has gone
 */
export function readBody(request: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const abort = () => {
      // A request that is complete is closed, too.
      if (!request.complete) reject(new BodyError('The client ended the connection before its request.'));
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maximumBytes) {
        chunks.push(chunk);
        return;
      }
      // The rest is read and dropped: a client that is still sending would not see the answer otherwise.
      chunks.length = 0;
      reject(new BodyError(`Expected a body of at most ${maximumBytes} bytes, got more.`));
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', abort);
    request.on('close', abort);
  });
}
