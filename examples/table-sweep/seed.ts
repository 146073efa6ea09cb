import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Seed } from 'worker-chains';

/** DynamoDB's limit for one BatchWriteItem. */
const ROWS_PER_CALL = 25;
const CALLS_IN_FLIGHT = 8;

/** As they were before the sweep. */
export function user(number: number) {
  return { id: `user-${number}`, name: number % 50 === 0 ? `Mononym${number}` : `Anna Maria Reader${number}` };
}

/** Writes the users 1 to `count` into the table. */
export async function seedUsers(
  client: Pick<DynamoDBDocumentClient, 'send'>,
  table: string,
  count: number,
): Promise<void> {
  let next = 1;
  const write = async () => {
    while (next <= count) {
      const first = next;
      next += ROWS_PER_CALL;
      const rows = Array.from({ length: Math.min(ROWS_PER_CALL, count - first + 1) }, (_, index) =>
        user(first + index),
      );
      const requests = rows.map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, write));
}

/** `USERS=200000` makes so many. */
const seed: Seed = async ({ environment }) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  await seedUsers(client, environment.USERS_TABLE as string, Number(process.env.USERS ?? 5000));
  client.destroy();
};

export default seed;
