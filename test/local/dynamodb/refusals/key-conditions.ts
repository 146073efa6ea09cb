import { BLOBS, EMPTY, invalid, KEYS_ARE_NOT_EMPTY, pk, RANGE_SIZE } from './key-messages';
import { accepted, CAPTURED, EXPRESSIONS, KEY, query, type Row, refused, text, update } from './row';

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

export const KEY_CONDITION_ROWS: readonly Row[] = [
  ...emptyOperands,
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
