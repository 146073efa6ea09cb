import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../../functions/contract/clock';
import { tableSource } from '../../../functions/sources/table';
import type { TableOptions } from '../../../functions/sources/table-options';
import { startDynaliteStore, type WireStore } from '../../local/dynamodb/wire-stores';
import { clientOptions } from '../../local/http/fake-service';
import { itemsOf, planOf } from './table-store';

// The embedded DynamoDB has no indexes; dynalite has.
let store: WireStore;
let plain: DynamoDBClient;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  store = await startDynaliteStore([]);
  plain = new DynamoDBClient(clientOptions(store.url));
  client = DynamoDBDocumentClient.from(plain, { unmarshallOptions: { wrapNumbers: true } });
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N' | 'B') => ({ AttributeName, AttributeType });
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const index = (IndexName: string, hash: string, range: string) => ({
    IndexName,
    KeySchema: keys(hash, range),
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  await plain.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        ...[attribute('pk', 'S'), attribute('sk', 'S'), attribute('day', 'S')],
        ...[attribute('rank', 'N'), attribute('bytes', 'B')],
      ],
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [index('byDay', 'day', 'rank'), index('byBytes', 'day', 'bytes')],
      LocalSecondaryIndexes: [index('byRank', 'pk', 'rank')],
    }),
  );
  await waitUntilTableExists({ client: plain, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName: 'orders' });
  for (let number = 0; number < 30; number++) {
    // Ranks are shared by rows of one day.
    const Item = {
      pk: `p${number % 4}`,
      sk: `s${number}`,
      day: `d${number % 2}`,
      rank: Math.floor(number / 6),
      more: 1,
    };
    await client.send(new PutCommand({ TableName: 'orders', Item }));
  }
});

afterAll(async () => {
  plain.destroy();
  await store.close();
});

const KEY = { partition: 'pk', sort: 'sk' };
const BY_DAY = { name: 'byDay', partition: 'day', sort: 'rank' };
const source = (query: TableOptions['query'], more: Partial<TableOptions> = {}) =>
  tableSource(
    { name: 'orders', key: KEY, query, ...more },
    { client: () => client, clock: systemClock, random: () => 0 },
  );

test.each([1, 2, 5, 100])('a query of a global index gives its rows, each once, %d at a time', async (limit) => {
  const items = await itemsOf(source({ partition: ['d0', 'd1'], index: BY_DAY }), limit);
  expect(items.map(({ id }) => id)).toEqual(
    Array.from({ length: 30 }, (_, number) => `["p${number % 4}","s${number}"]`).sort(),
  );
  expect(items[0]?.data).toEqual({ pk: 'p0', sk: 's0', day: 'd0', rank: 0 });
});

test('a query of an index keeps to its range, and goes by its sort key', async () => {
  const ranged = source({ partition: 'd1', sort: { from: 1, to: 2 }, index: BY_DAY });
  const { items } = await ranged.read(await planOf(ranged), '0', '1', 100);
  expect(items?.map(({ data }) => (data as { rank: number }).rank)).toEqual([1, 1, 1, 2, 2, 2]);
});

test('an item of an index is read again from the table, with all of its attributes', async () => {
  const indexed = source({ partition: 'd0', index: BY_DAY });
  expect(await indexed.load?.(await planOf(indexed), [{ id: '["p0","s0"]' }])).toEqual([
    { id: '["p0","s0"]', data: { pk: 'p0', sk: 's0', day: 'd0', rank: 0, more: 1 } },
  ]);
});

test('a local index may be read consistently, a global one may not', async () => {
  const local = source(
    { partition: 'p1', index: { name: 'byRank', partition: 'pk', sort: 'rank' } },
    { consistent: true },
  );
  expect(await itemsOf(local)).toHaveLength(8);
  await expect(planOf(source({ partition: 'd0', index: BY_DAY }, { consistent: true }))).rejects.toMatchObject({
    code: 'Run.InvalidInput',
    message:
      'Expected `consistent` to be false for byDay, a global secondary index, which has no consistent reads, got true: leave it out.',
  });
});

test.each([
  [
    { name: 'byWeek', partition: 'day', sort: 'rank' },
    'Expected the table orders to have the index byWeek, got byDay, byBytes, byRank: name one that it has.',
  ],
  [
    { name: 'byDay', partition: 'day' },
    'Expected the key of the index byDay to be day, got day and rank: give `query.index` the key that it has.',
  ],
  [
    { name: 'byBytes', partition: 'day', sort: 'bytes' },
    "Expected the key of the index byBytes to be of strings and numbers, got the binary attribute bytes: an item's id has no bytes, so write a source of your own.",
  ],
])('a run over the index %j is refused in one sentence', async (index, message) => {
  const refused = planOf(source({ partition: 'd0', index }));
  await expect(refused).rejects.toMatchObject({ code: 'Run.InvalidInput', message: expect.any(String) });
  await expect(refused).rejects.toThrow(message);
});
