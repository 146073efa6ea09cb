import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInOptions {
  /** On loopback; 0 takes any free one. */
  readonly port: number;
  /** Share of the requests that are refused by 429, 0 to 1: not done, and to come again a second later. */
  readonly throttledShare: number;
  /** Share of the requests that are done, and never answered, 0 to 1. */
  readonly silentShare: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * Stands in for the API on this machine. It honours `Idempotency-Key`: a request with a key that it has seen is answered as
 * the first one was, and not done again. It counts what it did.
 */
export class StandInApi {
  /** How often each customer was written, by id. */
  readonly writes = new Map<string, number>();
  /** What the last write of each customer said, by id. */
  readonly customers = new Map<string, unknown>();
  throttled = 0;
  silent = 0;
  /** Requests whose key had been seen. */
  repeated = 0;
  readonly #keys = new Set<string>();
  readonly #server: Server;

  private constructor(private readonly options: StandInOptions) {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  /** @throws Error where the port is taken */
  static async open(options: StandInOptions): Promise<StandInApi> {
    const api = new StandInApi(options);
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(options.port, '127.0.0.1', resolve);
    });
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets the process end while it listens. */
  unref(): void {
    this.#server.unref();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { throttledShare, silentShare, random } = this.options;
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined) return;
    const draw = random();
    if (draw < throttledShare) {
      this.throttled += 1;
      response.writeHead(429, { 'retry-after': this.throttled % 2 === 0 ? '1' : inOneSecond() }).end();
      return;
    }
    const [, id] = /^\/customers\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const key = request.headers['idempotency-key'];
    if (request.method !== 'PUT' || id === undefined || typeof key !== 'string') {
      response.writeHead(400).end();
      return;
    }
    this.#write(decodeURIComponent(id), key, body);
    // The work is done; whoever asked will not hear of it.
    if (draw < throttledShare + silentShare) this.silent += 1;
    else response.writeHead(204).end();
  }

  #write(id: string, key: string, body: string): void {
    if (this.#keys.has(key)) {
      this.repeated += 1;
      return;
    }
    this.#keys.add(key);
    this.writes.set(id, (this.writes.get(id) ?? 0) + 1);
    this.customers.set(id, JSON.parse(body));
  }
}

/** The other form of `Retry-After`; it knows no part of a second. */
function inOneSecond(): string {
  return new Date(Date.now() + 1000).toUTCString();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
