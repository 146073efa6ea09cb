import { accepted, CAPTURED, get, KEY, LEDGER, missingTable, put, query, type Row, refused, text, update } from './row';

const V = { ':v': { S: 'refusals' } };
const enumerated = (value: string, parameter: string) =>
  new RegExp(
    `^1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: Member must satisfy enum value set: \\[`,
  );
const keys = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ pk: KEY.pk, sk: { S: `batch-${index}` } }));
const gets = (Keys: object, table = 'ledger') => ({ RequestItems: { [table]: { Keys } } });
const puts = (count: number, table = 'ledger') => ({
  RequestItems: { [table]: keys(count).map((Item) => ({ PutRequest: { Item } })) },
});
const DUPLICATES = 'Provided list of item keys contains duplicates';
const name = (rule: string) => new RegExp(`at 'tableName' failed to satisfy constraint: ${rule}`);
const UNKNOWN = { TableName: 'unknown' };

const tables: readonly Row[] = [
  missingTable('GetItem', get(KEY, UNKNOWN)),
  missingTable('PutItem', put({}, UNKNOWN)),
  missingTable('UpdateItem', update('REMOVE n', undefined, UNKNOWN)),
  missingTable('DeleteItem', get(KEY, UNKNOWN)),
  missingTable('Query', query('pk = :v', V, UNKNOWN)),
  missingTable('BatchGetItem', gets([KEY], 'unknown')),
  missingTable('BatchWriteItem', puts(1, 'unknown')),
  missingTable('Scan', UNKNOWN),
  {
    ...missingTable('DescribeTable', UNKNOWN),
    refusal: { name: 'ResourceNotFoundException', message: /Table: unknown not found/ },
    wireOnly: 'the in-memory store has its tables from its constructor',
  },
  refused(
    'A table without a name',
    'PutItem',
    put({}, { TableName: undefined }),
    "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    CAPTURED,
  ),
  refused(
    'An empty name of a table',
    'PutItem',
    put({}, { TableName: '' }),
    name('Member must have length greater than or equal to 1'),
    CAPTURED,
  ),
  refused(
    'A table name of 256 characters',
    'PutItem',
    put({}, { TableName: text(256) }),
    name('Member must have length less than or equal to 255'),
    CAPTURED,
  ),
  refused(
    'A table name with a blank',
    'PutItem',
    put({}, { TableName: 'bad table!@#' }),
    name('Member must satisfy regular expression pattern'),
    CAPTURED,
  ),
];

const parameters: readonly Row[] = [
  refused(
    'ReturnValues that do not exist',
    'UpdateItem',
    update('REMOVE n', undefined, { ReturnValues: 'ALL' }),
    enumerated('ALL', 'returnValues'),
    CAPTURED,
  ),
  refused(
    'ReturnValues of a put that only an update has',
    'PutItem',
    put({}, { ReturnValues: 'ALL_NEW' }),
    'ReturnValues can only be ALL_OLD or NONE',
    CAPTURED,
  ),
  refused(
    'ReturnValues of a delete that only an update has',
    'DeleteItem',
    get(KEY, { ReturnValues: 'UPDATED_NEW' }),
    'ReturnValues can only be ALL_OLD or NONE',
    CAPTURED,
  ),
  refused(
    'ReturnConsumedCapacity that does not exist',
    'GetItem',
    get(KEY, { ReturnConsumedCapacity: 'INVALID' }),
    enumerated('INVALID', 'returnConsumedCapacity'),
    CAPTURED,
  ),
  refused(
    'A put without an item',
    'PutItem',
    LEDGER,
    /at 'item' failed to satisfy constraint: Member must not be null/,
    CAPTURED,
  ),
  refused(
    'A get without a key',
    'GetItem',
    LEDGER,
    /at 'key' failed to satisfy constraint: Member must not be null/,
    CAPTURED,
  ),
  refused(
    'Limit 0 of a Query',
    'Query',
    query('pk = :v', V, { Limit: 0 }),
    "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    CAPTURED,
  ),
  accepted('Limit 1 of a Query', 'Query', query('pk = :v', V, { Limit: 1 }), CAPTURED),
  refused(
    'A Query without a key condition',
    'Query',
    LEDGER,
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    CAPTURED,
  ),
  refused(
    'Select that does not exist',
    'Query',
    query('pk = :v', V, { Select: 'INVALID_VALUE' }),
    enumerated('INVALID_VALUE', 'select'),
    CAPTURED,
  ),
  refused(
    'Select COUNT with a projection',
    'Query',
    query('pk = :v', V, { Select: 'COUNT', ProjectionExpression: 'a' }),
    'Cannot specify the ProjectionExpression when choosing to get only the Count',
    CAPTURED,
  ),
  refused(
    'Select of certain attributes that are not said',
    'Query',
    query('pk = :v', V, { Select: 'SPECIFIC_ATTRIBUTES' }),
    /Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES/,
    CAPTURED,
  ),
  refused(
    'Select of projected attributes without an index',
    'Query',
    query('pk = :v', V, { Select: 'ALL_PROJECTED_ATTRIBUTES' }),
    'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    'API_Query.html, Select',
  ),
  refused(
    'AttributeUpdates beside an UpdateExpression',
    'UpdateItem',
    update('SET n = :v', V, { AttributeUpdates: { n: { Value: { S: 'a' }, Action: 'PUT' } } }),
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}',
    CAPTURED,
  ),
  refused(
    'AttributesToGet beside a ProjectionExpression',
    'GetItem',
    get(KEY, { AttributesToGet: ['n'], ProjectionExpression: 'n' }),
    /^Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \{AttributesToGet\}/,
    'API_GetItem.html, AttributesToGet',
  ),
  refused(
    'Limit 0 of a Scan',
    'Scan',
    { ...LEDGER, Limit: 0 },
    /Member must have value greater than or equal to 1/,
    CAPTURED,
  ),
  refused(
    'A Segment without TotalSegments',
    'Scan',
    { ...LEDGER, Segment: 0 },
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    CAPTURED,
  ),
  refused(
    'A Segment that is TotalSegments',
    'Scan',
    { ...LEDGER, Segment: 5, TotalSegments: 5 },
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5',
    CAPTURED,
  ),
  refused(
    'TotalSegments without a Segment',
    'Scan',
    { ...LEDGER, TotalSegments: 5 },
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    CAPTURED,
  ),
  refused(
    'A negative Segment',
    'Scan',
    { ...LEDGER, Segment: -1, TotalSegments: 5 },
    "1 validation error detected: Value '-1' at 'segment' failed to satisfy constraint: Member must have value greater than or equal to 0",
    'API_Scan.html, Segment',
  ),
  refused(
    'No TotalSegments at all',
    'Scan',
    { ...LEDGER, Segment: 0, TotalSegments: 0 },
    "1 validation error detected: Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1",
    'API_Scan.html, TotalSegments',
  ),
  refused(
    'More than a million TotalSegments',
    'Scan',
    { ...LEDGER, Segment: 0, TotalSegments: 1_000_001 },
    "1 validation error detected: Value '1000001' at 'totalSegments' failed to satisfy constraint: Member must have value less than or equal to 1000000",
    'API_Scan.html, TotalSegments',
  ),
  accepted(
    'A million TotalSegments',
    'Scan',
    { ...LEDGER, Segment: 999_999, TotalSegments: 1_000_000 },
    'API_Scan.html, TotalSegments',
  ),
  refused(
    'A Scan from a start key without the sort key',
    'Scan',
    { ...LEDGER, ExclusiveStartKey: { pk: KEY.pk } },
    /The provided starting key is invalid/,
    'API_Scan.html, ExclusiveStartKey',
  ),
  refused(
    'A Scan with a reserved word',
    'Scan',
    { ...LEDGER, FilterExpression: 'status = :v', ExpressionAttributeValues: V },
    /reserved keyword: status/,
    CAPTURED,
  ),
  accepted('A Scan', 'Scan', { ...LEDGER, Segment: 0, TotalSegments: 1 }, CAPTURED),
];

const batches: readonly Row[] = [
  refused(
    'A BatchGetItem of nothing',
    'BatchGetItem',
    { RequestItems: {} },
    'The requestItems parameter is required for BatchGetItem',
    CAPTURED,
  ),
  refused(
    'A BatchWriteItem of nothing',
    'BatchWriteItem',
    { RequestItems: {} },
    'The requestItems parameter is required for BatchWriteItem',
    CAPTURED,
  ),
  refused(
    'A BatchGetItem of no keys of a table',
    'BatchGetItem',
    gets([]),
    /Member must have length greater than or equal to 1/,
    CAPTURED,
  ),
  refused(
    'A BatchWriteItem of no requests for a table',
    'BatchWriteItem',
    { RequestItems: { ledger: [] } },
    /Member must have length greater than or equal to 1/,
    CAPTURED,
  ),
  refused(
    'A BatchGetItem of 101 keys',
    'BatchGetItem',
    gets(keys(101)),
    "1 validation error detected: Value at 'RequestItems.ledger.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
    CAPTURED,
  ),
  accepted('A BatchGetItem of 100 keys', 'BatchGetItem', gets(keys(100)), CAPTURED),
  refused(
    'A BatchWriteItem of 26 requests',
    'BatchWriteItem',
    puts(26),
    /at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/,
    CAPTURED,
  ),
  accepted('A BatchWriteItem of 25 requests', 'BatchWriteItem', puts(25), CAPTURED),
  refused('A BatchGetItem of a key twice', 'BatchGetItem', gets([KEY, KEY]), DUPLICATES, CAPTURED),
  refused(
    'A BatchWriteItem of a put and a delete of one item',
    'BatchWriteItem',
    { RequestItems: { ledger: [{ PutRequest: { Item: KEY } }, { DeleteRequest: { Key: KEY } }] } },
    DUPLICATES,
    CAPTURED,
  ),
];

export const REQUEST_ROWS: readonly Row[] = [...tables, ...parameters, ...batches];
