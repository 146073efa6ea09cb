import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { TableDefinition } from '../../../local/dynamodb/memory-table';

/** Tables that every store of the contract must have. */
export const CONTRACT_TABLES: readonly TableDefinition[] = [
  { tableName: 'ledger', hashKey: 'pk', rangeKey: 'sk' },
  { tableName: 'events', hashKey: 'pk', rangeKey: 'at', rangeKeyType: 'N' },
  { tableName: 'people', hashKey: 'id', hashKeyType: 'N' },
];

export interface ContractClient {
  send(command: { readonly input: object }): Promise<Record<string, unknown>>;
}

/**
 * What the ledger relies on, as tests that run against DynamoDB's document client over any store. `createClient` is
 * called once per suite; each test keeps to hash keys of its own.
 */
export function describeDynamoDbContract(name: string, createClient: () => Promise<ContractClient>): void {
  describe(`DynamoDB contract, ${name}`, () => {
    let client: ContractClient;
    let pk = '';
    let tests = 0;

    beforeAll(async () => {
      client = await createClient();
    });
    beforeEach(() => {
      pk = `run-${++tests}`;
    });

    const put = (item: object, more: object = {}) =>
      client.send(new PutCommand({ TableName: 'ledger', Item: { pk, sk: 'a', ...item }, ...more }));
    const get = async (sk = 'a') => (await client.send(new GetCommand({ TableName: 'ledger', Key: { pk, sk } }))).Item;
    const update = (UpdateExpression: string | undefined, more: object = {}, sk = 'a') =>
      client.send(new UpdateCommand({ TableName: 'ledger', Key: { pk, sk }, UpdateExpression, ...more }));
    const query = ({ values, ...more }: { values?: object; [parameter: string]: unknown } = {}) =>
      client.send(
        new QueryCommand({
          TableName: 'ledger',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk, ...values },
          ...more,
        }),
      );
    const sks = (output: Record<string, unknown>) => (output.Items as { sk: string }[]).map(({ sk }) => sk);
    const fill = async (...keys: string[]) => {
      for (const sk of keys) await put({ sk, n: keys.indexOf(sk) });
    };
    const refusal = (message: string) => expect.objectContaining({ name: 'ValidationException', message });
    const failedCondition = expect.objectContaining({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
    });
    const holds = async (ConditionExpression: string, { names, values }: { names?: object; values?: object } = {}) => {
      try {
        await update('SET touched = :true', {
          ConditionExpression,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ':true': true, ...values },
        });
        return true;
      } catch (error) {
        expect(error).toEqual(failedCondition);
        return false;
      }
    };

    describe('items', () => {
      const document = {
        text: 'é€😀',
        empty: '',
        whole: -7,
        fraction: 0.1,
        yes: true,
        nothing: null,
        list: [1, 'two', [3], {}],
        map: { a: { b: [{ c: 1 }] } },
        bytes: Uint8Array.from([0, 255]),
      };

      test('come back as they were put', async () => {
        await put(document);
        expect(await get()).toEqual({ pk, sk: 'a', ...document });
      });

      test('that do not exist come back as nothing', async () => {
        expect(await get('missing')).toBeUndefined();
      });

      test('are replaced as a whole by a second put', async () => {
        await put({ one: 1 });
        const { Attributes } = await put({ two: 2 }, { ReturnValues: 'ALL_OLD' });
        expect(Attributes).toEqual({ pk, sk: 'a', one: 1 });
        expect(await get()).toEqual({ pk, sk: 'a', two: 2 });
      });

      test('are gone after a delete, which may hand out what it deleted', async () => {
        await put({ one: 1 });
        const remove = () =>
          client.send(new DeleteCommand({ TableName: 'ledger', Key: { pk, sk: 'a' }, ReturnValues: 'ALL_OLD' }));
        expect((await remove()).Attributes).toEqual({ pk, sk: 'a', one: 1 });
        expect((await remove()).Attributes).toBeUndefined();
        expect(await get()).toBeUndefined();
      });

      test('may have a number for a key', async () => {
        await client.send(new PutCommand({ TableName: 'people', Item: { id: tests, name: 'Ada' } }));
        const { Item } = await client.send(new GetCommand({ TableName: 'people', Key: { id: tests } }));
        expect(Item).toEqual({ id: tests, name: 'Ada' });
      });

      test('do not alias what the caller holds', async () => {
        const given = { list: [1] };
        await put(given);
        given.list.push(2);
        const first = (await get()) as { list: number[] };
        first.list.push(3);
        expect(((await get()) as { list: number[] }).list).toEqual([1]);
      });

      test('are read in part with a projection', async () => {
        await put({ list: [0, 1, 2], map: { a: 1, b: { c: 2, d: 3 } }, other: 1 });
        const { Item } = await client.send(
          new GetCommand({
            TableName: 'ledger',
            Key: { pk, sk: 'a' },
            ProjectionExpression: '#list[2], #list[0], #map.b.c, nowhere.x',
            ExpressionAttributeNames: { '#list': 'list', '#map': 'map' },
          }),
        );
        expect(Item).toEqual({ list: [0, 2], map: { b: { c: 2 } } });
      });

      test.each([
        [
          'an empty key',
          { sk: '' },
          'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk',
        ],
        [
          'a key of the wrong type',
          { sk: 1 },
          'One or more parameter values were invalid: Type mismatch for key sk expected: S actual: N',
        ],
        ['more than 400 KB', { big: 'x'.repeat(400 * 1024) }, 'Item size has exceeded the maximum allowed size'],
      ])('with %s are refused', async (_, item, message) => {
        await expect(put(item)).rejects.toEqual(refusal(message));
      });

      test('leave out attributes that are undefined', async () => {
        await put({ a: undefined, b: 1 });
        expect(await get()).toEqual({ pk, sk: 'a', b: 1 });
      });

      test('without their key are refused', async () => {
        await expect(client.send(new PutCommand({ TableName: 'ledger', Item: { pk } }))).rejects.toEqual(
          refusal('One or more parameter values were invalid: Missing the key sk in the item'),
        );
      });

      test.each([
        [
          'undefined in a map',
          { a: { b: undefined } },
          'Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.',
        ],
        [
          'undefined deep down',
          { a: [undefined] },
          'Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.',
        ],
        ['NaN', { a: Number.NaN }, 'Special numeric value NaN is not allowed'],
        [
          'an unsafe integer',
          { a: 2 ** 53 },
          'Number 9007199254740992 is greater than Number.MAX_SAFE_INTEGER. Use NumberValue from @aws-sdk/lib-dynamodb.',
        ],
      ])('with %s never leave the client', async (_, item, message) => {
        await expect(put(item)).rejects.toThrow(message);
      });

      test.each([
        ['too few attributes', {}, 'The provided key element does not match the schema'],
        ['too many attributes', { sk: 'a', other: 1 }, 'The provided key element does not match the schema'],
        ['the wrong type', { sk: 1 }, 'The provided key element does not match the schema'],
        [
          'an empty string',
          { sk: '' },
          'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk',
        ],
      ])('are not found by a key with %s', async (_, key, message) => {
        const Key = { pk, ...key };
        for (const command of [
          new GetCommand({ TableName: 'ledger', Key }),
          new UpdateCommand({ TableName: 'ledger', Key }),
          new DeleteCommand({ TableName: 'ledger', Key }),
        ]) {
          await expect(client.send(command)).rejects.toEqual(refusal(message));
        }
      });

      test('of a table that does not exist are a ResourceNotFoundException', async () => {
        await expect(client.send(new GetCommand({ TableName: 'nowhere', Key: { pk } }))).rejects.toEqual(
          expect.objectContaining({ name: 'ResourceNotFoundException', message: 'Requested resource not found' }),
        );
      });
    });

    describe('conditions', () => {
      const item = { n: 5, s: 'hello', list: ['x', 2], map: { deep: [{ v: 1 }] }, yes: true, nothing: null };

      test.each([
        ['attribute_exists(n)', {}],
        ['attribute_exists(nothing)', {}],
        ['attribute_not_exists(absent)', {}],
        ['attribute_not_exists(#map.absent)', { names: { '#map': 'map' } }],
        ['n = :v', { values: { ':v': 5 } }],
        [':v = n', { values: { ':v': 5 } }],
        ['n <> :v', { values: { ':v': 6 } }],
        ['n <> :v', { values: { ':v': '5' } }],
        ['absent <> :v', { values: { ':v': 6 } }],
        ['n < :v', { values: { ':v': 5.5 } }],
        ['n <= :v', { values: { ':v': 5 } }],
        ['n > :v', { values: { ':v': -1 } }],
        ['n >= :v', { values: { ':v': 5 } }],
        ['s > :v', { values: { ':v': 'hell' } }],
        ['n BETWEEN :a AND :b', { values: { ':a': 5, ':b': 5 } }],
        ['n IN (:a, :b)', { values: { ':a': 1, ':b': 5 } }],
        ['begins_with(s, :v)', { values: { ':v': 'he' } }],
        ['contains(s, :v)', { values: { ':v': 'ell' } }],
        ['contains(#list, :v)', { names: { '#list': 'list' }, values: { ':v': 2 } }],
        ['attribute_type(s, :v)', { values: { ':v': 'S' } }],
        ['attribute_type(nothing, :v)', { values: { ':v': 'NULL' } }],
        ['size(s) = :v', { values: { ':v': 5 } }],
        ['size(#list) < :v', { names: { '#list': 'list' }, values: { ':v': 3 } }],
        ['#map.deep[0].v = :v', { names: { '#map': 'map' }, values: { ':v': 1 } }],
        ['n = :a OR n = :b AND s = :a', { values: { ':a': 5, ':b': 9 } }],
        ['NOT n = :a AND yes = :yes', { values: { ':a': 6, ':yes': true } }],
        ['(n = :a OR s = :a) AND (yes = :yes)', { values: { ':a': 5, ':yes': true } }],
        ['not (n = :a or s = :a)', { values: { ':a': 6 } }],
      ])('%s holds', async (condition, { names, values }: { names?: object; values?: object }) => {
        await put(item);
        expect(await holds(condition, { names, values })).toBe(true);
        expect(await holds(`NOT (${condition})`, { names, values })).toBe(false);
      });

      test.each([
        ['n = :v', { ':v': '5' }],
        ['n < :v', { ':v': '6' }],
        ['absent = :v', { ':v': 1 }],
        ['absent < :v', { ':v': 1 }],
        ['absent BETWEEN :v AND :v', { ':v': 1 }],
        ['absent IN (:v)', { ':v': 1 }],
        ['begins_with(n, :v)', { ':v': '5' }],
        ['contains(n, :v)', { ':v': 5 }],
        ['size(absent) = :v', { ':v': 0 }],
        ['size(n) = :v', { ':v': 1 }],
        ['list[5] = :v', { ':v': 0 }],
        ['s.deeper = :v', { ':v': 0 }],
      ])('%s does not hold for %j', async (condition, values) => {
        await put(item);
        const escaped = condition.replace('list', '#list');
        const names = escaped === condition ? undefined : { '#list': 'list' };
        expect(await holds(escaped, { names, values })).toBe(false);
      });

      test('guard put, update and delete, and a refused call changes nothing', async () => {
        await put({ n: 1 });
        const guard = { ConditionExpression: 'n = :n', ExpressionAttributeValues: { ':n': 2 } };
        await expect(put({ n: 9 }, guard)).rejects.toEqual(failedCondition);
        await expect(update('REMOVE n', guard)).rejects.toEqual(failedCondition);
        await expect(
          client.send(new DeleteCommand({ TableName: 'ledger', Key: { pk, sk: 'a' }, ...guard })),
        ).rejects.toEqual(failedCondition);
        expect(await get()).toEqual({ pk, sk: 'a', n: 1 });
      });

      test('let exactly one of many claims through', async () => {
        const claims = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            put({ n }, { ConditionExpression: 'attribute_not_exists(pk)' }).then(
              () => n,
              (error) => {
                expect(error).toEqual(failedCondition);
                return undefined;
              },
            ),
          ),
        );
        const winners = claims.filter((claim) => claim !== undefined);
        expect(winners).toHaveLength(1);
        expect(await get()).toEqual({ pk, sk: 'a', n: winners[0] });
      });

      test.each([
        ['count = :v', {}, { ':v': 1 }, 'Attribute name is a reserved keyword; reserved keyword: count'],
        ['a.Status = :v', {}, { ':v': 1 }, 'Attribute name is a reserved keyword; reserved keyword: Status'],
        ['nope(a)', {}, { ':v': 1 }, 'Invalid function name; function: nope'],
        [
          'size(a)',
          {},
          { ':v': 1 },
          'The function is not allowed to be used this way in an expression; function: size',
        ],
        ['((a = :v))', {}, { ':v': 1 }, 'The expression has redundant parentheses;'],
        [
          'a = :w',
          {},
          { ':v': 1 },
          'An expression attribute value used in expression is not defined; attribute value: :w',
        ],
        [
          '#a = :v',
          { '#b': 'b' },
          { ':v': 1 },
          'An expression attribute name used in the document path is not defined; attribute name: #a',
        ],
        [
          'begins_with(a, :v)',
          {},
          { ':v': 1 },
          'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
        ],
        [
          'contains(a)',
          {},
          { ':v': 1 },
          'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
        ],
        [
          'attribute_exists(:v)',
          {},
          { ':v': 1 },
          'Operator or function requires a document path; operator or function: attribute_exists',
        ],
        [
          'attribute_type(a, :v)',
          {},
          { ':v': 'X' },
          'Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
        ],
        [
          'a BETWEEN :v AND :w',
          {},
          { ':v': 2, ':w': 1 },
          'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
        ],
        [
          'a BETWEEN :v AND :w',
          {},
          { ':v': 2, ':w': 'x' },
          'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:x}',
        ],
        [
          'a = a',
          {},
          { ':v': 1 },
          'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]',
        ],
        ['', {}, { ':v': 1 }, 'The expression can not be empty;'],
      ])('refuse %s', async (ConditionExpression, names, values, message) => {
        const ExpressionAttributeNames = Object.keys(names).length > 0 ? names : undefined;
        await expect(
          put({}, { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues: values }),
        ).rejects.toEqual(refusal(`Invalid ConditionExpression: ${message}`));
      });

      test.each(['a =', 'a = :v AND', 'a == :v', '(a = :v', 'a = :v)', 'a IN ()', 'a[x] = :v', 'a = :v ; b', 'a'])(
        'refuse %s as a syntax error',
        async (ConditionExpression) => {
          await expect(put({}, { ConditionExpression, ExpressionAttributeValues: { ':v': 1 } })).rejects.toEqual(
            expect.objectContaining({
              name: 'ValidationException',
              message: expect.stringMatching(/^Invalid ConditionExpression: Syntax error; /),
            }),
          );
        },
      );

      test('refuse placeholders that nothing uses', async () => {
        const ConditionExpression = 'attribute_not_exists(pk)';
        await expect(
          put({}, { ConditionExpression, ExpressionAttributeNames: { '#x': 'x', '#y': 'y' } }),
        ).rejects.toEqual(refusal('Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}'));
        await expect(put({}, { ConditionExpression, ExpressionAttributeValues: { ':x': 1 } })).rejects.toEqual(
          refusal('Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}'),
        );
        await expect(put({}, { ExpressionAttributeNames: { '#x': 'x' } })).rejects.toEqual(
          refusal('ExpressionAttributeNames can only be specified when using expressions'),
        );
        await expect(put({}, { ExpressionAttributeValues: { ':x': 1 } })).rejects.toEqual(
          refusal(
            'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
          ),
        );
        await expect(put({}, { ConditionExpression, ExpressionAttributeValues: { x: 1 } })).rejects.toEqual(
          refusal('ExpressionAttributeValues contains invalid key: Syntax error; key: "x"'),
        );
        await expect(put({}, { ConditionExpression, ExpressionAttributeNames: {} })).rejects.toEqual(
          refusal('ExpressionAttributeNames must not be empty'),
        );
      });
    });

    describe('updates', () => {
      test('create the item if there is none', async () => {
        await update('SET n = :n', { ExpressionAttributeValues: { ':n': 1 } });
        await update(undefined, {}, 'b');
        expect(await get()).toEqual({ pk, sk: 'a', n: 1 });
        expect(await get('b')).toEqual({ pk, sk: 'b' });
      });

      test('read every value from the item as it was', async () => {
        await put({ a: 1, b: 2 });
        await update('SET a = b, b = a REMOVE c ADD d :one', { ExpressionAttributeValues: { ':one': 1 } });
        expect(await get()).toEqual({ pk, sk: 'a', a: 2, b: 1, d: 1 });
      });

      test('calculate in decimal', async () => {
        await put({ a: 0.1, b: 10 });
        await update('SET a = a + :x, b = b - :y, c = :x + :y ADD d :x', {
          ExpressionAttributeValues: { ':x': 0.2, ':y': 2.5 },
        });
        expect(await get()).toEqual({ pk, sk: 'a', a: 0.3, b: 7.5, c: 2.7, d: 0.2 });
      });

      test('set what is missing with if_not_exists, alone or in a sum', async () => {
        await put({ a: 1, nothing: null });
        await update(
          'SET a = if_not_exists(a, :x), b = if_not_exists(b, :x) + :x, nothing = if_not_exists(nothing, :x)',
          {
            ExpressionAttributeValues: { ':x': 7 },
          },
        );
        expect(await get()).toEqual({ pk, sk: 'a', a: 1, b: 14, nothing: null });
      });

      test('append to and prepend to lists', async () => {
        await put({ a: [1], b: [2] });
        await update('SET a = list_append(a, :x), b = list_append(:x, b), c = list_append(if_not_exists(c, :e), :x)', {
          ExpressionAttributeValues: { ':x': [9], ':e': [] },
        });
        expect(await get()).toEqual({ pk, sk: 'a', a: [1, 9], b: [9, 2], c: [9] });
      });

      test('reach into lists and maps, and append past the end of a list', async () => {
        await put({ m: { x: { y: 1 }, z: 1 }, l: [0, { v: 1 }] });
        await update('SET m.x.y = :v, m.n = :v, l[1].v = :v, l[7] = :v REMOVE m.z', {
          ExpressionAttributeValues: { ':v': 5 },
        });
        expect(await get()).toEqual({ pk, sk: 'a', m: { x: { y: 5 }, n: 5 }, l: [0, { v: 5 }, 5] });
      });

      test('remove attributes and elements, existing or not', async () => {
        await put({ a: 1, l: [0, 1, 2] });
        await update('REMOVE a, b, l[1]');
        expect(await get()).toEqual({ pk, sk: 'a', l: [0, 2] });
      });

      test.each([
        ['NONE', undefined],
        ['ALL_OLD', { sk: 'a', a: 1, m: { x: 1, y: 2 }, keep: true }],
        ['ALL_NEW', { sk: 'a', a: 2, m: { x: 5, y: 2 }, keep: true }],
        ['UPDATED_OLD', { a: 1, m: { x: 1 } }],
        ['UPDATED_NEW', { a: 2, m: { x: 5 } }],
      ])('return what is asked for: %s', async (ReturnValues, expected: Record<string, unknown> | undefined) => {
        await put({ a: 1, m: { x: 1, y: 2 }, keep: true });
        const { Attributes } = await update('SET a = :two, m.x = :five', {
          ExpressionAttributeValues: { ':two': 2, ':five': 5 },
          ReturnValues,
        });
        expect(Attributes).toEqual(expected === undefined || !('sk' in expected) ? expected : { pk, ...expected });
      });

      test('of a missing item have nothing old to return', async () => {
        const more = { ExpressionAttributeValues: { ':n': 1 } };
        expect((await update('SET n = :n', { ...more, ReturnValues: 'ALL_OLD' })).Attributes).toBeUndefined();
        expect((await update('SET n = :n', { ...more, ReturnValues: 'UPDATED_OLD' }, 'b')).Attributes).toBeUndefined();
      });

      test.each([
        [
          'SET sk = :v',
          { ':v': 'b' },
          'One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
        ],
        [
          'SET a = :v, a = :v',
          { ':v': 1 },
          'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
        ],
        [
          'SET m.x = :v REMOVE m',
          { ':v': 1 },
          'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m]',
        ],
        [
          'SET m.x = :v, m[0] = :v',
          { ':v': 1 },
          'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [0]]',
        ],
        [
          'SET a = :v SET b = :v',
          { ':v': 1 },
          'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
        ],
        [
          'SET ttl = :v',
          { ':v': 1 },
          'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: ttl',
        ],
        ['SET a = f(b, :v)', { ':v': 1 }, 'Invalid UpdateExpression: Invalid function name; function: f'],
        [
          'SET a = if_not_exists(b)',
          undefined,
          'Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
        ],
        [
          'SET a = if_not_exists(:v, :v)',
          { ':v': 1 },
          'Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists',
        ],
        [
          'SET a = a + :v',
          { ':v': 'x' },
          'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S',
        ],
        [
          'SET a = list_append(a, :v)',
          { ':v': 1 },
          'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N',
        ],
        [
          'ADD a :v',
          { ':v': 'x' },
          'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
        ],
        ['SET b = absent', undefined, 'The provided expression refers to an attribute that does not exist in the item'],
        [
          'SET b = absent + :v',
          { ':v': 1 },
          'The provided expression refers to an attribute that does not exist in the item',
        ],
        ['SET b = s + :v', { ':v': 1 }, 'An operand in the update expression has an incorrect data type'],
        ['SET b = list_append(s, :v)', { ':v': [] }, 'An operand in the update expression has an incorrect data type'],
        ['ADD s :v', { ':v': 1 }, 'An operand in the update expression has an incorrect data type'],
        ['SET absent.x = :v', { ':v': 1 }, 'The document path provided in the update expression is invalid for update'],
        ['SET s[0] = :v', { ':v': 1 }, 'The document path provided in the update expression is invalid for update'],
        ['REMOVE absent.x', undefined, 'The document path provided in the update expression is invalid for update'],
        ['SET big = :v', { ':v': 'x'.repeat(400 * 1024) }, 'Item size to update has exceeded the maximum allowed size'],
      ])('refuse %s and change nothing', async (expression, ExpressionAttributeValues, message) => {
        const before = { s: 'text', m: { x: 1 } };
        await put(before);
        await expect(update(expression, { ExpressionAttributeValues })).rejects.toEqual(refusal(message));
        expect(await get()).toEqual({ pk, sk: 'a', ...before });
      });
    });

    describe('queries', () => {
      test('read one hash key in the order of its range keys, either way', async () => {
        await fill('b', 'a', 'B', 'aa', 'é', '10', '9');
        await client.send(new PutCommand({ TableName: 'ledger', Item: { pk: `${pk}-other`, sk: 'x' } }));
        const ordered = ['10', '9', 'B', 'a', 'aa', 'b', 'é'];
        expect(sks(await query())).toEqual(ordered);
        expect(sks(await query({ ScanIndexForward: false }))).toEqual(ordered.reverse());
      });

      test('order numbers as numbers', async () => {
        for (const at of [10, 9, -1, 0.5, 0]) {
          await client.send(new PutCommand({ TableName: 'events', Item: { pk, at } }));
        }
        const { Items } = await client.send(
          new QueryCommand({
            TableName: 'events',
            KeyConditionExpression: '#pk = :pk AND #at BETWEEN :low AND :high',
            ExpressionAttributeNames: { '#pk': 'pk', '#at': 'at' },
            ExpressionAttributeValues: { ':pk': pk, ':low': -1, ':high': 9 },
          }),
        );
        expect((Items as { at: number }[]).map(({ at }) => at)).toEqual([-1, 0, 0.5, 9]);
      });

      test.each([
        ['sk = :v', { ':v': 'b' }, ['b']],
        ['sk < :v', { ':v': 'b' }, ['a', 'aa', 'ab']],
        ['sk <= :v', { ':v': 'b' }, ['a', 'aa', 'ab', 'b']],
        ['sk > :v', { ':v': 'aa' }, ['ab', 'b', 'c']],
        [':v < sk', { ':v': 'aa' }, ['ab', 'b', 'c']],
        ['sk >= :v', { ':v': 'ab' }, ['ab', 'b', 'c']],
        ['sk BETWEEN :v AND :w', { ':v': 'aa', ':w': 'b' }, ['aa', 'ab', 'b']],
        ['begins_with(sk, :v)', { ':v': 'a' }, ['a', 'aa', 'ab']],
        ['begins_with(sk, :v)', { ':v': 'zz' }, []],
      ])('select range keys with %s', async (condition, values, expected) => {
        await fill('a', 'aa', 'ab', 'b', 'c');
        const more = { KeyConditionExpression: `pk = :pk AND ${condition}`, values };
        expect(sks(await query(more))).toEqual(expected);
        expect(sks(await query({ ...more, ScanIndexForward: false }))).toEqual([...expected].reverse());
      });

      test('page through with Limit, and offer a next page even at the very end', async () => {
        await fill('a', 'b', 'c', 'd');
        const first = await query({ Limit: 2 });
        expect([sks(first), first.LastEvaluatedKey]).toEqual([['a', 'b'], { pk, sk: 'b' }]);
        const second = await query({ Limit: 2, ExclusiveStartKey: first.LastEvaluatedKey });
        expect([sks(second), second.LastEvaluatedKey]).toEqual([['c', 'd'], { pk, sk: 'd' }]);
        const third = await query({ Limit: 2, ExclusiveStartKey: second.LastEvaluatedKey });
        expect([sks(third), third.LastEvaluatedKey]).toEqual([[], undefined]);
        const back = await query({ ScanIndexForward: false, ExclusiveStartKey: { pk, sk: 'c' } });
        expect([sks(back), back.LastEvaluatedKey]).toEqual([['b', 'a'], undefined]);
      });

      test('start after a key that does not exist', async () => {
        await fill('a', 'c', 'e');
        expect(sks(await query({ ExclusiveStartKey: { pk, sk: 'b' } }))).toEqual(['c', 'e']);
        expect(sks(await query({ ExclusiveStartKey: { pk, sk: 'd' }, ScanIndexForward: false }))).toEqual(['c', 'a']);
      });

      test('apply Limit before the filter', async () => {
        await fill('a', 'b', 'c', 'd');
        const page = await query({ Limit: 3, FilterExpression: 'n >= :n', values: { ':n': 2 } });
        expect(page).toMatchObject({ Count: 1, ScannedCount: 3, LastEvaluatedKey: { pk, sk: 'c' } });
        expect(sks(page)).toEqual(['c']);
      });

      test('count without handing out items', async () => {
        await fill('a', 'b', 'c');
        const page = await query({ Select: 'COUNT', FilterExpression: 'n > :n', values: { ':n': 0 } });
        expect([page.Count, page.ScannedCount, page.Items]).toEqual([2, 3, undefined]);
      });

      test('project and read consistently', async () => {
        await fill('a', 'b');
        const { Items } = await query({ ProjectionExpression: 'sk', ConsistentRead: true });
        expect(Items).toEqual([{ sk: 'a' }, { sk: 'b' }]);
      });

      test('end a page at 1 MB', async () => {
        for (let n = 0; n < 5; n++) await put({ sk: `big-${n}`, blob: 'x'.repeat(300_000) });
        const first = await query();
        expect(sks(first)).toEqual(['big-0', 'big-1', 'big-2', 'big-3']);
        expect(first.LastEvaluatedKey).toEqual({ pk, sk: 'big-3' });
        expect(sks(await query({ ExclusiveStartKey: first.LastEvaluatedKey }))).toEqual(['big-4']);
      });

      test('of a hash key that has no items are empty', async () => {
        const page = await query();
        expect([page.Items, page.Count, page.ScannedCount, page.LastEvaluatedKey]).toEqual([[], 0, 0, undefined]);
      });

      test.each([
        [{ KeyConditionExpression: 'sk = :pk' }, 'Query condition missed key schema element: pk'],
        [{ KeyConditionExpression: 'pk = :pk AND extra = :pk' }, 'Query condition missed key schema element: sk'],
        [{ KeyConditionExpression: 'pk > :pk' }, 'Query key condition not supported'],
        [
          { KeyConditionExpression: 'pk = :pk AND sk = :n', values: { ':n': 1 } },
          'One or more parameter values were invalid: Condition parameter type does not match schema type',
        ],
        [{ KeyConditionExpression: 'pk = :pk OR sk = :pk' }, 'Invalid operator used in KeyConditionExpression: OR'],
        [{ KeyConditionExpression: 'pk = :pk AND sk <> :pk' }, 'Invalid operator used in KeyConditionExpression: <>'],
        [
          { KeyConditionExpression: 'pk = :pk AND contains(sk, :pk)' },
          'Invalid operator used in KeyConditionExpression: contains',
        ],
        [
          { KeyConditionExpression: 'pk = :pk AND pk = :pk' },
          'KeyConditionExpressions must only contain one condition per key',
        ],
        [
          { KeyConditionExpression: 'pk = :pk AND sk.a = :pk' },
          'KeyConditionExpressions cannot have conditions on nested attributes',
        ],
        [
          { FilterExpression: 'sk = :pk' },
          'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
        ],
        [
          { Limit: 0 },
          "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ],
        [{ ExclusiveStartKey: { pk: 'x' } }, 'The provided starting key is invalid'],
        [
          { ExclusiveStartKey: { pk: 'elsewhere', sk: 'a' } },
          'The provided starting key is outside query boundaries based on provided conditions',
        ],
        [
          {
            KeyConditionExpression: 'pk = :pk AND sk > :v',
            values: { ':v': 'c' },
            ExclusiveStartKey: { pk: 'x', sk: 'a' },
          },
          'The provided starting key does not match the range key predicate',
        ],
      ])('refuse %j', async (more, message) => {
        await expect(query(more)).rejects.toEqual(refusal(message));
      });
    });

    describe('batches', () => {
      const batchGet = (keys: object[], more: object = {}) =>
        client.send(new BatchGetCommand({ RequestItems: { ledger: { Keys: keys as never, ...more } } }));
      const batchWrite = (requests: object[]) =>
        client.send(new BatchWriteCommand({ RequestItems: { ledger: requests as never } }));
      const numbered = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

      test('write, delete and read items in bulk, in no particular order', async () => {
        await fill('gone');
        const puts = numbered(20).map((sk) => ({ PutRequest: { Item: { pk, sk, n: Number(sk) } } }));
        const written = await batchWrite([...puts, { DeleteRequest: { Key: { pk, sk: 'gone' } } }]);
        expect(written.UnprocessedItems).toEqual({});
        const keys = [...numbered(20), 'gone', 'never'].map((sk) => ({ pk, sk }));
        const read = await batchGet(keys, { ProjectionExpression: 'n', ConsistentRead: true });
        expect(read.UnprocessedKeys).toEqual({});
        const found = (read.Responses as { ledger: { n: number }[] }).ledger;
        expect(found.map(({ n }) => n).sort((a, b) => a - b)).toEqual(numbered(20).map(Number));
      });

      test('answer for every table that is asked, and for a key that is missing with nothing', async () => {
        await fill('a');
        const { Responses } = await client.send(
          new BatchGetCommand({
            RequestItems: { ledger: { Keys: [{ pk, sk: 'a' }] }, people: { Keys: [{ id: -1 }] } },
          }),
        );
        expect(Responses).toEqual({ ledger: [{ pk, sk: 'a', n: 0 }], people: [] });
      });

      test('refuse duplicates, and more than 100 reads or 25 writes', async () => {
        const key = { pk, sk: 'a' };
        const duplicates = refusal('Provided list of item keys contains duplicates');
        await expect(batchGet([key, key])).rejects.toEqual(duplicates);
        await expect(batchWrite([{ PutRequest: { Item: key } }, { DeleteRequest: { Key: key } }])).rejects.toEqual(
          duplicates,
        );
        const invalid = expect.objectContaining({ name: 'ValidationException' });
        await expect(batchGet(numbered(101).map((sk) => ({ pk, sk })))).rejects.toEqual(invalid);
        await expect(batchWrite(numbered(26).map((sk) => ({ PutRequest: { Item: { pk, sk } } })))).rejects.toEqual(
          invalid,
        );
        expect(await get('0')).toBeUndefined();
      });
    });
  });
}
