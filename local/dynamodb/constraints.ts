import { serialization, validation } from './dynamodb-errors';

type Input = Readonly<Record<string, unknown>>;

/** Operations whose requests are checked, by the names of the API. */
export type Operation =
  | 'GetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'Scan'
  | 'BatchGetItem'
  | 'BatchWriteItem';

interface Rules {
  /** Parameters that may only have one of some values, in the order in which messages list them. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Parameters of the time before expressions; none may stand beside an expression. */
  readonly legacy: readonly string[];
  readonly expressions: readonly string[];
  readonly required: readonly string[];
}

const CAPACITY = { ReturnConsumedCapacity: ['INDEXES', 'TOTAL', 'NONE'] };
const WRITE = {
  ...CAPACITY,
  ReturnItemCollectionMetrics: ['SIZE', 'NONE'],
  ReturnValues: ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'],
  ReturnValuesOnConditionCheckFailure: ['ALL_OLD', 'NONE'],
};
const READ = {
  ...CAPACITY,
  Select: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'],
};

const RULES: Readonly<Record<Operation, Rules>> = {
  GetItem: {
    choices: CAPACITY,
    legacy: ['AttributesToGet'],
    expressions: ['ProjectionExpression'],
    required: ['TableName', 'Key'],
  },
  PutItem: {
    choices: WRITE,
    legacy: ['Expected', 'ConditionalOperator'],
    expressions: ['ConditionExpression'],
    required: ['TableName', 'Item'],
  },
  UpdateItem: {
    choices: WRITE,
    legacy: ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
    expressions: ['UpdateExpression', 'ConditionExpression'],
    required: ['TableName', 'Key'],
  },
  DeleteItem: {
    choices: WRITE,
    legacy: ['Expected', 'ConditionalOperator'],
    expressions: ['ConditionExpression'],
    required: ['TableName', 'Key'],
  },
  Query: {
    choices: READ,
    legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
    expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
    required: ['TableName'],
  },
  Scan: {
    choices: READ,
    legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
    expressions: ['ProjectionExpression', 'FilterExpression'],
    required: ['TableName'],
  },
  BatchGetItem: { choices: CAPACITY, legacy: [], expressions: [], required: [] },
  BatchWriteItem: {
    choices: { ...CAPACITY, ReturnItemCollectionMetrics: WRITE.ReturnItemCollectionMetrics },
    legacy: [],
    expressions: [],
    required: [],
  },
};

/** The same of the requests for one table inside a BatchGetItem. */
const BATCH_GET_TABLE = { legacy: ['AttributesToGet'], expressions: ['ProjectionExpression'] };

const MAXIMUM_TABLE_NAME = 255;
/** Of a parallel Scan (API Reference, "Scan", TotalSegments). */
const MAXIMUM_SEGMENTS = 1_000_000;

/**
 * Refuses what DynamoDB's model of the API refuses: names of tables, missing parameters, unknown values, limits below 1.
 * A wrong name of a table is reported on its own; of the rest, all that is wrong.
 *
 * @throws ServiceError where the request breaks one
 */
export function checkConstraints(operation: Operation, input: Input): void {
  const { choices = {}, required } = RULES[operation];
  const problems: string[] = [];
  if (required[0] === 'TableName') checkTableName(input.TableName, 1);
  for (const name of required) {
    if (input[name] === undefined) problems.push(problem('null', name, 'Member must not be null'));
  }
  for (const name in choices) {
    const value = input[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw serialization(`Expected ${name} to be a string, got ${typeof value}.`);
    if (choices[name]!.includes(value)) continue;
    problems.push(problem(`'${value}'`, name, `Member must satisfy enum value set: [${choices[name]!.join(', ')}]`));
  }
  if (operation === 'Scan') problems.push(...segmentProblems(input));
  if (problems.length > 0) throw violation(problems);
  checkLimit(operation, input.Limit);
  checkMixture(RULES[operation], input);
}

/**
 * Refuses a name that no table has. `minimum`: 3 characters where a table is created, 1 where it is used.
 *
 * @throws ServiceError where it is no name of a table
 */
export function checkTableName(name: unknown, minimum: number): void {
  if (name === undefined) throw violation([problem('null', 'TableName', 'Member must not be null')]);
  if (typeof name !== 'string') throw serialization(`Expected TableName to be a string, got ${typeof name}.`);
  const rule = brokenNameRule(name, minimum);
  if (rule !== undefined) throw violation([problem(`'${name}'`, 'TableName', rule)]);
}

function brokenNameRule(name: string, minimum: number): string | undefined {
  if (name.length < minimum) return `Member must have length greater than or equal to ${minimum}`;
  if (name.length > MAXIMUM_TABLE_NAME) return 'Member must have length less than or equal to 255';
  if (!/^[a-zA-Z0-9_.-]+$/.test(name)) return 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
  return undefined;
}

/** Refuses parameters of the time before expressions beside expressions. */
function checkMixture({ legacy, expressions }: Pick<Rules, 'legacy' | 'expressions'>, input: Input): void {
  if (!has(input, legacy)) return;
  const old = legacy.filter((name) => input[name] !== undefined);
  const used = expressions.filter((name) => input[name] !== undefined);
  if (used.length === 0) return;
  throw validation(
    `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${old.join(', ')}} Expression parameters: {${used.join(', ')}}`,
  );
}

/** The same for the requests to one table inside a BatchGetItem. */
export function checkBatchMixture(input: Input): void {
  checkMixture(BATCH_GET_TABLE, input);
}

/** Does the request use parameters of the time before expressions? */
export function isLegacy(operation: Operation, input: Input): boolean {
  return has(input, RULES[operation].legacy);
}

/** A loop, because every call comes here: closures would cost more than the rest of the check. */
function has(input: Input, names: readonly string[]): boolean {
  for (const name of names) if (input[name] !== undefined) return true;
  return false;
}

function checkLimit(operation: Operation, limit: unknown): void {
  if (limit === undefined) return;
  if (typeof limit !== 'number') throw serialization(`Expected Limit to be a number, got ${typeof limit}.`);
  if (limit >= 1) return;
  // DynamoDB words it so for Query and otherwise for Scan.
  const at = operation === 'Query' ? "Value at 'Limit'" : `Value '${limit}' at 'limit'`;
  throw violation([`${at} failed to satisfy constraint: Member must have value greater than or equal to 1`]);
}

function segmentProblems({ Segment: segment, TotalSegments: total }: Input): string[] {
  const problems: string[] = [];
  if (typeof segment === 'number' && segment < 0) {
    problems.push(problem(`'${segment}'`, 'Segment', 'Member must have value greater than or equal to 0'));
  }
  if (typeof segment === 'number' && segment >= MAXIMUM_SEGMENTS) {
    const rule = `Member must have value less than or equal to ${MAXIMUM_SEGMENTS - 1}`;
    problems.push(problem(`'${segment}'`, 'Segment', rule));
  }
  if (typeof total === 'number' && total > MAXIMUM_SEGMENTS) {
    const rule = `Member must have value less than or equal to ${MAXIMUM_SEGMENTS}`;
    problems.push(problem(`'${total}'`, 'TotalSegments', rule));
  }
  if (typeof total === 'number' && total < 1) {
    problems.push(problem(`'${total}'`, 'TotalSegments', 'Member must have value greater than or equal to 1'));
  }
  return problems;
}

function problem(value: string, parameter: string, rule: string): string {
  const at = parameter[0]!.toLowerCase() + parameter.slice(1);
  return `Value ${value} at '${at}' failed to satisfy constraint: ${rule}`;
}

function violation(problems: readonly string[]): Error {
  const errors = problems.length === 1 ? 'error' : 'errors';
  return validation(`${problems.length} validation ${errors} detected: ${problems.join('; ')}`);
}
