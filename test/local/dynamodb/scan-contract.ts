import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ContractClient } from './contract';

type Key = { readonly pk: string; readonly sk: string };

const TableName = 'ledger';
const TotalSegments = 4;
const KEYS: readonly Key[] = Array.from({ length: 60 }, (_, index) => ({
  pk: `scanned-${Math.floor(index / 3)}`,
  sk: String(index % 3),
}));

/**
 * What `table()` relies on in a parallel scan, as tests over any store with the tables of the contract. Which rows are in
 * which segment differs from store to store, and on AWS from table to table.
 */
export function describeScanContract(name: string, createClient: () => Promise<ContractClient>): void {
  describe(`a parallel scan, ${name}`, () => {
    let client: ContractClient;

    beforeAll(async () => {
      client = await createClient();
      for (const key of KEYS) await put(key);
    });

    const put = (key: Key) => client.send(new PutCommand({ TableName, Item: { ...key, name: 'n', other: 1 } }));
    const scan = async (Segment: number, more: object = {}) => {
      const answer = await client.send(new ScanCommand({ TableName, Segment, TotalSegments, ...more }));
      return answer as { Items: Key[]; LastEvaluatedKey?: Key };
    };
    const textOf = ({ pk, sk }: Key) => `${pk}/${sk}`;
    /** The rows of a segment, page by page; `between` is called with the key after which the next one begins. */
    const walk = async (segment: number, Limit: number, between: (last: Key) => Promise<void> = async () => {}) => {
      const found: string[] = [];
      let last: Key | undefined;
      do {
        const page = await scan(segment, { Limit, ...(last && { ExclusiveStartKey: last }) });
        expect(page.Items.length).toBeLessThanOrEqual(Limit);
        found.push(...page.Items.map(textOf));
        last = page.LastEvaluatedKey;
        if (last) await between(last);
      } while (last);
      return found;
    };
    const all = async (Limit: number, between?: (last: Key) => Promise<void>) => {
      const found: string[] = [];
      for (let segment = 0; segment < TotalSegments; segment++) found.push(...(await walk(segment, Limit, between)));
      return found.sort();
    };
    const expected = KEYS.map(textOf).sort();

    test.each([1, 2, 7, 100])('gives every row once between the segments, %d a page', async (limit) => {
      expect(await all(limit)).toEqual(expected);
    });

    test('keeps the rows of one partition key in one segment', async () => {
      for (const { pk } of KEYS.filter(({ sk }) => sk === '0')) {
        const holding = [];
        for (let segment = 0; segment < TotalSegments; segment++) {
          if ((await walk(segment, 100)).some((one) => one.startsWith(`${pk}/`))) holding.push(segment);
        }
        expect(holding).toHaveLength(1);
      }
    });

    test('goes on after a row that has been deleted meanwhile', async () => {
      const deleted: Key[] = [];
      const found = await all(3, async (last) => {
        await client.send(new DeleteCommand({ TableName, Key: last }));
        deleted.push(last);
      });
      expect(found).toEqual(expected);
      expect(deleted.length).toBeGreaterThan(10);
      for (const key of deleted) await put(key);
    });

    test('reads consistently, and only what a projection names', async () => {
      const page = await scan(0, {
        ConsistentRead: true,
        ProjectionExpression: '#pk, #n',
        ExpressionAttributeNames: { '#pk': 'pk', '#n': 'name' },
      });
      expect(page.Items.length).toBeGreaterThan(0);
      for (const row of page.Items) expect(row).toEqual({ pk: row.pk, name: 'n' });
    });

    test('refuses to go on in another segment than that of the key', async () => {
      const pages = await Promise.all([0, 1, 2, 3].map((segment) => scan(segment, { Limit: 1 })));
      const [from, { LastEvaluatedKey: ExclusiveStartKey }] = [...pages.entries()].find(
        ([, page]) => page.LastEvaluatedKey,
      ) as [number, { LastEvaluatedKey: Key }];
      const other = (from + 1) % TotalSegments;
      await expect(scan(other, { ExclusiveStartKey })).rejects.toMatchObject({
        name: 'ValidationException',
        message: `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 4 Segment: ${other}`,
      });
    });
  });
}
