import type { Sql } from 'postgres';
import { invalidInput, type Source } from 'worker-chains';
import { read } from './database';

/**
 * What keys are compared by, so that they come as in the database. They are texts here, bigints too: those are too large
 * for JavaScript's numbers. Bytes are what `collate "C"` compares: a dictionary has another order, and so has JavaScript.
 */
const RANKS = {
  text: (key: string) => Buffer.from(key).toString('hex'),
  bigint: (key: string) => (key === '' ? -(2n ** 64n) : BigInt(key)),
};
const BIGINT = /^-?\d{1,19}$/;

/** The rows of a table by its key. A cursor is the key of the last row that was passed; '' comes before the first. */
export function rowsByKey(table: string, key: string, type: keyof typeof RANKS): Source {
  const column = (sql: Sql) => (type === 'text' ? sql`${sql(key)} collate "C"` : sql`${sql(key)}`);
  const mayBeKey = (id: string) => type === 'text' || (BIGINT.test(id) && BigInt.asIntN(64, BigInt(id)) === BigInt(id));
  return {
    kind: 'sql',
    async plan({ ids }) {
      if (ids !== undefined) throw invalidInput('Expected no range of `ids` for this job, got one: leave it out.');
      const [all] = await read((sql) => sql`select max(${column(sql)})::text, count(*)::float8 from ${sql(table)}`);
      return { start: '', end: all?.max ?? '', items: all?.count };
    },
    async split({ start, end }, chains) {
      if (start === end) return [];
      const parts = await read(
        (sql) => sql`select max(key)::text, count(*)::float8 from
        (select ${column(sql)} as key, ntile(${chains}) over (order by ${column(sql)}) as part from ${sql(table)}
         where ${column(sql)} <= ${end}) as ranked group by part order by part`,
      );
      // Rows may be gone since the plan was made, the last one too: the last partition ends where the plan does all the same.
      const ends = [...parts.slice(0, -1).map(({ max }) => max), end];
      return ends.map((max, part) => ({ start: ends[part - 1] ?? start, end: max, items: parts[part]?.count ?? 0 }));
    },
    async read(_plan, cursor, end, limit) {
      const rows = await read(
        (sql) => sql`select * from ${sql(table)} where ${column(sql)} <= ${end} and
        ${cursor === '' ? sql`true` : sql`${column(sql)} > ${cursor}`} order by ${column(sql)} limit ${limit}`,
      );
      const items = rows.map((row) => ({ id: String(row[key]), data: row }));
      return { items, next: items.length < limit ? end : (items.at(-1)?.id ?? end) };
    },
    compare: (a, b) => (a === b ? 0 : RANKS[type](String(a)) < RANKS[type](String(b)) ? -1 : 1),
    async load(_plan, refs) {
      const keys = refs.map(({ id }) => String(id)).filter(mayBeKey);
      const rows = await read((sql) => sql`select * from ${sql(table)} where ${column(sql)} = any(${keys})`);
      const found = new Map(rows.map((row) => [String(row[key]), row]));
      return refs.map((ref) => ({ ...ref, data: found.get(String(ref.id)) })).filter(({ data }) => data !== undefined);
    },
  };
}
