import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import type { SESClient } from '@aws-sdk/client-ses';

/** How long ago something was, by two clocks. */
export interface Ages {
  /** Milliseconds since the epoch: goes on while Lambda freezes the environment, but may be set back. */
  wall(): number;
  /** Milliseconds since any moment: never goes back, but may stand still in a frozen environment. */
  monotonic(): number;
}

export interface ConnectionsOptions {
  /** Connections to one host and port at a time; a request beyond them waits for a free one. */
  readonly maxSockets: number;
  /** A connection that was idle for as long as this, by either clock, is closed instead of used again. */
  readonly idleMilliseconds: number;
  /** @default - the clocks of this process */
  readonly ages?: Ages;
}

/** What became of one request: whether a connection was found for it, and which. */
interface Passage {
  requested: boolean;
  socket?: Duplex;
}

/**
 * The one method that Node.js asks of an agent ("Agent-like Object", in the words of its own error); its types leave
 * it out. Called for each request, before a connection is chosen.
 */
interface RequestQueue {
  addRequest(request: http.ClientRequest, options: http.RequestOptions): void;
}

const PROCESS_AGES: Ages = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * The connections of all SDK clients, and of `http`. They know two things that a client does not:
 *
 * - whether a request can have left this machine. An error's name tells little: `ECONNRESET` is a handshake that was
 *   cut as well as a request that was sent and not answered, and only the second may have sent a mail.
 * - how long a connection has been idle. Lambda freezes an environment between invocations, and what the peer closes
 *   meanwhile looks open afterwards: a request on it is lost, and it cannot be told whether it arrived.
 */
export class Connections {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  readonly #ages: Ages;
  readonly #idleMilliseconds: number;
  /** Sockets whose handshake, TCP's or TLS's, is not complete. Node.js writes no byte of a request before. */
  readonly #opening = new WeakSet<Duplex>();
  readonly #idleSince = new WeakMap<Duplex, { readonly wall: number; readonly monotonic: number }>();
  /** By the request's headers: the one object that the SDK hands on to Node.js as it is. */
  readonly #passages = new WeakMap<object, Passage>();

  constructor({ maxSockets, idleMilliseconds, ages = PROCESS_AGES }: ConnectionsOptions) {
    this.#ages = ages;
    this.#idleMilliseconds = idleMilliseconds;
    this.httpAgent = this.#observe(new http.Agent({ keepAlive: true, maxSockets }), 'connect');
    this.httpsAgent = this.#observe(new https.Agent({ keepAlive: true, maxSockets }), 'secureConnect');
  }

  /** Closes every idle connection. Requests that are under way go on. */
  renew(): void {
    for (const agent of [this.httpAgent, this.httpsAgent]) {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    }
  }

  /** Whether a request may have left on its connection; `socket` is undefined of one that got none. */
  mayHaveSent(socket: Duplex | undefined): boolean {
    return socket !== undefined && !this.#opening.has(socket);
  }

  /**
   * From now on a call of this client that gets no answer is rejected with an error whose `requestSent` says whether
   * the request may have left: false if it is certain that no byte of it did.
   */
  noteWhatWasSent(client: SESClient): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        const { headers } = args.request as { readonly headers: object };
        const passage: Passage = { requested: false };
        this.#passages.set(headers, passage);
        try {
          return await next(args);
        } catch (error) {
          // Unmarked, if the request never came to an agent: then nothing is known here.
          if (passage.requested) Object.assign(error as object, { requestSent: this.mayHaveSent(passage.socket) });
          throw error;
        }
      },
      // The last step before the request handler: what the SDK makes of an answer lies outside.
      { step: 'deserialize', priority: 'low', name: 'noteWhatWasSent' },
    );
  }

  #observe<Agent extends http.Agent>(agent: Agent, opened: 'connect' | 'secureConnect'): Agent {
    const queue = agent as Agent & RequestQueue;
    const { createConnection, keepSocketAlive, addRequest } = queue;
    queue.createConnection = (options, callback) => {
      const socket = createConnection.call(agent, options, callback);
      if (socket) {
        this.#opening.add(socket);
        socket.once(opened, () => this.#opening.delete(socket));
      }
      return socket;
    };
    queue.keepSocketAlive = (socket) => {
      this.#idleSince.set(socket, { wall: this.#ages.wall(), monotonic: this.#ages.monotonic() });
      return keepSocketAlive.call(agent, socket);
    };
    queue.addRequest = (request, options) => {
      this.#closeStale(agent.freeSockets[agent.getName(options)]);
      const passage = options.headers && this.#passages.get(options.headers);
      if (passage) {
        passage.requested = true;
        request.once('socket', (socket) => {
          passage.socket = socket;
        });
      }
      addRequest.call(agent, request, options);
    };
    return agent;
  }

  /** The agent takes the youngest first and skips closed ones, so the stale ones are the first of the list. */
  #closeStale(idle: readonly Duplex[] = []): void {
    for (const socket of idle) {
      const since = this.#idleSince.get(socket);
      if (since && !this.#isStale(since)) return;
      socket.destroy();
    }
  }

  #isStale(since: { readonly wall: number; readonly monotonic: number }): boolean {
    const { wall, monotonic } = this.#ages;
    return wall() - since.wall >= this.#idleMilliseconds || monotonic() - since.monotonic >= this.#idleMilliseconds;
  }
}
