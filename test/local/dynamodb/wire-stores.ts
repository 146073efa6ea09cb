import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../../functions/contract/clock';
import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';
import type { TableDefinition } from '../../../local/dynamodb/memory-table';
import { startHttpServer } from '../../../local/http/aws-server';
import { clientOptions } from '../http/fake-service';
import { startDynalite } from './dynalite';

/** A DynamoDB on a free loopback port, and a real document client against it. */
export interface WireStore {
  readonly client: DynamoDBDocumentClient;
  readonly url: string;
  close(): Promise<void>;
}

/** The embedded DynamoDB behind its wire protocol. With `keep` it keeps its tables in that directory. */
export async function startEmbeddedStore(tables: readonly TableDefinition[], keep?: string): Promise<WireStore> {
  const dynamodb = new DynamoDB({ clock: systemClock, keep });
  const server = await startHttpServer({ port: 0, services: { dynamodb } });
  return connect(server.url, tables, async () => {
    await server.close();
    dynamodb.close();
  });
}

/** dynalite in this process. */
export async function startDynaliteStore(tables: readonly TableDefinition[]): Promise<WireStore> {
  const dynalite = startDynalite();
  const server = createServer(dynalite.listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tables, async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await dynalite.close();
  });
}

async function connect(url: string, tables: readonly TableDefinition[], stop: () => Promise<void>): Promise<WireStore> {
  const plain = new DynamoDBClient(clientOptions(url));
  for (const table of tables) await createTable(plain, table);
  return {
    client: DynamoDBDocumentClient.from(plain),
    url,
    async close() {
      plain.destroy();
      await stop();
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
