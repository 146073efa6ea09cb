import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newConnections, type Patience } from '../../functions/clients';
import type { Ages } from '../../functions/connections';
import { Mailer } from '../../functions/email/mailer';
import { SesTransport } from '../../functions/email/ses-transport';
import { newSes } from '../../functions/handler-clients';

const EMAIL = {
  to: 'user@example.org',
  subject: 'Your week',
  html: '<p>Hello</p>',
  text: 'Hello',
  unsubscribeUrl: 'https://example.com/unsubscribe?token=abc',
};
const ACCEPTED =
  '<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>0100</MessageId></SendRawEmailResult></SendRawEmailResponse>';
const HASTY: Patience = { connection: 300, answer: 300 };
const ENVIRONMENT = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

const before = { ...process.env };
let closing: (() => void)[] = [];

beforeEach(() => {
  Object.assign(process.env, ENVIRONMENT);
});
afterEach(() => {
  process.env = { ...before };
  for (const close of closing) close();
  closing = [];
});

/** A TCP server: what it received, and what it does with a connection. */
async function peer(onConnection: (socket: Socket, received: () => string) => void) {
  let received = '';
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
    });
    onConnection(socket, () => received);
  });
  const port = await listening(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, received: () => received, sockets, server };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** One mail through the SDK's client as links build it. Answers how it was refused, if it was. */
async function send(endpoint: string, connections = newConnections(), patience = HASTY) {
  process.env.AWS_ENDPOINT_URL_SES = endpoint;
  const ses = newSes(connections, patience);
  const mailer = new Mailer(new SesTransport(ses), { sender: 'digest@example.com', now: () => 0 });
  try {
    await mailer.send(EMAIL);
    return 'sent';
  } catch (error) {
    return (error as { readonly kind: string }).kind;
  } finally {
    connections.renew();
  }
}

/** The same in a process of its own. */
async function sendApart(endpoint: string): Promise<string> {
  const environment = { ...process.env, ...ENVIRONMENT, AWS_ENDPOINT_URL_SES: endpoint };
  const args = ['--import', 'tsx', join(__dirname, 'send-once.ts')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
  return stdout;
}

describe('a mail is definitely not sent, and may be tried again, if', () => {
  it('nobody listens', async () => {
    const { port, server } = await peer(() => {});
    await new Promise((closed) => server.close(closed));

    expect(await sendApart(`http://127.0.0.1:${port}`)).toBe('throttled');
  });

  it('the connection is not accepted in time, because the queue of the listener is full', async () => {
    const { child, port } = await busyListener();
    closing.push(() => child.kill('SIGKILL'));
    // Fill what the kernel accepts in the listener's name.
    for (let index = 0; index < 8; index++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      closing.push(() => socket.destroy());
    }
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(await send(`http://127.0.0.1:${port}`)).toBe('throttled');
  });

  it('the handshake of TLS gets no answer', async () => {
    const { port, received } = await peer(() => {});

    expect(await send(`https://127.0.0.1:${port}`)).toBe('throttled');
    // A ClientHello, and no request.
    expect(received()).not.toContain('POST');
  });

  it('the connection is cut during the handshake of TLS', async () => {
    const { port } = await peer((socket) => socket.once('data', () => socket.destroy()));

    expect(await send(`https://127.0.0.1:${port}`)).toBe('throttled');
  });

  it('the peer does not speak TLS', async () => {
    const { port } = await peer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));

    expect(await sendApart(`https://127.0.0.1:${port}`)).toBe('throttled');
  });

  it('the name is not resolved', async () => {
    expect(await sendApart('http://no-such-host.invalid:9')).toBe('throttled');
  });

  it('no socket became free in time', async () => {
    const { port, received } = await peer(() => {});
    const connections = newConnections();
    connections.httpAgent.maxSockets = 1;

    const [first, second] = await Promise.all([
      send(`http://127.0.0.1:${port}`, connections, { connection: 200, answer: 600 }),
      send(`http://127.0.0.1:${port}`, connections, { connection: 200, answer: 600 }),
    ]);

    // The first was sent and got no answer.
    expect([first, second]).toEqual(['ambiguous', 'throttled']);
    expect(received().match(/POST/g)).toHaveLength(1);
  });
});

describe('a mail is in doubt if', () => {
  it('the request was sent and got no answer', async () => {
    const { port, received } = await peer(() => {});

    expect(await send(`http://127.0.0.1:${port}`)).toBe('ambiguous');
    expect(received()).toContain('POST');
  });

  it('the connection was cut after the request', async () => {
    const { port, received } = await peer((socket) => socket.once('data', () => socket.resetAndDestroy()));

    expect(await send(`http://127.0.0.1:${port}`)).toBe('ambiguous');
    expect(received()).toContain('POST');
  });
});

describe('a connection that was idle', () => {
  /** Accepts every mail, and closes what was idle for a while without a word that a frozen process could hear. */
  async function mailService() {
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end(ACCEPTED));
    });
    server.keepAliveTimeout = 60_000;
    const port = await listening(server);
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { endpoint: `http://127.0.0.1:${port}`, connections: () => connections };
  }

  async function twoMails(between: (clock: { wall: number; monotonic: number }, renew: () => void) => void) {
    const clock = { wall: 1_000_000, monotonic: 0 };
    const ages: Ages = { wall: () => clock.wall, monotonic: () => clock.monotonic };
    const connections = newConnections(ages);
    const service = await mailService();
    process.env.AWS_ENDPOINT_URL_SES = service.endpoint;
    const mailer = new Mailer(new SesTransport(newSes(connections, HASTY)), {
      sender: 'digest@example.com',
      now: () => 0,
    });
    await mailer.send(EMAIL);
    // The socket is given back to the agent after the answer.
    await new Promise((resolve) => setImmediate(resolve));
    between(clock, () => connections.renew());
    await mailer.send(EMAIL);
    connections.renew();
    return service.connections();
  }

  it('for a moment is used again', async () => {
    expect(
      await twoMails((clock) => {
        clock.wall += 3000;
        clock.monotonic += 3000;
      }),
    ).toBe(1);
  });

  it('while the environment was frozen is not: the wall clock tells', async () => {
    expect(
      await twoMails((clock) => {
        clock.wall += 60_000;
      }),
    ).toBe(2);
  });

  it('for too long is not, though the wall clock was set back', async () => {
    expect(
      await twoMails((clock) => {
        clock.wall -= 60_000;
        clock.monotonic += 10_000;
      }),
    ).toBe(2);
  });

  it('is not used by a new invocation at all', async () => {
    expect(await twoMails((_clock, renew) => renew())).toBe(2);
  });
});

/** A process that listens and never accepts, because its event loop is busy. */
async function busyListener(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const script = `
    const server = require('net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      process.stdout.write(server.address().port + '\\n', () => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30000);
      });
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => child.stdout?.once('data', (text) => resolve(Number(text))));
  return { child, port };
}
