import { createServer as createHttpServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Headers that are about one connection, so that the other side of a forwarder has its own (RFC 9110, section 7.6.1). */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/**
 * An address in front of an embedded service that a test can make unreachable for a while, as a client sees an outage:
 * the connection is refused, so the client knows that no request was sent.
 */
export class InterruptibleEndpoint {
  /** Speaks HTTP over the connections that `listener` takes; it never listens itself. */
  private readonly http = createHttpServer((incoming, response) => this.forward(incoming, response));
  /** Connections without a request under way. */
  private readonly idle = new Set<Socket>();
  /** @default - there is an outage */
  private listener?: Server;
  /** Requests that were cut without being forwarded: their client cannot know that nobody has read them. */
  cut = 0;

  private constructor(
    private readonly targetPort: number,
    private port = 0,
  ) {}

  /** Listens on a free port of 127.0.0.1 and forwards to another one there. */
  static async open(targetPort: number): Promise<InterruptibleEndpoint> {
    const endpoint = new InterruptibleEndpoint(targetPort);
    await endpoint.reopen();
    return endpoint;
  }

  /** The value of `AWS_ENDPOINT_URL_*`; the same before and after an outage. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Refuses connections from now on, and ends those without a request under way. A request that has been forwarded is
   * still answered: an outage leaves nothing in doubt. Resolves once the clients know that their idle connections have
   * ended. A request that one of them sends into such a connection before it knows is cut without being forwarded.
   */
  async close(): Promise<void> {
    this.listener?.close();
    this.listener = undefined;
    const ended = [...this.idle].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
          socket.end();
        }),
    );
    await Promise.all(ended);
  }

  /** Takes connections again. Rejects if somebody has taken the port meanwhile. */
  async reopen(): Promise<void> {
    if (this.listener !== undefined) return;
    const listener = createServer((socket) => this.connected(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(this.port, '127.0.0.1', resolve);
    });
    this.listener = listener;
    this.port = (listener.address() as AddressInfo).port;
  }

  private connected(socket: Socket): void {
    this.idle.add(socket);
    socket.once('close', () => this.idle.delete(socket));
    this.http.emit('connection', socket);
  }

  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers, socket } = incoming;
    if (this.listener === undefined) {
      this.cut += 1;
      socket.destroy();
      return;
    }
    this.idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) this.idle.add(socket);
    });
    // A connection for each request: one that was kept could end under the next.
    const options = { host: '127.0.0.1', port: this.targetPort, method, path: url, headers, agent: false };
    const onward = request(options, (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
      // An outage has begun meanwhile: the connection ends with this answer, as the idle ones have.
      const last = this.listener === undefined ? { connection: 'close' } : {};
      response.writeHead(answer.statusCode ?? 502, { ...Object.fromEntries(kept), ...last });
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    incoming.pipe(onward);
  }
}
