import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import postgres from 'postgres';
import { rowsByKey } from '../../../examples/sql-source/rows-by-key';
import { ThrowAwayPostgres } from '../../support/postgres';

/** Stands before the server, and may forget its connections without a word, as a NAT gateway does. */
class ForgetfulGateway {
  readonly #sockets: Socket[] = [];
  #server: Server | undefined;

  async open(port: number): Promise<number> {
    this.#server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      this.#sockets.push(near, far);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (bytes) => to.write(bytes));
        from.on('close', () => to.destroy());
        from.on('error', () => to.destroy());
      }
    });
    await new Promise<void>((listening) => this.#server?.listen(0, '127.0.0.1', listening));
    return (this.#server.address() as AddressInfo).port;
  }

  forget(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data').on('data', () => {});
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server?.close(closed));
  }
}

const gateway = new ForgetfulGateway();
const source = rowsByKey('customers', 'id', 'text');
let server: ThrowAwayPostgres;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await ThrowAwayPostgres.start();
  process.env.DATABASE_URL = server.url.replace(/:\d+\//, `:${await gateway.open(Number(new URL(server.url).port))}/`);
  sql = postgres(server.url, { onnotice: () => {} });
  await sql`create table customers (id text collate "C" primary key)`;
  await sql`insert into customers (id) values ('a'), ('b'), ('c')`;
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  await sql.end();
  await gateway.close();
  await server.stop();
});

async function idsRead() {
  const plan = await source.plan({ job: 'customer-news' });
  return (await source.read(plan, plan.start, plan.end, 10)).items?.map(({ id }) => id);
}

describe('the rows of a table', () => {
  it('are read again where the server cut the connections', async () => {
    await idsRead();
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null`;

    expect(await idsRead()).toEqual(['a', 'b', 'c']);
  });

  it('are read once a server that crashed is back', async () => {
    // The driver prints what the server says on its way down.
    jest.spyOn(console, 'log').mockImplementation();
    await idsRead();
    await server.crash();
    const read = idsRead();
    await server.resume();

    expect(await read).toEqual(['a', 'b', 'c']);
  });

  it('are read over a new connection where the last one has been idle, and dead, for a minute', async () => {
    await idsRead();
    gateway.forget();
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 61_000);

    expect(await idsRead()).toEqual(['a', 'b', 'c']);
  });

  it('are not asked for again where the question is wrong', async () => {
    await expect(rowsByKey('nosuch', 'id', 'text').plan({ job: 'customer-news' })).rejects.toThrow(
      'relation "nosuch" does not exist',
    );
  });
});
