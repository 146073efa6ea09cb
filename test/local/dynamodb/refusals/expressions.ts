import { accepted, CAPTURED, EXPRESSIONS, get, KEY, put, query, type Row, refused, update, when } from './row';

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

export const EXPRESSION_ROWS: readonly Row[] = [...placeholders, ...syntax, ...evaluated];
