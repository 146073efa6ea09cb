import fc from 'fast-check';
import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';

const TableName = 'ledger';
const names = (found: unknown) =>
  (found as { pk: { S: string }; sk: { S: string } }[]).map(({ pk, sk }) => pk.S + sk.S);

async function filled(keys: readonly string[]): Promise<DynamoDB> {
  const dynamodb = new DynamoDB({ clock: { now: () => 0 } });
  await dynamodb.handle('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  for (const key of keys) await put(dynamodb, key);
  return dynamodb;
}

const keyOf = (key: string) => ({ pk: { S: key[0] }, sk: { S: key[1] } });
const put = (dynamodb: DynamoDB, key: string, n = 1) =>
  dynamodb.handle('PutItem', { TableName, Item: { ...keyOf(key), n: { N: String(n) } } });
const remove = (dynamodb: DynamoDB, key: string) => dynamodb.handle('DeleteItem', { TableName, Key: keyOf(key) });

const key = fc.tuple(fc.constantFrom(...'abcdefgh'), fc.constantFrom(...'123')).map((parts) => parts.join(''));
const keys = fc.uniqueArray(key, { maxLength: 20 });

test('an item that is there all the time is met exactly once, whatever comes and goes between the pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      keys,
      fc.integer({ min: 1, max: 5 }),
      fc.array(keys, { maxLength: 8 }),
      async (first, Limit, writes) => {
        const dynamodb = await filled(first);
        const stayed = new Set(first);
        const there = new Set(first);
        const met: string[] = [];
        let page = await dynamodb.handle('Scan', { TableName, Limit });
        for (;;) {
          met.push(...names(page.Items));
          if (page.LastEvaluatedKey === undefined) break;
          for (const [index, one] of (writes.shift() ?? []).entries()) {
            if (index % 2 === 0) {
              await put(dynamodb, one);
              there.add(one);
            } else {
              await remove(dynamodb, one);
              stayed.delete(one);
              there.delete(one);
            }
          }
          page = await dynamodb.handle('Scan', { TableName, Limit, ExclusiveStartKey: page.LastEvaluatedKey });
        }
        expect(met.filter((one) => stayed.has(one)).sort()).toEqual([...stayed].sort());
        // The next scan meets all that is there now.
        expect(names((await dynamodb.handle('Scan', { TableName })).Items).sort()).toEqual([...there].sort());
      },
    ),
  );
});

test('segments have every item once between them', async () => {
  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 1, max: 6 }), async (first, TotalSegments) => {
      const dynamodb = await filled(first);
      const met: string[] = [];
      for (let Segment = 0; Segment < TotalSegments; Segment++) {
        met.push(...names((await dynamodb.handle('Scan', { TableName, Segment, TotalSegments })).Items));
      }
      expect(met.sort()).toEqual([...first].sort());
    }),
  );
});

test('a scan filters, projects and counts', async () => {
  const dynamodb = await filled(['a1', 'b1', 'c1']);
  await put(dynamodb, 'b1', 2);
  const filter = { FilterExpression: 'n = :two', ExpressionAttributeValues: { ':two': { N: '2' } } };
  expect(await dynamodb.handle('Scan', { TableName, ...filter, ProjectionExpression: 'pk' })).toEqual({
    Items: [{ pk: { S: 'b' } }],
    Count: 1,
    ScannedCount: 3,
  });
  expect(await dynamodb.handle('Scan', { TableName, ...filter, Select: 'COUNT' })).toEqual({
    Count: 1,
    ScannedCount: 3,
  });
});
