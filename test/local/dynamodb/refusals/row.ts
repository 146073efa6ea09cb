import type { TableDefinition } from '../../../../local/dynamodb/memory-table';

/** One request and what DynamoDB answers to it. Values are as they are on the wire: `{ S: 'text' }`. */
export interface Row {
  readonly sentence: string;
  readonly operation: string;
  readonly input: object;
  /** What DynamoDB answers; absent in rows that DynamoDB accepts, which lie just inside a limit. */
  readonly refusal?: { readonly name: string; readonly message: string | RegExp };
  /** A page of AWS's documentation, or the public suite whose expectations were recorded on DynamoDB. */
  readonly source: string;
  /** Items that must be in the table before. */
  readonly given?: readonly { readonly table: string; readonly item: object }[];
  /** Why the in-memory store, which has a document client before it, cannot be asked this. */
  readonly wireOnly?: string;
}

export const TABLES: readonly TableDefinition[] = [
  { tableName: 'ledger', hashKey: 'pk', rangeKey: 'sk' },
  { tableName: 'events', hashKey: 'pk', rangeKey: 'at', rangeKeyType: 'N' },
  { tableName: 'people', hashKey: 'id', hashKeyType: 'N' },
  { tableName: 'blobs', hashKey: 'pk', hashKeyType: 'B', rangeKey: 'sk', rangeKeyType: 'B' },
];

/**
 * The suite records on DynamoDB that this kind of request is refused or accepted. It has the words of about half of
 * these rows; the others have the words of dynalite and moto, which nobody has compared with DynamoDB here.
 */
export const CAPTURED = 'captured: nubo-db/dynamodb-conformance';
/** Constraints and messages of the pages "Quotas in Amazon DynamoDB" and "Constraints in Amazon DynamoDB". */
export const CONSTRAINTS = 'Developer Guide, Constraints.html';
export const EXPRESSIONS = 'Developer Guide, Expressions.html';

export const NO_SETS = 'documents with sets are refused by name';
export const NOT_A_DOCUMENT = 'the document client cannot say this';

const VALIDATION = 'ValidationException';

type More = Pick<Row, 'given' | 'wireOnly'>;

export function refused(
  sentence: string,
  operation: string,
  input: object,
  message: string | RegExp,
  source: string,
  more: More = {},
): Row {
  return { sentence, operation, input, refusal: { name: VALIDATION, message }, source, ...more };
}

export function accepted(sentence: string, operation: string, input: object, source: string, more: More = {}): Row {
  return { sentence, operation, input, source, ...more };
}

export function missingTable(operation: string, input: object): Row {
  const refusal = { name: 'ResourceNotFoundException', message: /^Requested resource not found/ };
  return { sentence: `${operation} of an unknown table`, operation, input, refusal, source: CAPTURED };
}

export const LEDGER = { TableName: 'ledger' };
export const KEY = { pk: { S: 'refusals' }, sk: { S: 'a' } };

export const get = (Key: object, more: object = {}) => ({ ...LEDGER, Key, ...more });
export const put = (item: object, more: object = {}) => ({ ...LEDGER, Item: { ...KEY, ...item }, ...more });
export const update = (UpdateExpression: string, values?: object, more: object = {}) => ({
  ...LEDGER,
  Key: KEY,
  UpdateExpression,
  ExpressionAttributeValues: values,
  ...more,
});
export const query = (KeyConditionExpression: string, values: object, more: object = {}) => ({
  ...LEDGER,
  KeyConditionExpression,
  ExpressionAttributeValues: values,
  ...more,
});
/** A put under a condition. */
export const when = (ConditionExpression: string, values?: object, more: object = {}) =>
  put({}, { ConditionExpression, ExpressionAttributeValues: values, ...more });

export const text = (length: number) => 'x'.repeat(length);
export const bytes = (length: number) => Buffer.alloc(length, 1).toString('base64');
