import postgres from 'postgres';
import { describeSource, type SourceWorld } from 'worker-chains/testing';
import { rowsByKey } from '../../../examples/sql-source/rows-by-key';
import type { ItemId } from '../../../functions/contract/payloads';
import { ThrowAwayPostgres } from '../../support/postgres';

let server: ThrowAwayPostgres;
let sql: postgres.Sql;
let tables = 0;

beforeAll(async () => {
  server = await ThrowAwayPostgres.start();
  process.env.DATABASE_URL = server.url;
  sql = postgres(server.url, { onnotice: () => {} });
});

afterAll(async () => {
  await sql.end();
  await server.stop();
});

async function worldOf(type: 'text' | 'bigint', ids: readonly ItemId[]): Promise<SourceWorld> {
  tables += 1;
  const table = `rows_${tables}`;
  await sql`create table ${sql(table)} (id ${sql.unsafe(type)} primary key, name text not null)`;
  const insert = async (some: readonly ItemId[]) => {
    const rows = some.map((id) => ({ id: String(id), name: `Reader ${id}` }));
    if (rows.length > 0) await sql`insert into ${sql(table)} ${sql(rows)}`;
  };
  await insert(ids);
  return {
    source: rowsByKey(table, 'id', type),
    remove: async (id) => void (await sql`delete from ${sql(table)} where id = ${String(id)}`),
    insert: (id) => insert([id]),
    close: async () => void (await sql`drop table ${sql(table)}`),
  };
}

/** ULIDs and what a dictionary puts elsewhere than bytes do. */
const KEYS = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'a', 'B', 'é', 'z', 'Z', '-', 'a b', '\uffee', '😀'];
describeSource('rowsByKey() of texts', (ids) => worldOf('text', ids), {
  id: (index) => `${KEYS[index % KEYS.length]}${index < KEYS.length ? '' : index}`,
});

/** Around 0, where the number of digits changes, and beyond what JavaScript's numbers hold. */
const AROUND = [0n, 2n ** 53n, 995n, -(2n ** 63n), 2n ** 63n - 200n];
describeSource('rowsByKey() of bigints', (ids) => worldOf('bigint', ids), {
  id: (index) => String((AROUND[index % AROUND.length] as bigint) + BigInt(Math.floor(index / AROUND.length))),
});
