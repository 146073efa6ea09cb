import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemId } from 'worker-chains';
import { describeSource, type SourceWorld } from 'worker-chains/testing';
import { systemClock } from '../../../functions/contract/clock';
import { tableSource } from '../../../functions/sources/table';
import type { TableOptions } from '../../../functions/sources/table-options';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import type { TableDefinition } from '../../../local/dynamodb/memory-table';
import { TableStore, type Wire } from './table-store';

interface Kind {
  readonly definition?: Partial<TableDefinition>;
  readonly options?: Partial<TableOptions>;
  /** The row of an item; the first attributes are its key. */
  readonly rowOf: (id: ItemId) => Wire;
  /** Names of the key attributes. @default - `id` */
  readonly key?: readonly string[];
}

/** The client of the SDK takes its time; the last of these suites has all limits. */
const LIMITS = [1, 3, 20];

function worldOf({ definition, options, rowOf, key = ['id'] }: Kind) {
  return async (ids: readonly ItemId[]): Promise<SourceWorld> => {
    const store = await TableStore.open(definition);
    const insert = async (id: ItemId) => {
      await store.put({ ...rowOf(id), name: { S: `Reader ${id}` } });
    };
    for (const id of ids) await insert(id);
    return {
      source: store.source(options),
      insert,
      remove: async (id) => {
        const row = rowOf(id);
        await store.delete(Object.fromEntries(key.map((name) => [name, row[name]!])));
      },
    };
  };
}

describeSource('table() with text keys', worldOf({ rowOf: (id) => ({ id: { S: String(id) } }) }), {
  id: (index) => `01J${String(index).padStart(4, '0')}é😀`,
});

describeSource(
  'table() with number keys',
  worldOf({ definition: { hashKeyType: 'N' }, rowOf: (id) => ({ id: { N: String(id) } }) }),
  { id: (index) => (index - 100) * 7, limits: LIMITS },
);

const composite = { hashKey: 'pk', rangeKey: 'sk', rangeKeyType: 'N' } as const;

describeSource(
  'table() with a sort key',
  worldOf({
    definition: composite,
    options: { key: { partition: 'pk', sort: 'sk' } },
    key: ['pk', 'sk'],
    rowOf: (id) => {
      const [pk, sk] = JSON.parse(String(id)) as [string, number];
      return { pk: { S: pk }, sk: { N: String(sk) } };
    },
  }),
  { id: (index) => `["tenant \\"${index % 7}\\"",${index / 4}]`, limits: LIMITS },
);

describeSource(
  'table() whose ids are an attribute',
  worldOf({
    definition: composite,
    options: { key: { partition: 'pk', sort: 'sk', id: 'email' } },
    key: ['pk', 'sk'],
    rowOf: (id) => ({ pk: { S: `p${Number(id) % 5}` }, sk: { N: String(id) }, email: { N: String(id) } }),
  }),
  { limits: LIMITS },
);

describeSource(
  'table() queried by one partition key',
  worldOf({
    definition: composite,
    options: { key: { partition: 'pk', sort: 'sk', id: 'sk' }, query: { partition: 'tenant', sort: { from: 1 } } },
    key: ['pk', 'sk'],
    rowOf: (id) => ({ pk: { S: 'tenant' }, sk: { N: String(id) } }),
  }),
  { limits: LIMITS },
);

describeSource(
  'table() queried by several partition keys',
  worldOf({
    definition: composite,
    options: {
      key: { partition: 'pk', sort: 'sk', id: ({ sk }) => sk },
      query: { partition: ['p0', 'p1', 'p2', 'nothing'] },
    },
    key: ['pk', 'sk'],
    rowOf: (id) => ({ pk: { S: `p${Number(id) % 3}` }, sk: { N: String(id) } }),
  }),
  { limits: LIMITS },
);

describeSource(
  'table() over the DynamoDB of the simulation, whose numbers are plain',
  async (ids) => {
    const tables = [{ tableName: 'users', hashKey: 'id', hashKeyType: 'N' }] as const;
    const client = documentClientOver(new MemoryDynamoDB(tables)) as unknown as DynamoDBDocumentClient;
    const insert = async (id: ItemId) => {
      await client.send(new PutCommand({ TableName: 'users', Item: { id, name: `Reader ${id}` } }));
    };
    for (const id of ids) await insert(id);
    const dependencies = { client: () => client, clock: systemClock, random: () => 0, fewestSegments: 7 };
    return {
      source: tableSource({ name: 'users', key: 'id', projection: ['name'] }, dependencies),
      insert,
      remove: async (id) => {
        await client.send(new DeleteCommand({ TableName: 'users', Key: { id } }));
      },
    };
  },
  { id: (index) => index * 3 - 50 },
);
