import { BLOBS, EMPTY, HASH_SIZE, invalid, KEYS_ARE_NOT_EMPTY, pk, RANGE_SIZE, SCHEMA } from './key-messages';
import { accepted, bytes, CAPTURED, CONSTRAINTS, get, KEY, LEDGER, put, type Row, refused, text, update } from './row';

/** The operations that take a whole Key, as (name, input for that key). */
const BY_KEY: readonly (readonly [string, (key: object, table?: string) => object])[] = [
  ['GetItem', (key, table = 'ledger') => get(key, { TableName: table })],
  ['DeleteItem', (key, table = 'ledger') => get(key, { TableName: table })],
  ['UpdateItem', (key, table = 'ledger') => update('SET v = :v', { ':v': { N: '1' } }, { Key: key, TableName: table })],
  ['BatchGetItem', (key, table = 'ledger') => ({ RequestItems: { [table]: { Keys: [key] } } })],
  ['BatchWriteItem', (key, table = 'ledger') => ({ RequestItems: { [table]: [{ DeleteRequest: { Key: key } }] } })],
];

const wrongKeys: readonly Row[] = BY_KEY.flatMap(([operation, input]) => [
  refused(
    `${operation} by an empty sort key`,
    operation,
    input({ pk, sk: { S: '' } }),
    EMPTY('string', 'sk'),
    CAPTURED,
  ),
  refused(
    `${operation} by an empty partition key`,
    operation,
    input({ pk: { S: '' }, sk: { S: 'a' } }),
    EMPTY('string', 'pk'),
    CAPTURED,
  ),
  refused(
    `${operation} by an empty binary key`,
    operation,
    input({ pk: { B: '' }, sk: { B: 'AQ==' } }, 'blobs'),
    EMPTY('binary', 'pk'),
    KEYS_ARE_NOT_EMPTY,
  ),
  refused(`${operation} without a sort key`, operation, input({ pk }), SCHEMA, CAPTURED),
  refused(
    `${operation} with an attribute too many in the key`,
    operation,
    input({ ...KEY, v: { S: 'a' } }),
    SCHEMA,
    CAPTURED,
  ),
  refused(`${operation} by a sort key of the wrong type`, operation, input({ pk, sk: { N: '1' } }), SCHEMA, CAPTURED),
  refused(`${operation} by a sort key that is NULL`, operation, input({ pk, sk: { NULL: true } }), SCHEMA, CAPTURED),
  refused(
    `${operation} by a partition key of 2049 bytes`,
    operation,
    input({ pk: { S: text(2049) }, sk: { S: 'a' } }),
    HASH_SIZE,
    CONSTRAINTS,
  ),
  refused(
    `${operation} by a sort key of 1025 bytes`,
    operation,
    input({ pk, sk: { S: text(1025) } }),
    RANGE_SIZE,
    CONSTRAINTS,
  ),
  accepted(
    `${operation} by keys of 2048 and 1024 bytes`,
    operation,
    input({ pk: { S: text(2048) }, sk: { S: text(1024) } }),
    CONSTRAINTS,
  ),
]);

const batchPut = (item: object) => ({ RequestItems: { ledger: [{ PutRequest: { Item: item } }] } });

const wrongItems: readonly Row[] = [
  refused('PutItem of an empty sort key', 'PutItem', put({ sk: { S: '' } }), EMPTY('string', 'sk'), CAPTURED),
  refused('PutItem of an empty partition key', 'PutItem', put({ pk: { S: '' } }), EMPTY('string', 'pk'), CAPTURED),
  refused(
    'PutItem of an empty binary key',
    'PutItem',
    { ...BLOBS, Item: { pk: { B: 'AQ==' }, sk: { B: '' } } },
    EMPTY('binary', 'sk'),
    KEYS_ARE_NOT_EMPTY,
  ),
  refused(
    'PutItem without a sort key',
    'PutItem',
    { ...LEDGER, Item: { pk } },
    invalid('Missing the key sk in the item'),
    CAPTURED,
  ),
  refused(
    'PutItem of a sort key of the wrong type',
    'PutItem',
    put({ sk: { N: '1' } }),
    invalid('Type mismatch for key sk expected: S actual: N'),
    CAPTURED,
  ),
  refused(
    'PutItem of a sort key that is NULL',
    'PutItem',
    put({ sk: { NULL: true } }),
    invalid('Type mismatch for key sk expected: S actual: NULL'),
    CAPTURED,
  ),
  refused('PutItem of a sort key of 1025 bytes', 'PutItem', put({ sk: { S: text(1025) } }), RANGE_SIZE, CONSTRAINTS),
  refused(
    'PutItem of a sort key of 513 letters of 2 bytes',
    'PutItem',
    put({ sk: { S: 'é'.repeat(513) } }),
    RANGE_SIZE,
    CONSTRAINTS,
  ),
  refused(
    'PutItem of a partition key of 2049 bytes',
    'PutItem',
    put({ pk: { S: text(2049) } }),
    HASH_SIZE,
    CONSTRAINTS,
  ),
  refused(
    'PutItem of a binary sort key of 1025 bytes',
    'PutItem',
    { ...BLOBS, Item: { pk: { B: 'AQ==' }, sk: { B: bytes(1025) } } },
    RANGE_SIZE,
    CONSTRAINTS,
  ),
  accepted(
    'PutItem of keys of 2048 and 1024 bytes',
    'PutItem',
    put({ pk: { S: text(2048) }, sk: { S: text(1024) } }),
    CONSTRAINTS,
  ),
  refused(
    'BatchWriteItem of an empty sort key',
    'BatchWriteItem',
    batchPut({ ...KEY, sk: { S: '' } }),
    EMPTY('string', 'sk'),
    CAPTURED,
  ),
  refused('BatchWriteItem of an item without a sort key', 'BatchWriteItem', batchPut({ pk }), SCHEMA, CAPTURED),
  refused(
    'BatchWriteItem of a sort key of the wrong type',
    'BatchWriteItem',
    batchPut({ pk, sk: { N: '1' } }),
    SCHEMA,
    CAPTURED,
  ),
  refused(
    'BatchWriteItem of a sort key of 1025 bytes',
    'BatchWriteItem',
    batchPut({ pk, sk: { S: text(1025) } }),
    RANGE_SIZE,
    CONSTRAINTS,
  ),
];

export const KEY_ROWS: readonly Row[] = [...wrongKeys, ...wrongItems];
