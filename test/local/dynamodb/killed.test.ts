import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../http/fake-service';
import { temporaryDirectories } from './directories';
import { startEmbeddedStore } from './wire-stores';

const directory = temporaryDirectories();
const TableName = 'ledger';
const KILLS = 10;
const WRITERS = 4;

/** What one writer was answered before the process was killed. */
interface Writer {
  readonly pk: string;
  counted: number;
  /** Sizes of the texts that it put, in order. */
  readonly put: number[];
}

/** Counts one item up and puts others beside it, large and small, until nobody answers any more. */
async function write(client: DynamoDBDocumentClient, writer: Writer, answered: () => void): Promise<void> {
  const { pk, put } = writer;
  try {
    for (let index = 0; ; index++) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk, sk: 'counter' },
          UpdateExpression: 'ADD counted :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
      writer.counted++;
      const size = index % 7 === 0 ? 50_000 : index % 100;
      await client.send(new PutCommand({ TableName, Item: { pk, sk: `item-${index}`, text: 'x'.repeat(size) } }));
      put.push(size);
      answered();
    }
  } catch {
    // The server is gone.
  }
}

async function urlOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error('The child process ended before it said its address.');
}

async function scanned(keep: string): Promise<Map<string, Record<string, unknown>>> {
  const store = await startEmbeddedStore([], keep);
  const items = new Map<string, Record<string, unknown>>();
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await store.client.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    for (const item of page.Items ?? []) items.set(`${item.pk}/${item.sk}`, item);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  await store.close();
  return items;
}

test('what was answered survives SIGKILL at any moment, ten times on one directory', async () => {
  const keep = directory();
  const tables = await startEmbeddedStore([{ tableName: TableName, hashKey: 'pk', rangeKey: 'sk' }], keep);
  await tables.close();
  const writers: Writer[] = [];

  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, ['--import', 'tsx', require.resolve('./kept-process'), keep], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const plain = new DynamoDBClient(clientOptions(await urlOf(child)));
    const client = DynamoDBDocumentClient.from(plain);
    const mine = Array.from({ length: WRITERS }, (_, index) => ({ pk: `${kill}-${index}`, counted: 0, put: [] }));
    writers.push(...mine);
    // While the other writers' requests are under way, and after another number of answers each time.
    let left = 20 + Math.floor(Math.random() * 200);
    const stop = () => {
      if (--left === 0) child.kill('SIGKILL');
    };
    await Promise.all([once(child, 'exit'), ...mine.map((writer) => write(client, writer, stop))]);
    plain.destroy();

    const items = await scanned(keep);
    for (const { pk, counted, put } of writers) {
      const found = items.get(`${pk}/counter`)?.counted ?? 0;
      // The request that was under way may have been written without being answered.
      expect([counted, counted + 1]).toContain(found);
      put.forEach((size, index) => {
        expect([pk, index, items.get(`${pk}/item-${index}`)?.text]).toEqual([pk, index, 'x'.repeat(size)]);
      });
    }
    expect(mine.reduce((sum, { put }) => sum + put.length, 0)).toBeGreaterThanOrEqual(20);
  }
});
