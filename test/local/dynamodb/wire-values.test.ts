import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';
import { CONTRACT_TABLES } from './contract';
import { post } from './refusals/endpoint';
import { startDynaliteStore, type WireStore } from './wire-stores';

/** Values that no document client of ours sends: sets, and numbers of more digits than JavaScript's have. */

type Send = (operation: string, input: object) => Promise<Record<string, unknown>>;

const TableName = 'ledger';
let dynalite: WireStore;
beforeAll(async () => {
  dynalite = await startDynaliteStore(CONTRACT_TABLES);
});
afterAll(() => dynalite.close());

async function embedded(): Promise<Send> {
  const dynamodb = new DynamoDB({ clock: { now: () => 0 } });
  for (const { tableName, hashKey, hashKeyType = 'S', rangeKey, rangeKeyType = 'S' } of CONTRACT_TABLES) {
    const range = rangeKey === undefined ? [] : ([[rangeKey, rangeKeyType, 'RANGE']] as const);
    const keys = [[hashKey, hashKeyType, 'HASH'] as const, ...range];
    await dynamodb.handle('CreateTable', {
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keys.map(([AttributeName, , KeyType]) => ({ AttributeName, KeyType })),
    });
  }
  return (operation, input) => dynamodb.handle(operation, input as Record<string, unknown>);
}

describe.each([
  ['the embedded DynamoDB', embedded],
  ['dynalite', async (): Promise<Send> => (operation, input) => post(dynalite.url, operation, input)],
])('%s', (_name, start) => {
  let send: Send;
  let tests = 0;
  let Key: object;
  beforeEach(async () => {
    send = await start();
    Key = { pk: { S: `values-${++tests}` }, sk: { S: 'a' } };
  });

  const put = (item: object) => send('PutItem', { TableName, Item: { ...Key, ...item } });
  const get = async () => {
    const { pk: _pk, sk: _sk, ...rest } = (await send('GetItem', { TableName, Key })).Item as Record<string, unknown>;
    return rest;
  };
  const update = (UpdateExpression: string, values: object, more: object = {}) =>
    send('UpdateItem', { TableName, Key, UpdateExpression, ExpressionAttributeValues: values, ...more });

  test('values come back as they were put', async () => {
    const item = {
      strings: { SS: ['b', 'a'] },
      numbers: { NS: ['2', '10', '-1'] },
      binaries: { BS: ['AQ==', 'AP8='] },
      wide: { N: '12345678901234567890123456789012345678' },
      small: { N: '0.0000000000000000000000000000000000012345' },
      unsafe: { N: '9007199254740993' },
      fraction: { N: '-1.5' },
      deep: { L: [{ M: { set: { SS: ['x'] } } }, { NULL: true }, { BOOL: false }, { B: 'AP8=' }] },
    };
    await put(item);
    const found = (await get()) as Record<string, Record<string, string[]>>;
    for (const [name, type] of Object.entries({ strings: 'SS', numbers: 'NS', binaries: 'BS' })) {
      found[name]![type]!.sort();
      (item as unknown as typeof found)[name]![type]!.sort();
    }
    expect(found).toEqual(item);
  });

  test.each([
    ['1E2', '100'],
    ['0012.500', '12.5'],
    ['-0', '0'],
    ['1e-7', '0.0000001'],
    ['123456789012345678e3', '123456789012345678000'],
  ])('a number is written without an exponent: %s', async (given, written) => {
    await put({ n: { N: given } });
    expect(await get()).toEqual({ n: { N: written } });
  });

  test.each([
    ['9007199254740991', '1', '9007199254740992'],
    ['12345678901234567890.5', '0.25', '12345678901234567890.75'],
    ['0.1', '0.2', '0.3'],
    ['12345678901234567890', '-12345678901234567890', '0'],
  ])('%s and %s are added to the last digit', async (n, v, sum) => {
    await put({ n: { N: n }, m: { N: n } });
    await update('ADD n :v SET m = m + :v', { ':v': { N: v } });
    expect(await get()).toEqual({ n: { N: sum }, m: { N: sum } });
  });

  test('a set takes members and gives them up, and is gone when it is empty', async () => {
    await update('ADD s :ab', { ':ab': { SS: ['a', 'b'] } });
    await update('ADD s :bc', { ':bc': { SS: ['b', 'c'] } });
    const { s } = (await get()) as { s: { SS: string[] } };
    expect(s.SS.sort()).toEqual(['a', 'b', 'c']);
    await update('DELETE s :ac, absent :ac', { ':ac': { SS: ['a', 'c', 'z'] } });
    expect(await get()).toEqual({ s: { SS: ['b'] } });
    await update('DELETE s :b', { ':b': { SS: ['b'] } });
    expect(await get()).toEqual({});
  });

  test.each(['ADD s :n', 'DELETE s :n', 'ADD n :n', 'DELETE n :n'])(
    '%s with sets of two types is refused',
    async (expression) => {
      await put({ s: { SS: ['a'] }, n: { N: '1' } });
      await expect(update(expression, { ':n': { NS: ['1'] } })).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'An operand in the update expression has an incorrect data type',
      });
      expect(await get()).toEqual({ s: { SS: ['a'] }, n: { N: '1' } });
    },
  );

  test.each([
    ['contains(s, :a)', { ':a': { S: 'a' } }, true],
    ['contains(s, :a)', { ':a': { S: 'z' } }, false],
    ['contains(ns, :a)', { ':a': { N: '2.0' } }, true],
    ['size(s) = :a', { ':a': { N: '2' } }, true],
    ['s = :a', { ':a': { SS: ['b', 'a'] } }, true],
    ['s = :a', { ':a': { SS: ['a'] } }, false],
    ['attribute_type(ns, :a)', { ':a': { S: 'NS' } }, true],
    ['wide > :a', { ':a': { N: '12345678901234567889' } }, true],
    ['wide = :a', { ':a': { N: '12345678901234567890.0' } }, true],
    ['wide < :a', { ':a': { N: '1' } }, false],
  ])('a condition sees into them: %s', async (ConditionExpression, values, holds) => {
    await put({ s: { SS: ['a', 'b'] }, ns: { NS: ['1', '2'] }, wide: { N: '12345678901234567890' } });
    const outcome = update('SET seen = :seen', { ...values, ':seen': { BOOL: true } }, { ConditionExpression });
    await (holds
      ? expect(outcome).resolves.toBeDefined()
      : expect(outcome).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' }));
  });

  test('a key of many digits is the same however it is written, and in its place among the others', async () => {
    const events = { TableName: 'events' };
    const pk = { S: `events-${tests}` };
    const ats = ['5', '12345678901234567890', '-12345678901234567890', '12345678901234567891', '100000000000000000000'];
    for (const N of [...ats, '1234567890123456789e1', '123456789012345678900E-1']) {
      await send('PutItem', { ...events, Item: { pk, at: { N } } });
    }
    await send('DeleteItem', { ...events, Key: { pk, at: { N: '12345678901234567891.0' } } });
    const { Items } = await send('Query', {
      ...events,
      KeyConditionExpression: 'pk = :pk AND #at > :low',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':pk': pk, ':low': { N: '-12345678901234567890' } },
    });
    expect((Items as { at: object }[]).map(({ at }) => at)).toEqual([
      { N: '5' },
      { N: '12345678901234567890' },
      { N: '100000000000000000000' },
    ]);
  });

  test('an update of several places of one map changes all of them, from the item as it was, and nothing that was handed out', async () => {
    const before = { list: { L: [{ N: '1' }, { N: '2' }] }, map: { M: { a: { N: '1' } } } };
    await put({ at: { M: before } });

    const { Attributes } = await update(
      'SET #at.#list[0] = :n, #at.#list[7] = :n, #at.#map.b = :n, #at.#map.a = #at.#list[0]',
      { ':n': { N: '9' } },
      {
        ExpressionAttributeNames: { '#at': 'at', '#list': 'list', '#map': 'map' },
        ReturnValues: 'ALL_OLD',
      },
    );

    expect(Attributes).toMatchObject({ at: { M: before } });
    expect(await get()).toEqual({
      at: {
        M: {
          list: { L: [{ N: '9' }, { N: '2' }, { N: '9' }] },
          map: { M: { a: { N: '1' }, b: { N: '9' } } },
        },
      },
    });
  });
});

test('an attribute that JavaScript would take for a prototype is refused by name, not lost', async () => {
  const send = await embedded();
  const Item = JSON.parse('{"pk":{"S":"p"},"sk":{"S":"a"},"__proto__":{"S":"x"}}') as object;
  const refusal = 'The embedded DynamoDB does not implement attributes called __proto__.';
  await expect(send('PutItem', { TableName, Item })).rejects.toThrow(refusal);

  const Key = { pk: { S: 'p' }, sk: { S: 'a' } };
  const SetByPath = { UpdateExpression: 'SET #name = :x', ExpressionAttributeValues: { ':x': { M: {} } } };
  await expect(
    send('UpdateItem', { TableName, Key, ...SetByPath, ExpressionAttributeNames: { '#name': '__proto__' } }),
  ).rejects.toThrow(refusal);
});
