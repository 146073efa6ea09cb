import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { startDynaliteStore } from './wire-stores';

const nested = (depth: number) => `${'(written = :one AND '.repeat(depth)}written = :one${')'.repeat(depth)}`;

test.each([
  ['nested', nested(20)],
  ['nested on the left', `${'('.repeat(20)}written = :one${' AND written = :one)'.repeat(20)}`],
  ['nested under NOT', `${'NOT ('.repeat(20)}written = :one${')'.repeat(20)}`],
  ['not closed', nested(20).replaceAll(')', '')],
])('a condition of some hundred characters, %s, does not hang the store', async (_, condition) => {
  const { client, close } = await startDynaliteStore([{ tableName: 'ledger', hashKey: 'pk' }]);
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
