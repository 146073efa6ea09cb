import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynalite } from '../../../local/dynamodb/dynalite';
import type { TableDefinition } from '../../../local/dynamodb/memory-table';

/** A real document client against dynalite in this process, on a free loopback port. */
export async function startDynaliteArm(tables: readonly TableDefinition[], path?: string) {
  const dynalite = await startDynalite({ path });
  const server = createServer(dynalite.listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const plain = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  for (const table of tables) await createTable(plain, table);
  return {
    client: DynamoDBDocumentClient.from(plain),
    port,
    async close() {
      plain.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await dynalite.close();
    },
  };
}

async function createTable(client: DynamoDBClient, table: TableDefinition): Promise<void> {
  const { tableName: TableName, hashKey, hashKeyType = 'S', rangeKey, rangeKeyType = 'S' } = table;
  const range = rangeKey === undefined ? [] : [{ name: rangeKey, type: rangeKeyType, role: 'RANGE' as const }];
  const keys = [{ name: hashKey, type: hashKeyType, role: 'HASH' as const }, ...range];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: keys.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName });
}

/** Waits for tables that were created over the wire. */
export async function waitUntilActive(endpoint: string, tables: readonly TableDefinition[]): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  for (const { tableName: TableName } of tables) {
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName });
  }
  client.destroy();
}
