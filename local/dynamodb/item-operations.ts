import { ServiceError } from '../aws-service';
import { checkBatchGet, checkBatchWrite, MAXIMUM_BATCH_BYTES } from './batch-requests';
import { meets, type Placeholders } from './conditions';
import type { Operation } from './constraints';
import type { Condition } from './expression-syntax';
import { type Checking, checkDelete, checkedSize, checkGet, checkPut, checkUpdateItem } from './item-requests';
import type { Table } from './memory-table';
import { checkBatchParameters, checkParameters } from './parameters';
import { project } from './paths';
import { query, scan } from './reads';
import { applyUpdate, checkImplemented } from './updates';
import type { Item } from './values';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** What a write that was allowed does to a table. */
export type Effect =
  | { readonly table: Table; readonly put: Item; readonly bytes: number }
  | { readonly table: Table; readonly deleted: Item };

const EMPTY: Item = {};

/**
 * The operations on items, by the names of the API. Each takes effect at once and as a whole – a BatchWriteItem, too –
 * and reads are always consistent. What is not implemented is refused by name.
 */
export class ItemOperations {
  /**
   * `record` is called with every write before it takes effect; where it throws, the write does not. @default - nothing
   * is recorded
   */
  constructor(
    private readonly checking: Checking<Table>,
    private readonly record: (effects: readonly Effect[]) => void = () => {},
  ) {}

  /**
   * `calledAs`: the operation's name as the caller knows it.
   *
   * @throws ServiceError where the request is refused
   */
  handle(operation: Operation, input: Input, calledAs: string = operation): Output {
    checkParameters(operation, calledAs, input);
    switch (operation) {
      case 'GetItem':
        return this.get(input);
      case 'PutItem':
        return this.put(input);
      case 'UpdateItem':
        return this.update(input);
      case 'DeleteItem':
        return this.delete(input);
      case 'Query':
        return query(input, this.checking);
      case 'Scan':
        return scan(input, this.checking);
      case 'BatchGetItem':
        return this.batchGet(input, calledAs);
      case 'BatchWriteItem':
        this.apply(checkBatchWrite(input, this.checking));
        return { UnprocessedItems: {} };
    }
  }

  private get(input: Input): Output {
    const { table, key, paths } = checkGet(input, this.checking);
    const stored = table.get(key);
    return stored === undefined ? {} : { Item: this.checking.codec.handOut(project(stored.item, paths)) };
  }

  private put(input: Input): Output {
    const { table, item, bytes, condition, placeholders, returnValues } = checkPut(input, this.checking);
    const before = table.get(item)?.item;
    checkCondition(before, condition, placeholders);
    this.apply([{ table, put: item, bytes }]);
    return this.attributes(returnValues === 'ALL_OLD' ? before : undefined);
  }

  private update(input: Input): Output {
    const request = checkUpdateItem(input, this.checking);
    const { table, key, paths, returnValues } = request;
    checkImplemented(request.actions);
    const before = table.get(key)?.item;
    checkCondition(before, request.condition, request.placeholders);
    const after = applyUpdate(before ?? key, request, this.checking.codec.sum);
    const bytes = checkedSize(after, 'Item size to update has exceeded the maximum allowed size');
    this.apply([{ table, put: after, bytes }]);
    if (returnValues === 'NONE') return {};
    const asked = returnValues.endsWith('OLD') ? before : after;
    return this.attributes(asked && (returnValues.startsWith('ALL') ? asked : project(asked, paths)));
  }

  private delete(input: Input): Output {
    const { table, key, condition, placeholders, returnValues } = checkDelete(input, this.checking);
    const before = table.get(key)?.item;
    checkCondition(before, condition, placeholders);
    if (before !== undefined) this.apply([{ table, deleted: key }]);
    return this.attributes(returnValues === 'ALL_OLD' ? before : undefined);
  }

  private batchGet(input: Input, calledAs: string): Output {
    const { codec } = this.checking;
    const responses: Record<string, unknown[]> = {};
    const unprocessed: Record<string, unknown> = {};
    const requests = checkBatchGet(input, this.checking);
    for (const { rest } of requests) checkBatchParameters(calledAs, rest);
    let bytes = 0;
    for (const { tableName, table, keys, paths, rest } of requests) {
      const items: unknown[] = [];
      const left: unknown[] = [];
      for (const key of keys) {
        const stored = table.get(key);
        if (stored === undefined) continue;
        bytes += stored.bytes;
        if (bytes > MAXIMUM_BATCH_BYTES) left.push(codec.handOut(key));
        else items.push(codec.handOut(project(stored.item, paths)));
      }
      // DynamoDB answers in no particular order: never in the order of the request, so that no code comes to rely on it.
      responses[tableName] = items.reverse();
      if (left.length > 0) unprocessed[tableName] = { ...structuredClone(rest), Keys: left };
    }
    return { Responses: responses, UnprocessedKeys: unprocessed };
  }

  private apply(effects: readonly Effect[]): void {
    this.record(effects);
    for (const effect of effects) {
      if ('put' in effect) effect.table.put(effect.put, effect.bytes);
      else effect.table.delete(effect.deleted);
    }
  }

  private attributes(item: Item | undefined): Output {
    return item === undefined ? {} : { Attributes: this.checking.codec.handOut(item) };
  }
}

function checkCondition(before: Item | undefined, condition: Condition | undefined, placeholders: Placeholders): void {
  if (condition === undefined || meets(before ?? EMPTY, condition, placeholders)) return;
  throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
}
