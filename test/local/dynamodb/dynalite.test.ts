import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../http/fake-service';
import { startDynaliteArm } from './arms';

const TABLES = [{ tableName: 'ledger', hashKey: 'pk' }];

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'dynalite-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const count = (client: DynamoDBDocumentClient) =>
  client.send(
    new UpdateCommand({
      TableName: 'ledger',
      Key: { pk: 'run' },
      UpdateExpression: 'ADD written :one',
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
const counted = async (client: DynamoDBDocumentClient) =>
  (await client.send(new GetCommand({ TableName: 'ledger', Key: { pk: 'run' } }))).Item?.written;

test('data on disk is there again after a restart', async () => {
  const first = await startDynaliteArm(TABLES, path);
  await count(first.client);
  await first.close();
  const second = await startDynaliteArm([], path);
  expect(await counted(second.client)).toBe(1);
  await second.close();
});

const nested = (depth: number) => `${'(written = :one AND '.repeat(depth)}written = :one${')'.repeat(depth)}`;

test.each([
  ['nested', nested(20)],
  ['nested on the left', `${'('.repeat(20)}written = :one${' AND written = :one)'.repeat(20)}`],
  ['nested under NOT', `${'NOT ('.repeat(20)}written = :one${')'.repeat(20)}`],
  ['not closed', nested(20).replaceAll(')', '')],
])('a condition of some hundred characters, %s, does not hang the store', async (_, condition) => {
  const { client, close } = await startDynaliteArm(TABLES, path);
  const write = (expression: string) =>
    client.send(
      new UpdateCommand({
        TableName: 'ledger',
        Key: { pk: 'run' },
        UpdateExpression: 'SET written = :one',
        ConditionExpression: expression,
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
  const started = performance.now();

  await expect(write(condition)).rejects.toThrow(
    'The embedded DynamoDB does not implement conditions with more than 5 parentheses inside one another.',
  );
  expect(performance.now() - started).toBeLessThan(2000);
  await expect(write(`attribute_not_exists(pk) OR ${nested(4)}`)).resolves.toBeDefined();
  await close();
});

test('a write that was answered survives SIGKILL', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', require.resolve('./dynalite-process'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const plain = new DynamoDBClient(clientOptions(`http://127.0.0.1:${await portOf(child)}`));
  const client = DynamoDBDocumentClient.from(plain);
  let answered = 0;
  const writers = Array.from({ length: 4 }, async () => {
    try {
      for (;;) {
        await count(client);
        // Killed while the other writers' requests are under way.
        if (++answered === 200) child.kill('SIGKILL');
      }
    } catch {
      // The server is gone.
    }
  });
  await Promise.all([once(child, 'exit'), ...writers]);
  plain.destroy();

  const survivor = await startDynaliteArm([], path);
  const written = await counted(survivor.client);
  await survivor.close();
  // A request that was under way may have been written without being answered: one per writer at most.
  expect(answered).toBeGreaterThanOrEqual(200);
  expect(written).toBeGreaterThanOrEqual(answered);
  expect(written).toBeLessThanOrEqual(answered + writers.length);
}, 30_000);

async function portOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error('The child process ended before it said its port.');
}
