import { CHAIN_DEFAULTS, chainKey, RUN_DEFAULTS, runKey } from '../../functions/ledger/records';
import type { MemoryDynamoDB } from '../../local/dynamodb/memory';

/**
 * Attributes of chain and run records that the version before this one did not write. A deployment in the middle of a
 * run leaves both versions at work in one chain, so that every one of them may be absent from what a link reads.
 */
export const ADDED_ATTRIBUTES: readonly string[] = [
  'version',
  ...Object.keys(CHAIN_DEFAULTS),
  ...Object.keys(RUN_DEFAULTS),
];

/** Turns a chain's record and its run's into what a link of the previous version would have left. */
export async function olderRecords(
  dynamoDb: MemoryDynamoDB,
  tableName: string,
  { runId, chainId }: { readonly runId: string; readonly chainId: number },
  attributes: readonly string[] = ADDED_ATTRIBUTES,
): Promise<void> {
  const removals = attributes.map((_, index) => `#a${index}`).join(', ');
  const names = Object.fromEntries(attributes.map((name, index) => [`#a${index}`, name]));
  for (const Key of [chainKey(runId, chainId), runKey(runId)]) {
    const { Item } = await dynamoDb.handle('Get', { TableName: tableName, Key });
    if (Item === undefined) continue;
    await dynamoDb.handle('Update', {
      TableName: tableName,
      Key,
      UpdateExpression: `REMOVE ${removals}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: names,
    });
  }
}
