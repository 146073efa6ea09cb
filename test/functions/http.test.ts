import * as nodeHttp from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { newConnections } from '../../functions/clients';
import type { Connections } from '../../functions/connections';
import type { Refusal } from '../../functions/contract/errors';
import { type HttpOptions, type HttpResponse, httpOver } from '../../functions/http';
import { freePort } from '../support/free-port';

type Answer = (request: nodeHttp.IncomingMessage, response: nodeHttp.ServerResponse, body: string) => void;

let connections: Connections;
const open: Server[] = [];
const sockets = new Set<Socket>();

beforeEach(() => {
  connections = newConnections();
});

afterEach(async () => {
  connections.renew();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listening<Kind extends Server>(server: Kind): Promise<number> {
  open.push(server);
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server of HTTP. Resolves to its address, and what it was asked. */
async function serving(answer: Answer) {
  const asked: { method?: string; url?: string; headers: nodeHttp.IncomingHttpHeaders; body: string }[] = [];
  let connected = 0;
  const server = nodeHttp.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const { method, url, headers } = request;
    asked.push({ ...(method && { method }), ...(url && { url }), headers, body });
    answer(request, response, body);
  });
  server.on('connection', () => {
    connected += 1;
  });
  const url = `http://127.0.0.1:${await listening(server)}/people/7?token=s3cret`;
  return { url, asked, connected: () => connected };
}

const ask = (url: string, options?: HttpOptions) => httpOver(connections, url, options);
const refusal = (asking: Promise<HttpResponse>): Promise<Refusal> =>
  asking.then(
    () => Promise.reject(new Error('The request succeeded.')),
    (error: Refusal) => error,
  );

it('resolves with the whole answer of a success', async () => {
  const { url, asked } = await serving((_, response) => {
    response.writeHead(201, { 'X-Number': '5', 'Set-Cookie': ['a=1', 'b=2'] });
    response.end('{"id":7}');
  });

  const answer = await ask(url, {
    json: { name: 'Zoë' },
    idempotencyKey: 'monday/7/crm',
    headers: { 'X-Mine': 'yes' },
  });

  expect(answer).toMatchObject({ status: 201, headers: { 'x-number': '5', 'set-cookie': 'a=1, b=2' } });
  expect([answer.text(), answer.json()]).toEqual(['{"id":7}', { id: 7 }]);
  expect(asked).toMatchObject([
    {
      method: 'POST',
      url: '/people/7?token=s3cret',
      body: '{"name":"Zoë"}',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'monday/7/crm', 'x-mine': 'yes' },
    },
  ]);
});

it('sends what it is given, by the method that it is given', async () => {
  const { url, asked } = await serving((_, response) => response.end());

  await ask(url);
  await ask(url, { method: 'PUT', body: 'one', headers: { 'Content-Type': 'text/plain' } });
  await ask(url, { body: Buffer.from([0x74, 0x77, 0x6f]) });
  await ask(url, { json: 1, headers: { 'Content-Type': 'application/vnd.x+json' } });

  expect(asked.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
    ['GET', '', undefined],
    ['PUT', 'one', 'text/plain'],
    ['POST', 'two', undefined],
    ['POST', '1', 'application/vnd.x+json'],
  ]);
});

it('uses one connection for one request after the other, however they are answered', async () => {
  const statuses = [200, 404, 500, 429, 302, 204];
  const { url, connected } = await serving((_, response) => {
    response.statusCode = statuses.shift() ?? 200;
    response.end(response.statusCode === 204 ? undefined : 'x'.repeat(100_000));
  });

  while (statuses.length > 0) await ask(url).catch(() => {});

  expect(connected()).toBe(1);
});

it.each([
  [429, { 'Retry-After': '7' }, { kind: 'throttled', retryAfterSeconds: 7 }],
  [503, { 'Retry-After': '7' }, { kind: 'throttled', retryAfterSeconds: 7 }],
  [503, {}, { kind: 'ambiguous', code: 'Http503' }],
  [404, {}, { kind: 'rejected', code: 'Http404' }],
  [500, {}, { kind: 'ambiguous', code: 'Http500' }],
])(
  'throws what call wants to know of an answer of %d %j, and keeps URL and body out of what it says',
  async (status, headers, expected) => {
    const { url } = await serving((_, response) => response.writeHead(status, headers).end('zoe@example.com'));

    const refused = await refusal(ask(url));

    expect(refused).toMatchObject({ name: 'Refusal', ...expected, cause: { status } });
    expect((refused.cause as HttpResponse).text()).toBe('zoe@example.com');
    expect(refused.message).not.toMatch(/127\.0|s3cret|people|zoe/);
  },
);

it('takes a status for a success that the caller accepts', async () => {
  const { url } = await serving((_, response) => response.writeHead(404).end('gone'));

  expect(await ask(url, { accept: [404, 410] })).toMatchObject({ status: 404 });
});

it('follows no redirection', async () => {
  const { url, asked } = await serving((_, response) => response.writeHead(302, { Location: '/other' }).end());

  expect(await refusal(ask(url))).toMatchObject({ kind: 'ambiguous', code: 'Http302' });
  expect(asked).toHaveLength(1);
});

describe('nothing was sent, and the request may be made again', () => {
  it('where nobody listens', async () => {
    const refused = await refusal(ask(`http://127.0.0.1:${await freePort()}/x?token=s3cret`));

    expect(refused).toMatchObject({ kind: 'throttled', code: 'ECONNREFUSED' });
    expect(refused.message).toBe('The connection was not made: nothing was sent.');
  });

  it('where the name is of no host', async () => {
    const refused = await refusal(ask('http://nobody.invalid/', { signal: AbortSignal.timeout(2000) }));

    expect(refused.kind).toBe('throttled');
  });

  it('where the other side speaks no TLS', async () => {
    const { url, asked } = await serving((_, response) => response.end());

    expect(await refusal(ask(url.replace('http:', 'https:')))).toMatchObject({ kind: 'throttled' });
    expect(asked).toEqual([]);
  });

  it('where the handshake does not end in time', async () => {
    const port = await listening(createServer(() => {}));

    const refused = await refusal(ask(`https://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(50) }));

    expect(refused).toMatchObject({ kind: 'throttled', code: 'TimeoutError' });
  });

  it('where the handshake is cut', async () => {
    const port = await listening(createServer((socket) => socket.once('data', () => socket.destroy())));

    expect(await refusal(ask(`https://127.0.0.1:${port}/`))).toMatchObject({ kind: 'throttled' });
  });

  it('where the call was given up before', async () => {
    const { url, asked } = await serving((_, response) => response.end());

    expect(await refusal(ask(url, { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'throttled' });
    expect(asked).toEqual([]);
  });
});

describe('the request may have arrived, and is in doubt', () => {
  it('where the connection is closed instead of an answer', async () => {
    const { url, asked } = await serving((request) => request.socket.destroy());

    expect(await refusal(ask(url, { body: 'x' }))).toMatchObject({ kind: 'ambiguous', code: 'ECONNRESET' });
    expect(asked).toHaveLength(1);
  });

  it('where the other side closes it before it reads anything', async () => {
    const port = await listening(createServer((socket) => socket.destroy()));

    expect(await refusal(ask(`http://127.0.0.1:${port}/`, { body: 'x' }))).toMatchObject({ kind: 'ambiguous' });
  });

  it('where the connection that was kept is closed when it is used again', async () => {
    let requests = 0;
    const { url } = await serving((request, response) => {
      requests += 1;
      if (requests > 1) request.socket.destroy();
      else response.end('kept');
    });
    await ask(url);

    expect(await refusal(ask(url))).toMatchObject({ kind: 'ambiguous', code: 'ECONNRESET' });
  });

  it('where no answer comes in time', async () => {
    const { url, asked } = await serving(() => {});

    const refused = await refusal(ask(url, { signal: AbortSignal.timeout(100) }));

    expect(refused).toMatchObject({ kind: 'ambiguous', code: 'TimeoutError' });
    expect(asked).toHaveLength(1);
  });

  it('where the answer begins and does not end in time', async () => {
    const { url } = await serving((_, response) => response.writeHead(200).write('beginning'));

    expect(await refusal(ask(url, { signal: AbortSignal.timeout(100) }))).toMatchObject({ kind: 'ambiguous' });
  });

  it('where the answer is cut', async () => {
    const { url } = await serving((request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('beginning', () => request.socket.destroy());
    });

    expect(await refusal(ask(url))).toMatchObject({ kind: 'ambiguous' });
  });

  it('where the answer is larger than can be kept', async () => {
    const { url } = await serving((_, response) => response.end(Buffer.alloc(11 * 1024 * 1024)));

    expect(await refusal(ask(url))).toMatchObject({ kind: 'ambiguous', code: 'AnswerTooLarge' });
  });
});

it('was refused, however little of the page about it came', async () => {
  const { url } = await serving((request, response) => {
    response.writeHead(404, { 'Content-Length': '100' });
    response.write('beginning', () => request.socket.destroy());
  });

  expect(await refusal(ask(url))).toMatchObject({ kind: 'rejected', code: 'Http404' });
});

it.each([
  ['a URL that is none', 'nowhere', {}],
  ['another protocol', 'ftp://example.com/', {}],
  ['a method that is none', 'http://127.0.0.1:1/', { method: 'GET /' }],
  ['a header that is none', 'http://127.0.0.1:1/', { headers: { 'X-A': 'a\nb' } }],
  ['two bodies', 'http://127.0.0.1:1/', { body: 'a', json: 1 }],
  ['a body that is neither text nor bytes', 'http://127.0.0.1:1/', { body: { a: 1 } as never }],
  ['what cannot be JSON', 'http://127.0.0.1:1/', { json: 1n }],
])('rejects %s: nothing was sent, and waiting does not help', async (_, url, options) => {
  const refused = await refusal(ask(url, options));

  expect(refused).toMatchObject({ kind: 'rejected' });
  expect(refused.message).not.toContain(url);
});
