import { notImplemented, type Service, ServiceError } from '../aws-service';
import type { Operation } from './constraints';
import { ItemOperations } from './item-operations';
import { Table, type TableDefinition, type TableSnapshot } from './memory-table';
import { checkDescribeTable, tableDescription } from './table-requests';
import { documents } from './values';

/** lib-dynamodb's names of the operations, and the API's. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Query: 'Query',
  Scan: 'Scan',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
};

export type MemorySnapshot = ReadonlyMap<string, TableSnapshot>;

/**
 * DynamoDB as the simulation sees it: deterministic, no timers, no sockets. Operations are lib-dynamodb's commands
 * without `Command`, inputs and outputs its plain values. It shares all that it does with `DynamoDB`, which stands behind
 * the wire protocol; what it does not implement it refuses by name, sets included.
 */
export class MemoryDynamoDB implements Service {
  private readonly tables = new Map<string, Table>();
  private readonly items = new ItemOperations({ codec: documents, findTable: (name) => this.table(name) });

  constructor(tables: readonly TableDefinition[]) {
    for (const definition of tables) this.tables.set(definition.tableName, new Table(definition));
  }

  /** @throws ServiceError where the request is refused, with DynamoDB's own code and message */
  async handle(operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    if (operation === 'DescribeTable') {
      const { definition, itemCount: ItemCount } = this.table(checkDescribeTable(input));
      return { Table: tableDescription(definition, { TableStatus: 'ACTIVE', ItemCount }) };
    }
    const known = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (known === undefined) throw notImplemented('DynamoDB', operation);
    return this.items.handle(known, input, operation);
  }

  /** Number of items in a table, or in all of them. */
  size(tableName?: string): number {
    if (tableName !== undefined) return this.table(tableName).itemCount;
    return [...this.tables.values()].reduce((count, table) => count + table.itemCount, 0);
  }

  snapshot(): MemorySnapshot {
    return new Map([...this.tables].map(([name, table]) => [name, table.snapshot()]));
  }

  restore(snapshot: MemorySnapshot): void {
    for (const [name, table] of this.tables) table.restore(snapshot.get(name) ?? new Map());
  }

  private table(name: unknown): Table {
    const table = this.tables.get(name as string);
    if (table === undefined) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }
}
