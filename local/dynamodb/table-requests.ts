import { notImplemented } from '../aws-service';
import { checkTableName } from './constraints';
import { serialization, validation } from './dynamodb-errors';
import type { KeyType, TableDefinition } from './key-schema';

type Input = Readonly<Record<string, unknown>>;

/** A new table's name has at least 3 characters (Developer Guide, "Naming rules"). */
const MINIMUM_NEW_NAME = 3;
const KEY_TYPES: readonly unknown[] = ['S', 'N', 'B'];
const MOST_NAMES = 100;

const PARAMETERS: Readonly<Record<string, ReadonlySet<string>>> = {
  CreateTable: new Set(['TableName', 'AttributeDefinitions', 'KeySchema', 'BillingMode']),
  DescribeTable: new Set(['TableName']),
  ListTables: new Set(['ExclusiveStartTableName', 'Limit']),
};

/**
 * Checks CreateTable: a table with keys of its own and nothing more, paid per request.
 *
 * @throws ServiceError where the request is refused, or asks for what is not implemented
 */
export function checkCreateTable(input: Input): TableDefinition {
  checkTableName(input.TableName, MINIMUM_NEW_NAME);
  refuseUnknown('CreateTable', input);
  if (input.BillingMode !== 'PAY_PER_REQUEST') {
    throw notImplemented('DynamoDB', `BillingMode ${input.BillingMode ?? 'PROVISIONED'} in CreateTable`);
  }
  const definitions = structures(input.AttributeDefinitions, 'AttributeDefinitions');
  const schema = structures(input.KeySchema, 'KeySchema');
  if (schema.length < 1 || schema.length > 2) {
    throw validation(
      "1 validation error detected: Value at 'keySchema' failed to satisfy constraint: Member must have length between 1 and 2",
    );
  }
  const names = schema.map(({ AttributeName }) => AttributeName);
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  if (names.some((name) => !defined.includes(name))) {
    throw validation(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
  if (names[0] === names[1]) {
    throw validation('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (schema[0]!.KeyType !== 'HASH') {
    throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (schema[1] !== undefined && schema[1].KeyType !== 'RANGE') {
    throw validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (definitions.length !== schema.length) {
    throw validation(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  const [hashKey, rangeKey] = names as [string, string?];
  return {
    tableName: input.TableName as string,
    hashKey,
    hashKeyType: keyType(definitions, hashKey),
    ...(rangeKey !== undefined && { rangeKey, rangeKeyType: keyType(definitions, rangeKey) }),
  };
}

/** Checks DescribeTable; returns the name of the table. */
export function checkDescribeTable(input: Input): string {
  checkTableName(input.TableName, 1);
  refuseUnknown('DescribeTable', input);
  return input.TableName as string;
}

interface ListRequest {
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Checks ListTables.
 *
 * @throws ServiceError where the request is refused
 */
export function checkListTables(input: Input): ListRequest {
  refuseUnknown('ListTables', input);
  const { ExclusiveStartTableName: after, Limit: limit = MOST_NAMES } = input;
  if (after !== undefined) checkTableName(after, 1);
  if (typeof limit !== 'number') throw serialization(`Expected Limit to be a number, got ${typeof limit}.`);
  if (limit < 1 || limit > MOST_NAMES) {
    throw validation(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_NAMES}`}`,
    );
  }
  return { after: after as string | undefined, limit };
}

/** The answer about a table, as DescribeTable and CreateTable have it. */
export function tableDescription(
  definition: TableDefinition,
  more: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { tableName, hashKey, hashKeyType = 'S', rangeKey, rangeKeyType = 'S' } = definition;
  const keys = [{ name: hashKey, type: hashKeyType, role: 'HASH' }];
  if (rangeKey !== undefined) keys.push({ name: rangeKey, type: rangeKeyType, role: 'RANGE' });
  return {
    TableName: tableName,
    AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keys.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ...more,
  };
}

function keyType(definitions: readonly Input[], name: string): KeyType {
  const type = definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  if (KEY_TYPES.includes(type)) return type as KeyType;
  throw validation(
    `1 validation error detected: Value '${type}' at 'attributeDefinitions.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]`,
  );
}

function structures(value: unknown, name: string): readonly Input[] {
  if (value === undefined) {
    const at = name[0]!.toLowerCase() + name.slice(1);
    throw validation(
      `1 validation error detected: Value null at '${at}' failed to satisfy constraint: Member must not be null`,
    );
  }
  const isStructure = (element: unknown) => typeof element === 'object' && element !== null && !Array.isArray(element);
  if (Array.isArray(value) && value.every(isStructure)) return value;
  throw serialization(`Expected ${name} to be a list of structures, got ${typeof value}.`);
}

function refuseUnknown(operation: string, input: Input): void {
  for (const name in input) {
    if (input[name] !== undefined && !PARAMETERS[operation]!.has(name)) {
      throw notImplemented('DynamoDB', `${name} in ${operation}`);
    }
  }
}
