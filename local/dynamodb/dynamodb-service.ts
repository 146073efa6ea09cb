import type { Clock } from '../../functions/contract/clock';
import { notImplemented, type Service, ServiceError } from '../aws-service';
import type { Operation } from './constraints';
import { ItemOperations } from './item-operations';
import { Table } from './memory-table';
import { TableLog } from './table-log';
import { checkCreateTable, checkDescribeTable, checkListTables, tableDescription } from './table-requests';
import { wire } from './wire';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const ITEM_OPERATIONS: ReadonlySet<string> = new Set<Operation>([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
]);

export interface DynamoDBOptions {
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Directory that keeps the tables. A write that was answered survives the death of this process, however it ends; not
   * that of the machine, which may take the last seconds.
   * @default - nothing is kept
   */
  readonly keep?: string;
  /** Above this size the log in `keep` is rewritten where most of it is out of date. @default - 16 MiB */
  readonly smallestRewrittenBytes?: number;
}

/**
 * DynamoDB as its wire protocol has it: operations by the names of the API, values as `{"S": "text"}`. Reads are always
 * consistent. Refused by name, because nothing here has them: indexes, transactions, PartiQL, streams, capacity, what a
 * refused condition saw (ReturnValuesOnConditionCheckFailure), parameters of the time before expressions, changing and
 * deleting tables, and time to live – an expired item stays, as on AWS it may for some days.
 */
export class DynamoDB implements Service {
  private readonly tables = new Map<string, Table>();
  private readonly log?: TableLog;
  private readonly items = new ItemOperations({ codec: wire, findTable: (name) => this.find(name) }, (effects) =>
    this.log?.wrote(effects),
  );

  /** @throws KeptDataError where what is kept cannot be read, or another process has it */
  constructor(private readonly options: DynamoDBOptions) {
    const { keep, smallestRewrittenBytes } = options;
    if (keep !== undefined) this.log = TableLog.open(keep, this.tables, smallestRewrittenBytes);
  }

  /** @throws ServiceError where the request is refused, with DynamoDB's own code and message */
  async handle(operation: string, given: Input): Promise<Output> {
    const input = withoutNulls(given);
    if (ITEM_OPERATIONS.has(operation)) return this.items.handle(operation as Operation, input);
    switch (operation) {
      case 'CreateTable':
        return this.createTable(input);
      case 'DescribeTable':
        return this.describeTable(input);
      case 'ListTables':
        return this.listTables(input);
      default:
        throw notImplemented('DynamoDB', operation);
    }
  }

  close(): void {
    this.log?.close();
  }

  /** The answer says CREATING, as on AWS; the table is ACTIVE from then on. */
  private createTable(input: Input): Output {
    const definition = checkCreateTable(input);
    const { tableName } = definition;
    if (this.tables.has(tableName)) {
      throw new ServiceError('ResourceInUseException', `Table already exists: ${tableName}`);
    }
    const table = new Table(definition, this.options.clock.now());
    this.log?.created(table);
    this.tables.set(tableName, table);
    return { TableDescription: describe(table, 'CREATING') };
  }

  private describeTable(input: Input): Output {
    const tableName = checkDescribeTable(input);
    const table = this.tables.get(tableName);
    if (table !== undefined) return { Table: describe(table, 'ACTIVE') };
    throw new ServiceError('ResourceNotFoundException', `Requested resource not found: Table: ${tableName} not found`);
  }

  private listTables(input: Input): Output {
    const { after = '', limit } = checkListTables(input);
    const names = [...this.tables.keys()].filter((name) => name > after).sort();
    const page = names.slice(0, limit);
    return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) };
  }

  private find(name: unknown): Table {
    const table = this.tables.get(name as string);
    if (table === undefined) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }
}

function describe(table: Table, TableStatus: 'CREATING' | 'ACTIVE'): Output {
  const { definition, createdMs, itemCount: ItemCount } = table;
  return tableDescription(definition, { TableStatus, CreationDateTime: createdMs / 1000, ItemCount });
}

/** On the wire a null parameter is none. */
function withoutNulls(input: Input): Input {
  return Object.values(input).includes(null)
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    : input;
}
