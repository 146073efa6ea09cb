import { exactDynamoDb } from '../clients';
import { systemClock } from '../contract/clock';
import { invalidInput, sourceChanged } from '../contract/errors';
import {
  type ItemRef,
  refOnly,
  type Source,
  type SourceGrant,
  type SourceItem,
  type SourcePage,
  type SourcePlan,
} from '../contract/source';
import { countRows } from './table-count';
import { compareCursors, cursorText, keyOfText, keyText, parseCursor, splitSegments } from './table-cursor';
import { type FoundKey, itemOfRow, keyOfItem } from './table-items';
import { checkOptions, keyOf, type TableOptions } from './table-options';
import { FEWEST_SEGMENTS, plannedQuery, refuseIds, segmentsOf, type TablePlan } from './table-plan';
import { NoSuchTable, type TableDependencies, TableReader } from './table-reader';
import { type KeyTypes, keyTypes, schemaFault } from './table-schema';
import { textOf } from './text-of';

/**
 * The rows of a DynamoDB table: all of them, by the segments of a parallel scan; or, with `query`, those of some partition
 * keys in the order of their sort keys, each by one chain. A row that is there for the whole run is given once; one that
 * comes or goes meanwhile may be given or not. The row is the item's data, so the job needs no `load`. The number of rows
 * is estimated from `ItemCount`, which DynamoDB brings up to date about every six hours, and of a query nothing is known,
 * unless `count` has them counted.
 *
 * @example
 * source: table({ name: env('USERS_TABLE'), key: 'id', projection: ['email', 'locale'] }),
 *
 * @throws TypeError where an option cannot work: when the job's module loads
 */
export function table(options: TableOptions): Source {
  return tableSource(options, { client: exactDynamoDb, clock: systemClock, random: Math.random });
}

/** `table`, with what it reads by. */
export function tableSource(options: TableOptions, dependencies: TableDependencies): Source {
  checkOptions(options);
  const source = new Table(
    options,
    new TableReader(options, dependencies),
    dependencies.fewestSegments ?? FEWEST_SEGMENTS,
  );
  return {
    kind: 'table',
    plan: (input) => source.plan(input),
    split: async (plan, chains) => splitSegments(plan, chains),
    read: (plan, cursor, end, limit) =>
      source.read(plan as TablePlan, { cursor: String(cursor), end: String(end), limit }),
    compare: compareCursors,
    load: (plan, items) => source.load(plan, items),
    grants: (value) => grantsOf(options, value),
  };
}

/**
 * Segments that one read looks into before it answers. A small table has more segments than rows: chunks would be of a
 * row or none. Bounded, so that a link hears of a stop meanwhile.
 */
const MOST_SEGMENTS_PER_READ = 10;

interface Reading {
  readonly cursor: string;
  readonly end: string;
  readonly limit: number;
}

class Table {
  private known?: Promise<KeyTypes>;

  constructor(
    private readonly options: TableOptions,
    private readonly reader: TableReader,
    private readonly fewestSegments: number,
  ) {}

  async plan(input: Parameters<Source['plan']>[0]): Promise<TablePlan> {
    refuseIds(input.ids);
    const name = textOf(this.options.name);
    const described = await this.reader.describe(name).catch((error: unknown) => {
      throw error instanceof NoSuchTable ? invalidInput(missing(name)) : error;
    });
    const fault = schemaFault(name, described, this.options);
    if (fault !== undefined) throw invalidInput(fault);
    const types = keyTypes(described);
    const query = plannedQuery(this.options, types, input);
    const segments = query?.partitions.length ?? segmentsOf(input, this.fewestSegments);
    const counted = this.options.count ? { items: await countRows(this.reader, name, query) } : undefined;
    const { ItemCount: estimate = 0 } = described;
    return {
      start: '0',
      end: String(segments),
      // Of a new table DynamoDB says 0 for hours.
      ...(counted ?? (!query && estimate > 0 && { estimate })),
      table: name,
      keyTypes: types,
      segments,
      ...(query && { query }),
    };
  }

  async read(plan: TablePlan, { cursor, end, limit }: Reading): Promise<SourcePage> {
    const items: SourceItem[] = [];
    const table = this.sameTable(plan);
    const segments = Number(plan.segments);
    let at = parseCursor(cursor);
    for (let looked = 0; looked < MOST_SEGMENTS_PER_READ && at.segment < Number(end); looked++) {
      const { segment, passed, after } = at;
      const more = limit - items.length;
      const request = { table, segment, segments, query: plan.query, limit: more };
      const page = await this.page({ ...request, ...(after !== undefined && { after: keyOfText(after) }) });
      for (const row of page.rows) items.push(itemOfRow(row, keyOf(this.options)));
      if (page.last) {
        at = { segment, passed: passed + Math.max(1, page.rows.length), after: keyText(page.last) };
        break;
      }
      at = { segment: segment + 1, passed: 0 };
      if (items.length >= limit) break;
    }
    return { items, next: cursorText(at) };
  }

  async load(plan: SourcePlan | undefined, refs: readonly ItemRef[]): Promise<readonly SourceItem[]> {
    const key = keyOf(this.options);
    const table = plan ? this.sameTable(plan as TablePlan) : textOf(this.options.name);
    const types = plan ? (plan as TablePlan).keyTypes : await this.typesOf(table);
    const found: (readonly [ItemRef, FoundKey])[] = refs.map((ref) => [ref, keyOfItem(ref, key, types)]);
    const keys = found.flatMap(([, one]) => ('key' in one ? [one.key] : []));
    const rows = await this.reader.rowsOf(table, keys).catch(gone(table));
    return found.flatMap(([item, one]) => {
      const ref = refOnly(item);
      if ('fault' in one) return [{ ...ref, fault: one.fault }];
      const row = rows.get(keyText(one.key));
      if (!row) return [];
      const { data, fault } = itemOfRow(row, key);
      return [{ ...ref, ...(fault ? { fault } : { data }) }];
    });
  }

  private page(request: Parameters<TableReader['page']>[0]): ReturnType<TableReader['page']> {
    return this.reader.page(request).catch(gone(request.table));
  }

  /** A later deployment may give the variable another name: the rows of two tables are not one run's. */
  private sameTable({ table }: TablePlan): string {
    const now = textOf(this.options.name);
    if (now === table) return table;
    throw sourceChanged(
      `Expected the source to read the table ${table}, with which the run began, got ${now}: deploy the former name and redrive, or start a new run.`,
    );
  }

  /** Of ids that an input lists: which of them are text, and which numbers. Asked once in an environment. */
  private typesOf(table: string): Promise<KeyTypes> {
    this.known ??= this.reader.describe(table).then((described) => {
      const fault = schemaFault(table, described, this.options);
      if (fault !== undefined) throw sourceChanged(fault);
      return keyTypes(described);
    }, gone(table));
    const asked = this.known;
    asked.catch(() => {
      if (this.known === asked) this.known = undefined;
    });
    return asked;
  }
}

function missing(table: string): string {
  return `Expected the source's table to exist, got ${table}, which is not there: give its name, in the account and region of the functions.`;
}

function gone(table: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof NoSuchTable ? sourceChanged(missing(table)) : error;
  };
}

function grantsOf({ name, query }: TableOptions, value: Parameters<NonNullable<Source['grants']>>[0]): SourceGrant[] {
  const service = 'dynamodb';
  const table = `table/${value(name)}`;
  const actions = ['dynamodb:DescribeTable', 'dynamodb:BatchGetItem'];
  if (query === undefined) return [{ service, actions: [...actions, 'dynamodb:Scan'], resource: table }];
  if (query.index === undefined) return [{ service, actions: [...actions, 'dynamodb:Query'], resource: table }];
  return [
    { service, actions, resource: table },
    { service, actions: ['dynamodb:Query'], resource: `${table}/index/${query.index.name}` },
  ];
}
