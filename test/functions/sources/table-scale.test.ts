import { planOf, TableStore } from './table-store';

test('a scan gives 200,000 rows, each once, to 40 chains alike', async () => {
  const store = await TableStore.open();
  for (let index = 0; index < 200_000; index++) await store.put({ id: { S: `user-${index}` } });
  const source = store.source({}, { fewestSegments: undefined });
  const plan = await planOf(source);
  const seen = new Set<unknown>();
  const sizes = [];
  for (const { start, end } of await source.split(plan, 40)) {
    let given = 0;
    for (let cursor = start; source.compare(cursor, end) < 0; ) {
      const { items = [], next } = await source.read(plan, cursor, end, 100);
      for (const { id } of items) seen.add(id);
      given += items.length;
      cursor = next;
    }
    sizes.push(given);
  }
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200_000);
  expect(seen.size).toBe(200_000);
  expect(Math.max(...sizes)).toBeLessThan(5000 * 1.1);
});
