import * as fc from 'fast-check';
import { S3Reader } from '../../../functions/sources/s3-object-bytes';
import { csvRows, csvValues } from '../../../functions/sources/s3-object-csv';
import { ObjectPlanner } from '../../../functions/sources/s3-object-plan';
import { ObjectStore } from './object-store';
import { walk } from './object-walk';

const CSV = { format: 'csv', delimiter: ',', quote: '"' } as const;

test('splits exactly where only some beginnings of records are remembered', async () => {
  const rowsAndMarks = fc.record({
    rows: fc.integer({ min: 1, max: 400 }),
    marks: fc.integer({ min: 2, max: 30 }),
    chains: fc.integer({ min: 1, max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(rowsAndMarks, async ({ rows, marks, chains }) => {
      const store = new ObjectStore();
      store.put(`id\n${Array.from({ length: rows }, (_, index) => `${index}${'x'.repeat(index % 5)}\n`).join('')}`);
      const planner = new ObjectPlanner(new S3Reader({ client: () => store.client }), { how: CSV, id: 'id' }, marks);
      const plan = await planner.plan('exports', 'users.csv');
      const partitions = await planner.split(plan, chains);
      const most = Math.ceil(rows / chains) + 2 * Math.ceil((2 * rows) / marks);
      let at = plan.start;

      expect(partitions.length).toBeLessThanOrEqual(chains);
      for (const partition of partitions) {
        expect(partition.start).toBe(at);
        expect(await walk(store.source(), plan, partition)).toHaveLength(partition.items as number);
        expect(partition.items).toBeGreaterThan(0);
        expect(partition.items).toBeLessThanOrEqual(most);
        at = partition.end;
      }
      expect(at).toBe(plan.end);
    }),
    { numRuns: 200 },
  );
});

test('reads records at once only where each of them is one by itself', () => {
  const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));

  expect(csvRows(bytes('1,"a\nb"\n', '2,c'), CSV)).toEqual([
    ['1', 'a\nb'],
    ['2', 'c'],
  ]);
  expect(csvRows(bytes('1,"a\n', 'b",c\n'), CSV)).toBeUndefined();
  expect(csvRows(bytes('1,a\n', '2,b"c\n'), CSV)).toBeUndefined();
  expect(csvRows([Buffer.from([0xff, 0x0a])], CSV)).toBeUndefined();
  expect(() => csvValues(Buffer.from('1\n2\n'), CSV)).toThrow('one record, got 2');
});
