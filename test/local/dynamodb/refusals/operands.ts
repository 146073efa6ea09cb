import {
  accepted,
  CAPTURED,
  EXPRESSIONS,
  get,
  KEY,
  LEDGER,
  NO_SETS,
  type Row,
  refused,
  text,
  update,
  when,
} from './row';

const ONE = { ':v': { N: '1' } };
const A = { ':v': { S: 'a' } };

const operands: readonly Row[] = [
  refused(
    'begins_with a number',
    'PutItem',
    when('begins_with(n, :v)', ONE),
    /^Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N/,
    EXPRESSIONS,
  ),
  refused(
    '< with a truth value',
    'PutItem',
    when('n < :v', { ':v': { BOOL: true } }),
    /^Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL/,
    EXPRESSIONS,
  ),
  refused(
    'attribute_type with a type that does not exist',
    'PutItem',
    when('attribute_type(n, :v)', { ':v': { S: 'STRING' } }),
    /^Invalid ConditionExpression: Invalid attribute type name found; type: STRING/,
    EXPRESSIONS,
  ),
  refused(
    'attribute_type with a number',
    'PutItem',
    when('attribute_type(n, :v)', ONE),
    /^Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N/,
    EXPRESSIONS,
  ),
  refused(
    'ADD of a string',
    'UpdateItem',
    update('ADD n :v', A),
    /^Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING/,
    EXPRESSIONS,
  ),
  refused(
    'DELETE of a number',
    'UpdateItem',
    update('DELETE n :v', ONE),
    /^Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER/,
    EXPRESSIONS,
  ),
  refused(
    'A sum with a string',
    'UpdateItem',
    update('SET n = n + :v', A),
    /^Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: \+, operand type: S/,
    EXPRESSIONS,
  ),
  refused(
    'list_append of a number',
    'UpdateItem',
    update('SET l = list_append(l, :v)', ONE),
    /^Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N/,
    EXPRESSIONS,
  ),
  refused(
    'ADD to a string',
    'UpdateItem',
    update('ADD s :v', ONE),
    'An operand in the update expression has an incorrect data type',
    CAPTURED,
    { given: [{ table: 'ledger', item: { ...KEY, s: { S: 'a' } } }] },
  ),
  refused(
    'A sum with an attribute that does not exist',
    'UpdateItem',
    update('SET n = absent + :v', ONE),
    'The provided expression refers to an attribute that does not exist in the item',
    CAPTURED,
  ),
  refused(
    'SET below an attribute that does not exist',
    'UpdateItem',
    update('SET absent.x = :v', ONE),
    'The document path provided in the update expression is invalid for update',
    CAPTURED,
  ),
  accepted('ADD of a set', 'UpdateItem', update('ADD tags :v', { ':v': { SS: ['a'] } }), EXPRESSIONS, {
    wireOnly: NO_SETS,
  }),
];

const updates: readonly Row[] = [
  refused(
    'Two sections of the same kind',
    'UpdateItem',
    update('SET a = :v SET b = :v', ONE),
    'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    EXPRESSIONS,
  ),
  refused(
    'The same path twice',
    'UpdateItem',
    update('SET a = :v, a = :v', ONE),
    /^Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths/,
    CAPTURED,
  ),
  refused(
    'A path and one below it',
    'UpdateItem',
    update('SET a = :v REMOVE a.b', ONE),
    /^Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths/,
    CAPTURED,
  ),
  refused(
    'A path that is a list and a map',
    'UpdateItem',
    update('SET a.b = :v, a[0] = :v', ONE),
    /^Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths/,
    EXPRESSIONS,
  ),
  refused(
    'A projection of a path and one below it',
    'GetItem',
    get(KEY, { ProjectionExpression: 'a, a.b' }),
    /^Invalid ProjectionExpression: Two document paths overlap with each other/,
    CAPTURED,
  ),
  refused(
    'An update with a name above 64 KB',
    'UpdateItem',
    { ...LEDGER, Key: KEY, UpdateExpression: 'REMOVE #a', ExpressionAttributeNames: { '#a': text(65_536) } },
    /Attribute name is too large/,
    EXPRESSIONS,
  ),
];

export const OPERAND_ROWS: readonly Row[] = [...operands, ...updates];
