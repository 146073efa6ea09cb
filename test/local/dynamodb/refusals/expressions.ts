import {
  accepted,
  CAPTURED,
  EXPRESSIONS,
  get,
  KEY,
  LEDGER,
  NO_SETS,
  put,
  query,
  type Row,
  refused,
  text,
  update,
  when,
} from './row';

const ONE = { ':v': { N: '1' } };
const A = { ':v': { S: 'a' } };
const choices = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`:v${index}`, { N: String(index) }]));
const isIn = (count: number) => when(`n IN (${Object.keys(choices(count)).join(', ')})`, choices(count));
/** `count` comparisons and one operator less between them. */
const comparisons = (count: number) =>
  when(Array.from({ length: count }, (_, index) => `a${index % 9}=:v`).join(' OR '), ONE);
const padded = (length: number) => when(`n = :v${' '.repeat(length - 6)}`, ONE);

const placeholders: readonly Row[] = [
  refused(
    'A name that no expression uses',
    'UpdateItem',
    update('SET n = :v', ONE, { ExpressionAttributeNames: { '#unused': 'a' } }),
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#unused}',
    CAPTURED,
  ),
  refused(
    'A value that no expression uses',
    'UpdateItem',
    update('SET n = :v', { ...ONE, ':unused': { S: 'a' } }),
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}',
    CAPTURED,
  ),
  refused(
    'A value that is not given',
    'UpdateItem',
    update('SET n = :v'),
    'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v',
    CAPTURED,
  ),
  refused(
    'A name that is not given',
    'Query',
    query('pk = :v', A, { FilterExpression: '#missing = :v' }),
    'Invalid FilterExpression: An expression attribute name used in the document path is not defined; attribute name: #missing',
    CAPTURED,
  ),
  refused(
    'No names in ExpressionAttributeNames',
    'UpdateItem',
    update('SET n = :v', ONE, { ExpressionAttributeNames: {} }),
    'ExpressionAttributeNames must not be empty',
    EXPRESSIONS,
  ),
  refused(
    'No values in ExpressionAttributeValues',
    'UpdateItem',
    update('REMOVE n', {}),
    'ExpressionAttributeValues must not be empty',
    EXPRESSIONS,
  ),
  refused(
    'Values without an expression',
    'PutItem',
    put({}, { ExpressionAttributeValues: ONE }),
    'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    EXPRESSIONS,
  ),
  refused(
    'Names without an expression',
    'GetItem',
    get(KEY, { ExpressionAttributeNames: { '#n': 'n' } }),
    'ExpressionAttributeNames can only be specified when using expressions',
    EXPRESSIONS,
  ),
  refused(
    'A name without its #',
    'UpdateItem',
    update('SET n = :v', ONE, { ExpressionAttributeNames: { n: 'n' } }),
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "n"',
    EXPRESSIONS,
  ),
  refused(
    'A value without its :',
    'UpdateItem',
    update('SET n = :v', { v: { N: '1' } }),
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"',
    EXPRESSIONS,
  ),
  refused(
    'A name with a hyphen',
    'UpdateItem',
    update('SET #a = :v', ONE, { ExpressionAttributeNames: { '#a-b': 'n' } }),
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"',
    EXPRESSIONS,
  ),
];

const syntax: readonly Row[] = [
  refused(
    'An update that is no expression',
    'UpdateItem',
    update('INVALID SYNTAX HERE', A),
    'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"',
    CAPTURED,
  ),
  refused(
    'A projection that is no expression',
    'GetItem',
    get(KEY, { ProjectionExpression: '!!! INVALID !!!' }),
    'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"',
    CAPTURED,
  ),
  refused(
    'An empty update',
    'UpdateItem',
    update(''),
    'Invalid UpdateExpression: The expression can not be empty;',
    CAPTURED,
  ),
  refused(
    'An empty key condition',
    'Query',
    query('', A),
    'Invalid KeyConditionExpression: The expression can not be empty;',
    CAPTURED,
  ),
  refused(
    'An empty condition',
    'PutItem',
    when(''),
    'Invalid ConditionExpression: The expression can not be empty;',
    CAPTURED,
  ),
  refused(
    'Redundant parentheses',
    'PutItem',
    when('((n = :v))', ONE),
    'Invalid ConditionExpression: The expression has redundant parentheses;',
    CAPTURED,
  ),
  refused(
    'A reserved word in a condition',
    'PutItem',
    when('status = :v', A),
    'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status',
    CAPTURED,
  ),
  refused(
    'A reserved word in an update',
    'UpdateItem',
    update('SET status = :v', A),
    'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
    CAPTURED,
  ),
  refused(
    'A reserved word in a projection',
    'GetItem',
    get(KEY, { ProjectionExpression: 'pk, status' }),
    'Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status',
    CAPTURED,
  ),
  refused(
    'A reserved word in a filter',
    'Query',
    query('pk = :v', A, { FilterExpression: 'status = :v' }),
    'Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: status',
    CAPTURED,
  ),
  accepted(
    'A reserved word behind a #',
    'PutItem',
    when('attribute_not_exists(#s)', undefined, { ExpressionAttributeNames: { '#s': 'status' } }),
    CAPTURED,
  ),
  refused(
    'An expression of 4,097 characters',
    'PutItem',
    padded(4097),
    /^Invalid ConditionExpression: Expression size has exceeded the maximum allowed size/,
    EXPRESSIONS,
  ),
  refused(
    'A function that does not exist',
    'PutItem',
    when('starts_with(n, :v)', A),
    /^Invalid ConditionExpression: Invalid function name; function: starts_with/,
    EXPRESSIONS,
  ),
  refused(
    'A function with too few operands',
    'PutItem',
    when('begins_with(n)'),
    /^Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1/,
    EXPRESSIONS,
  ),
  refused(
    'IN with 101 operands',
    'PutItem',
    isIn(101),
    /^Invalid ConditionExpression: The IN operator is provided with too many operands/,
    EXPRESSIONS,
  ),
  refused(
    '301 operators',
    'PutItem',
    comparisons(151),
    /^Invalid ConditionExpression: The expression contains too many operators/,
    EXPRESSIONS,
  ),
  refused(
    'A filter on the partition key',
    'Query',
    query('pk = :v', A, { FilterExpression: 'pk = :v' }),
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: pk',
    CAPTURED,
  ),
];

/** Conditions that DynamoDB evaluates: it accepts the request, and these hold. */
const evaluated: readonly Row[] = [
  accepted('IN with 100 operands', 'PutItem', isIn(100), EXPRESSIONS, {
    given: [{ table: 'ledger', item: { ...KEY, n: { N: '7' } } }],
  }),
  accepted('299 operators', 'PutItem', comparisons(150), EXPRESSIONS, {
    given: [{ table: 'ledger', item: { ...KEY, a0: { N: '1' } } }],
  }),
  accepted('An expression of 4,096 characters', 'PutItem', padded(4096), EXPRESSIONS, {
    given: [{ table: 'ledger', item: { ...KEY, n: { N: '1' } } }],
  }),
];

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

export const EXPRESSION_ROWS: readonly Row[] = [...placeholders, ...syntax, ...evaluated, ...operands, ...updates];
