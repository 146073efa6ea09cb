import { notImplemented, ServiceError } from '../../../local/aws-service';
import { checkBatchGet, checkBatchWrite } from '../../../local/dynamodb/batch-requests';
import { checkConstraints, checkTableName, isLegacy, type Operation } from '../../../local/dynamodb/constraints';
import { type Checking, checkDelete, checkGet, checkPut, checkUpdateItem } from '../../../local/dynamodb/item-requests';
import type { KeySchema } from '../../../local/dynamodb/key-schema';
import { checkQuery, checkScan } from '../../../local/dynamodb/query-request';
import { wire } from '../../../local/dynamodb/wire';

type Input = Readonly<Record<string, unknown>>;

/** Asks the store that is guarded for the keys of a table; undefined while there is no such table, or not for long. */
export type Describe = (tableName: string) => Promise<KeySchema | undefined>;

const CHECKS: Readonly<Record<Operation, (input: Input, checking: Checking<KeySchema>) => unknown>> = {
  GetItem: checkGet,
  PutItem: checkPut,
  UpdateItem: checkUpdateItem,
  DeleteItem: checkDelete,
  Query: checkQuery,
  Scan: checkScan,
  BatchGetItem: checkBatchGet,
  BatchWriteItem: checkBatchWrite,
};

/** Operations after which a table may have other keys, or none. */
const TABLE_CHANGES: ReadonlySet<string> = new Set(['CreateTable', 'DeleteTable', 'UpdateTable']);

/**
 * Stands before a store that accepts what DynamoDB refuses, and refuses it: by the checks of the embedded one.
 */
export class Guard {
  private readonly schemas = new Map<string, KeySchema>();

  constructor(private readonly describe: Describe) {}

  /**
   * The ValidationException that DynamoDB would answer, an error for what the store cannot do in a reasonable time, or
   * undefined for what the store may decide: every good request, one for a table that does not exist, one of the wrong
   * JSON types, and operations that are not checked here.
   */
  async refusalOf(operation: string, input: Input): Promise<ServiceError | undefined> {
    if (CONDITIONS.some((parameter) => depthOf(input[parameter]) > DEEPEST)) {
      return notImplemented('DynamoDB', `conditions with more than ${DEEPEST} parentheses inside one another`);
    }
    if (TABLE_CHANGES.has(operation)) return this.refusalOfChange(operation, input);
    if (!Object.hasOwn(CHECKS, operation)) return undefined;
    await this.learn(input);
    return refusal(() => this.check(operation as Operation, withoutNulls(input)));
  }

  /** To be called once the store has answered: the keys may be others now. */
  forget(operation: string, input: Input): void {
    if (TABLE_CHANGES.has(operation)) this.schemas.delete(String(input.TableName));
  }

  private check(operation: Operation, input: Input): void {
    // The store knows the parameters of the time before expressions better.
    if (isLegacy(operation, input)) checkConstraints(operation, input);
    else CHECKS[operation](input, this.checking);
  }

  private readonly checking: Checking<KeySchema> = {
    codec: wire,
    findTable: (name) => {
      const schema = this.schemas.get(String(name));
      if (schema === undefined) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
      return schema;
    },
  };

  private refusalOfChange(operation: string, input: Input): ServiceError | undefined {
    this.forget(operation, input);
    if (operation !== 'CreateTable' || input.TableName === undefined || input.TableName === null) return undefined;
    return refusal(() => checkTableName(input.TableName, MINIMUM_NEW_NAME));
  }

  private async learn(input: Input): Promise<void> {
    const { TableName: name, RequestItems: requests } = input;
    const names = typeof requests === 'object' && requests !== null ? Object.keys(requests) : [name];
    for (const tableName of names) {
      if (typeof tableName !== 'string' || this.schemas.has(tableName)) continue;
      const schema = await this.describe(tableName);
      if (schema !== undefined) this.schemas.set(tableName, schema);
    }
  }
}

/** The parameters whose parentheses cost the store time. */
const CONDITIONS = ['ConditionExpression', 'FilterExpression', 'KeyConditionExpression'];

/**
 * Parentheses inside one another. The parser of the store that is guarded takes four times as long for one more of them:
 * 0.35 s at most for five, 2 s for eight in 110 characters, years for twenty.
 */
const DEEPEST = 5;

function depthOf(expression: unknown): number {
  if (typeof expression !== 'string') return 0;
  let depth = 0;
  let deepest = 0;
  for (const character of expression) {
    if (character === '(') deepest = Math.max(deepest, ++depth);
    else if (character === ')') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** A new table's name has at least 3 characters (Developer Guide, "Naming rules"). */
const MINIMUM_NEW_NAME = 3;

/** On the wire a null parameter is none. */
function withoutNulls(input: Input): Input {
  return Object.values(input).includes(null)
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    : input;
}

function refusal(check: () => unknown): ServiceError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.name === 'ValidationException' ? error : undefined;
  }
}
