import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { CONTRACT_TABLES } from './contract';

// What the contract does not cover: helpers, and where DynamoDB and dynalite differ.
const TableName = 'ledger';
const Key = { pk: 'p', sk: 'a' };

let memory: MemoryDynamoDB;
let client: ReturnType<typeof documentClientOver>;

beforeEach(() => {
  memory = new MemoryDynamoDB(CONTRACT_TABLES);
  client = documentClientOver(memory);
});

const put = (item: object, more: object = {}) =>
  client.send(new PutCommand({ TableName, Item: { ...Key, ...item }, ...more }));
const get = async () => (await client.send(new GetCommand({ TableName, Key }))).Item;
const update = (UpdateExpression: string, values?: object) =>
  client.send(new UpdateCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues: values as never }));
const notImplemented = (what: string) =>
  expect.objectContaining({
    name: 'UnknownOperationException',
    message: `The embedded DynamoDB does not implement ${what}.`,
  });

test('a snapshot is not touched by what happens after it, and can be restored twice', async () => {
  await put({ n: 1 });
  const snapshot = memory.snapshot();
  for (let round = 0; round < 2; round++) {
    await update('SET n = :n', { ':n': 2 });
    await put({ sk: 'b' });
    expect([memory.size(), memory.size('ledger'), memory.size('people')]).toEqual([2, 2, 0]);
    memory.restore(snapshot);
    expect(await get()).toEqual({ ...Key, n: 1 });
    expect(memory.size()).toBe(1);
  }
  await client.send(new DeleteCommand({ TableName, Key }));
  expect(memory.size()).toBe(0);
  memory.restore(snapshot);
  expect(memory.size()).toBe(1);
});

test('strings are ordered by their UTF-8 bytes, not by their UTF-16 code units', async () => {
  for (const sk of ['\u{1F600}', '\uFF01', 'z']) await put({ sk });
  const { Items } = await client.send(
    new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'p' } }),
  );
  expect((Items as { sk: string }[]).map(({ sk }) => sk)).toEqual(['z', '\uFF01', '\u{1F600}']);
});

test('lists and maps are compared by what they hold', async () => {
  await put({ l: [1, { x: 'y' }], m: { a: [null] } });
  const check = (condition: string, value: unknown) =>
    put({}, { ConditionExpression: condition, ExpressionAttributeValues: { ':v': value }, ReturnValues: 'NONE' });
  await expect(check('l = :v', [1, { x: 'z' }])).rejects.toThrow('The conditional request failed');
  await expect(check('m = :v', { a: [null], b: 1 })).rejects.toThrow('The conditional request failed');
  await check('l = :v AND m <> :v', [1, { x: 'y' }]);
});

test('false and the empty string are values like any other', async () => {
  const item = { never: false, blank: '' };
  await put(item);
  await put(item, {
    ConditionExpression:
      'never IN (:no) AND size(blank) = :zero AND attribute_type(never, :type) AND blank BETWEEN :e AND :e',
    ExpressionAttributeValues: { ':no': false, ':zero': 0, ':type': 'BOOL', ':e': '' },
  });
});

test('every removed index means the list as it was', async () => {
  await put({ l: [0, 1, 2, 3, { x: 1, y: 2 }] });
  await update('REMOVE l[0], l[2], l[4].x');
  expect(await get()).toEqual({ ...Key, l: [1, 3, { y: 2 }] });
});

test('elements set past the end of a list are appended in the order of their indexes', async () => {
  await put({ l: [0] });
  await update('SET l[9] = :nine, l[5] = :five', { ':nine': 9, ':five': 5 });
  expect(await get()).toEqual({ ...Key, l: [0, 5, 9] });
});

test('a value that is copied is not changed with its original', async () => {
  await put({ m: { x: 1 } });
  await update('SET copied = m, m.x = :two', { ':two': 2 });
  expect(await get()).toEqual({ ...Key, copied: { x: 1 }, m: { x: 2 } });
});

test('a sum that JavaScript cannot hold exactly is refused, not rounded', async () => {
  await put({ n: Number.MAX_SAFE_INTEGER, tiny: 1e-20 });
  await expect(update('SET n = n + :one', { ':one': 1 })).rejects.toEqual(
    notImplemented('numbers that JavaScript cannot hold exactly (9007199254740991 + 1)'),
  );
  await expect(update('SET tiny = tiny + :one', { ':one': 1 })).rejects.toEqual(
    notImplemented('numbers that JavaScript cannot hold exactly (1e-20 + 1)'),
  );
});

test.each([
  ['sets', () => new PutCommand({ TableName, Item: { ...Key, s: new Set([1]) } })],
  ['values of type bigint', () => new PutCommand({ TableName, Item: { ...Key, n: 1n } })],
  ['ReturnConsumedCapacity in Get', () => new GetCommand({ TableName, Key, ReturnConsumedCapacity: 'TOTAL' })],
  ['AttributesToGet in Get', () => new GetCommand({ TableName, Key, AttributesToGet: ['a'] })],
  [
    'ReturnValuesOnConditionCheckFailure in Put',
    () => new PutCommand({ TableName, Item: Key, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  ],
  ['IndexName in Query', () => new QueryCommand({ TableName, IndexName: 'i', KeyConditionExpression: 'pk = :pk' })],
  [
    'ADD to a nested attribute',
    () => new UpdateCommand({ TableName, Key, UpdateExpression: 'ADD a.b :v', ExpressionAttributeValues: { ':v': 1 } }),
  ],
])('%s is refused by name', async (what, command) => {
  await expect(client.send(command())).rejects.toEqual(notImplemented(what));
});

test('an order between values that have none is refused', async () => {
  await expect(put({}, { ConditionExpression: 'a < :v', ExpressionAttributeValues: { ':v': true } })).rejects.toThrow(
    'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
  );
});

test('an expression above 4 KB is refused', async () => {
  await expect(put({}, { ConditionExpression: `a = :v${' '.repeat(4096)}` })).rejects.toThrow(
    'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4102',
  );
});

test.each([
  ['opened', '('.repeat(4000)],
  ['opened and closed', `${'('.repeat(2000)}a = :x${')'.repeat(2000)}`],
  ['of functions', `${'size('.repeat(800)}a`],
])('an expression of thousands of parentheses, %s, is refused', async (_, ConditionExpression) => {
  const refusal = await put({}, { ConditionExpression }).catch((error: unknown) => error);

  expect(refusal).toMatchObject({
    name: 'ValidationException',
    message: 'Invalid ConditionExpression: The expression has more than 300 parentheses inside one another;',
  });
});
