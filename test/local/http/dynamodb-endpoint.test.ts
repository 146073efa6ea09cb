import { crc32 } from 'node:zlib';
import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';

let server: HttpServer;

beforeEach(async () => {
  server = await startHttpServer({ port: 0, services: { dynamodb: new DynamoDB({ clock: { now: () => 5000 } }) } });
});
afterEach(() => server.close());

async function ask(operation: string, input: object) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(input),
  });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, output: JSON.parse(body.toString()) as unknown };
}

const table = (TableName: string, ...keys: readonly (readonly [string, string])[]) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
  KeySchema: keys.map(([AttributeName], index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
});

test('an answer is AWS JSON 1.0, with its checksum', async () => {
  const { status, headers, body, output } = await ask('ListTables', {});
  expect([status, output]).toEqual([200, { TableNames: [] }]);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.0');
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-amz-crc32')).toBe(String(crc32(body)));
});

test.each([
  ['GetItem', {}, 400, 'com.amazon.coral.validate#ValidationException'],
  ['GetItem', { TableName: 7 }, 400, 'com.amazon.coral.service#SerializationException'],
  [
    'GetItem',
    { TableName: 'nowhere', Key: { pk: { S: 'a' } } },
    400,
    'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
  ],
  ['DeleteTable', { TableName: 'nowhere' }, 501, 'com.amazon.coral.service#UnknownOperationException'],
])('an error says its type as DynamoDB does: %s %j', async (operation, input, expected, type) => {
  const { status, headers, body, output } = await ask(operation, input);
  expect([status, output]).toEqual([expected, { __type: type, message: expect.stringMatching(/./) }]);
  expect(headers.get('x-amz-crc32')).toBe(String(crc32(body)));
});

test.each([
  'DeleteTable',
  'UpdateTable',
  'UpdateTimeToLive',
  'DescribeTimeToLive',
  'TransactWriteItems',
  'constructor',
])('%s is refused by name', async (operation) => {
  const message = `The embedded DynamoDB does not implement ${operation}.`;
  expect((await ask(operation, {})).output).toMatchObject({ message });
});

test('a table is CREATING when it is created, ACTIVE from then on, and listed', async () => {
  const people = table('people', ['pk', 'S'], ['at', 'N']);
  const description = {
    TableName: 'people',
    AttributeDefinitions: people.AttributeDefinitions,
    KeySchema: people.KeySchema,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    CreationDateTime: 5,
    ItemCount: 0,
  };
  const created = (await ask('CreateTable', people)).output;
  expect(created).toEqual({ TableDescription: { ...description, TableStatus: 'CREATING' } });
  const described = (await ask('DescribeTable', { TableName: 'people' })).output;
  expect(described).toEqual({ Table: { ...description, TableStatus: 'ACTIVE' } });
  await ask('CreateTable', table('cats', ['pk', 'S']));
  await ask('CreateTable', table('dogs', ['pk', 'S']));

  expect((await ask('ListTables', { Limit: 2 })).output).toEqual({
    TableNames: ['cats', 'dogs'],
    LastEvaluatedTableName: 'dogs',
  });
  expect((await ask('ListTables', { ExclusiveStartTableName: 'dogs' })).output).toEqual({ TableNames: ['people'] });
  expect((await ask('CreateTable', people)).output).toEqual({
    __type: 'com.amazonaws.dynamodb.v20120810#ResourceInUseException',
    message: 'Table already exists: people',
  });
});

const GOOD = table('people', ['pk', 'S'], ['at', 'N']);

test.each([
  [{ BillingMode: undefined }, 'The embedded DynamoDB does not implement BillingMode PROVISIONED in CreateTable.'],
  [{ StreamSpecification: {} }, 'The embedded DynamoDB does not implement StreamSpecification in CreateTable.'],
  [
    { TableName: 'ab' },
    /at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3$/,
  ],
  [{ KeySchema: undefined }, /Value null at 'keySchema'/],
  [{ KeySchema: [] }, /at 'keySchema' failed to satisfy constraint/],
  [{ KeySchema: 'pk' }, /^Expected KeySchema to be a list of structures/],
  [{ KeySchema: [GOOD.KeySchema[0], GOOD.KeySchema[0]] }, /have the same name$/],
  [
    { KeySchema: [...GOOD.KeySchema].reverse() },
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  ],
  [{ KeySchema: [GOOD.KeySchema[0]] }, /Number of attributes in KeySchema does not exactly match/],
  [
    { AttributeDefinitions: [GOOD.AttributeDefinitions[0]] },
    'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [pk, at], AttributeDefinitions: [pk]',
  ],
  [{ AttributeDefinitions: [GOOD.AttributeDefinitions[0], { AttributeName: 'at', AttributeType: 'BOOL' }] }, /'BOOL'/],
])('a table with %j is refused', async (fault, message) => {
  const { status, output } = await ask('CreateTable', { ...GOOD, ...fault });
  expect(status).toBeGreaterThanOrEqual(400);
  expect((output as { message: string }).message).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  );
  expect((await ask('ListTables', {})).output).toEqual({ TableNames: [] });
});

test.each([
  [{ Limit: 0 }, /at 'limit' failed to satisfy constraint/],
  [{ Limit: 101 }, /at 'limit' failed to satisfy constraint/],
  [{ Limit: 'all' }, /^Expected Limit to be a number/],
  [{ ExclusiveStartTableName: '' }, /failed to satisfy constraint/],
])('a list of tables with %j is refused', async (input, message) => {
  expect((await ask('ListTables', input)).output).toMatchObject({ message: expect.stringMatching(message) });
});

test('a parameter that is null is none', async () => {
  await ask('CreateTable', GOOD);
  const Key = { pk: { S: 'a' }, at: { N: '1' } };
  expect((await ask('GetItem', { TableName: 'people', Key, ProjectionExpression: null })).output).toEqual({});
});
