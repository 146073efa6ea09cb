import { notImplemented } from '../aws-service';
import { checkConstraints, type Operation } from './constraints';

type Input = Readonly<Record<string, unknown>>;

const CONDITIONAL = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ReturnValues'];
const READ = [
  'TableName',
  'FilterExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'Limit',
  'ExclusiveStartKey',
  'Select',
  'ConsistentRead',
];

/** Parameters that each operation understands; any other is refused by name. */
const PARAMETERS: Readonly<Record<Operation, ReadonlySet<string>>> = {
  GetItem: new Set(['TableName', 'Key', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames']),
  PutItem: new Set(['TableName', 'Item', ...CONDITIONAL]),
  UpdateItem: new Set(['TableName', 'Key', 'UpdateExpression', ...CONDITIONAL]),
  DeleteItem: new Set(['TableName', 'Key', ...CONDITIONAL]),
  Query: new Set(['KeyConditionExpression', 'ScanIndexForward', ...READ]),
  Scan: new Set(['Segment', 'TotalSegments', ...READ]),
  BatchGetItem: new Set(['RequestItems']),
  BatchWriteItem: new Set(['RequestItems']),
};

/** Parameters whose value 'NONE' asks for nothing. */
const OPTIONAL_EXTRAS: ReadonlySet<string> = new Set([
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValuesOnConditionCheckFailure',
]);

/**
 * Refuses a parameter that is not implemented, by name. What DynamoDB refuses anyway is refused in its words, even beside
 * such a parameter. `calledAs`: the operation's name as the caller knows it.
 *
 * @throws ServiceError where there is such a parameter
 */
export function checkParameters(operation: Operation, calledAs: string, input: Input): void {
  const unknown = firstUnknown(operation, input);
  if (unknown === undefined) return;
  checkConstraints(operation, input);
  throw notImplemented('DynamoDB', `${unknown} in ${calledAs}`);
}

/**
 * The same for the requests to one table inside a BatchGetItem.
 *
 * @throws ServiceError where there is such a parameter
 */
export function checkBatchParameters(calledAs: string, request: Input): void {
  const unknown = firstUnknown('GetItem', request);
  if (unknown !== undefined) throw notImplemented('DynamoDB', `${unknown} in ${calledAs}`);
}

function firstUnknown(operation: Operation, input: Input): string | undefined {
  const known = PARAMETERS[operation];
  for (const name in input) {
    const value = input[name];
    if (value === undefined || known.has(name) || (value === 'NONE' && OPTIONAL_EXTRAS.has(name))) continue;
    return name;
  }
  return undefined;
}
