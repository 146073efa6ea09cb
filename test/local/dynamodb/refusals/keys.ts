import {
  accepted,
  bytes,
  CAPTURED,
  CONSTRAINTS,
  EXPRESSIONS,
  get,
  KEY,
  LEDGER,
  put,
  query,
  type Row,
  refused,
  text,
  update,
} from './row';

const EMPTY = (kind: string, name: string) =>
  `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`;
const SCHEMA = 'The provided key element does not match the schema';
const HASH_SIZE = /Size of hashkey has exceeded the maximum size limit of ?2048 bytes/;
const RANGE_SIZE = /Aggregated size of all range keys has exceeded the size limit of 1024 bytes/;

const pk = { S: 'refusals' };
const BLOBS = { TableName: 'blobs' };
const KEYS_ARE_NOT_EMPTY = 'Developer Guide, HowItWorks.NamingRulesDataTypes.html, String and Binary';

/** Every place of a key condition in which a value of the sort key may stand. */
const SORT_KEY_CONDITIONS: readonly string[] = [
  'sk = :a',
  'sk < :a',
  'sk <= :a',
  'sk > :a',
  'sk >= :a',
  'begins_with(sk, :a)',
  'sk BETWEEN :a AND :z',
  'sk BETWEEN :z AND :a',
];

const withZ = (condition: string, z: object) => (condition.includes(':z') ? { ':z': z } : {});

/** An empty upper bound is below every lower one, too; which of the two DynamoDB says first is not documented. */
const EMPTY_OPERAND = (kind: string, condition: string) =>
  condition.endsWith(':z AND :a') ? /cannot contain an empty|requires upper bound to be greater/ : EMPTY(kind, 'sk');

const emptyOperands: readonly Row[] = [
  ...SORT_KEY_CONDITIONS.flatMap((condition) => [
    refused(
      `Query with an empty string in ${condition}`,
      'Query',
      query(`pk = :pk AND ${condition}`, { ':pk': pk, ':a': { S: '' }, ...withZ(condition, { S: 'z' }) }),
      EMPTY_OPERAND('string', condition),
      KEYS_ARE_NOT_EMPTY,
    ),
    refused(
      `Query with an empty binary in ${condition}`,
      'Query',
      query(
        `pk = :pk AND ${condition}`,
        { ':pk': { B: 'AQ==' }, ':a': { B: '' }, ...withZ(condition, { B: '/w==' }) },
        BLOBS,
      ),
      EMPTY_OPERAND('binary', condition),
      KEYS_ARE_NOT_EMPTY,
    ),
  ]),
  refused(
    'Query with an empty partition key',
    'Query',
    query('pk = :pk', { ':pk': { S: '' } }),
    EMPTY('string', 'pk'),
    KEYS_ARE_NOT_EMPTY,
  ),
  refused(
    'Query with an empty binary partition key',
    'Query',
    query('pk = :pk', { ':pk': { B: '' } }, BLOBS),
    EMPTY('binary', 'pk'),
    KEYS_ARE_NOT_EMPTY,
  ),
  accepted(
    'Query for a prefix of one character',
    'Query',
    query('pk = :pk AND begins_with(sk, :a)', { ':pk': pk, ':a': { S: 'a' } }),
    EXPRESSIONS,
  ),
];

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

const invalid = (rest: string) => `One or more parameter values were invalid: ${rest}`;
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

const wrongStarts: readonly Row[] = (
  [
    ['without the sort key', { pk }, /The provided starting key is invalid/],
    ['with an attribute too many', { ...KEY, v: { S: 'a' } }, /The provided starting key is invalid/],
    [
      'with a sort key of the wrong type',
      { pk, sk: { N: '1' } },
      /The provided key element does not match the schema|The provided starting key is invalid/,
    ],
    ['with an empty sort key', { pk, sk: { S: '' } }, EMPTY('string', 'sk')],
    ['with a sort key of 1025 bytes', { pk, sk: { S: text(1025) } }, RANGE_SIZE],
    [
      'of another partition',
      { pk: { S: 'other' }, sk: { S: 'a' } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
  ] as const
).map(([what, ExclusiveStartKey, message]) =>
  refused(
    `Query from a start key ${what}`,
    'Query',
    query('pk = :pk', { ':pk': pk }, { ExclusiveStartKey }),
    message,
    'API_Query.html, ExclusiveStartKey',
  ),
);

export const KEY_ROWS: readonly Row[] = [
  ...emptyOperands,
  ...wrongKeys,
  ...wrongItems,
  ...wrongStarts,
  accepted(
    'Query from a start key of the partition',
    'Query',
    query('pk = :pk', { ':pk': pk }, { ExclusiveStartKey: KEY }),
    'API_Query.html, ExclusiveStartKey',
  ),
  refused(
    'UpdateItem of the sort key',
    'UpdateItem',
    update('SET sk = :v', { ':v': { S: 'b' } }),
    invalid('Cannot update attribute sk. This attribute is part of the key'),
    CAPTURED,
  ),
  refused(
    'UpdateItem that removes the partition key',
    'UpdateItem',
    update('REMOVE pk'),
    invalid('Cannot update attribute pk. This attribute is part of the key'),
    CAPTURED,
  ),
  refused(
    'Query without the partition key',
    'Query',
    query('sk = :v', { ':v': { S: 'a' } }),
    'Query condition missed key schema element: pk',
    CAPTURED,
  ),
  refused(
    'Query by an attribute that is no key',
    'Query',
    query('attr1 = :v', { ':v': { S: 'a' } }),
    'Query condition missed key schema element: pk',
    CAPTURED,
  ),
  refused(
    'Query by a partition key of the wrong type',
    'Query',
    query('pk = :v', { ':v': { N: '1' } }),
    invalid('Condition parameter type does not match schema type'),
    CAPTURED,
  ),
  refused(
    'Query by a range of partition keys',
    'Query',
    query('pk > :v', { ':v': pk }),
    'Query key condition not supported',
    EXPRESSIONS,
  ),
  refused(
    'Query with OR between the keys',
    'Query',
    query('pk = :pk OR sk = :a', { ':pk': pk, ':a': pk }),
    'Invalid operator used in KeyConditionExpression: OR',
    EXPRESSIONS,
  ),
  refused(
    'Query with two conditions for one key',
    'Query',
    query('pk = :pk AND sk > :a AND sk < :z', { ':pk': pk, ':a': { S: 'a' }, ':z': { S: 'z' } }),
    'KeyConditionExpressions must only contain one condition per key',
    EXPRESSIONS,
  ),
  refused(
    'Query between bounds that are the wrong way round',
    'Query',
    query('pk = :pk AND sk BETWEEN :z AND :a', { ':pk': pk, ':a': { S: 'a' }, ':z': { S: 'z' } }),
    /^Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound/,
    EXPRESSIONS,
  ),
  accepted(
    'Query between equal bounds',
    'Query',
    query('pk = :pk AND sk BETWEEN :a AND :a', { ':pk': pk, ':a': { S: 'a' } }),
    EXPRESSIONS,
  ),
];
