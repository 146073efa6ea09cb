/**
 * A change of schema over a whole table: `name` becomes `givenName` and `familyName`. No mail, so no SES. The table itself is
 * the provider: the sweep takes so much of its write capacity. A write is conditional, so that it may be made again.
 */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { defineJob, dynamoDb, env, isTransient, skip, table, throttled, variable } from 'worker-chains';

interface User {
  readonly id: string;
  readonly name?: string;
}

export default defineJob({
  name: 'table-sweep',
  source: table({ name: env('USERS_TABLE'), key: 'id', projection: ['name'] }),
  providers: { users: { rate: 500, idempotent: true } },
  itemSeconds: 0.02,
  process({ id, name }: User, { call }) {
    if (name === undefined) return skip('swept');
    const space = name.lastIndexOf(' ');
    const update = new UpdateCommand({
      TableName: variable('USERS_TABLE'),
      Key: { id },
      UpdateExpression: 'SET givenName = :given, familyName = :family REMOVE #name',
      ConditionExpression: '#name = :name',
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: {
        ':name': name,
        ':given': name.slice(0, Math.max(0, space)),
        ':family': name.slice(space + 1),
      },
    });
    return call('users', () => apply(update));
  },
});

async function apply(update: UpdateCommand) {
  try {
    await dynamoDb().send(update);
  } catch (error) {
    // Swept by a try whose answer was lost, renamed by its owner, or deleted.
    if ((error as Error).name === 'ConditionalCheckFailedException') return;
    throw isTransient(error) ? throttled() : error;
  }
}
