import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { claimDirectory } from './directory-claim';
import type { Effect } from './item-operations';
import { Table, type TableDefinition } from './memory-table';
import { KeptDataError, RecordFile } from './record-file';
import { itemSize } from './values';
import { wire } from './wire';

const FILE = 'tables.log';
/** Where versions before the log kept their tables, in LevelDB. */
const OLD_DIRECTORY = 'dynamodb';
const FORMAT = 'worker-chains tables 1';

type LogRecord =
  | { readonly format: string }
  | { readonly table: TableDefinition; readonly createdMs: number }
  | { readonly put: string; readonly item: unknown }
  | { readonly delete: string; readonly key: unknown };

/** A log is rewritten when it is larger than this, in bytes, and … */
const SMALLEST_REWRITTEN_BYTES = 16 * 1024 * 1024;
/**
 * … has grown to so many times its length after the last time. Rewriting then writes at most a third of what was appended
 * meanwhile where tables keep their size, and four thirds where all of it was new.
 */
const REWRITTEN_GROWTH = 4;

/**
 * Tables and their items as a log in a directory: every write is in the file before it takes effect, let alone is
 * answered. What survives the death of the process, and what that of the machine, is said at `RecordFile`.
 */
export class TableLog {
  private rewriteAtBytes = 0;

  private constructor(
    private readonly file: RecordFile,
    private readonly tables: ReadonlyMap<string, Table>,
    private readonly release: () => void,
    private readonly smallestRewrittenBytes: number,
  ) {}

  /**
   * Opens the log in `directory`, which is made if there is none, and fills `tables` with what it holds.
   *
   * @throws KeptDataError where that cannot be read, is of another version, or another process has it
   */
  static open(
    directory: string,
    tables: Map<string, Table>,
    smallestRewrittenBytes = SMALLEST_REWRITTEN_BYTES,
  ): TableLog {
    if (existsSync(join(directory, OLD_DIRECTORY))) {
      throw new KeptDataError(
        `Expected ${directory} to keep its tables in ${FILE}, got the directory ${OLD_DIRECTORY} of an earlier version, which kept them in LevelDB: finish its run with that version, or name another directory.`,
      );
    }
    mkdirSync(directory, { recursive: true });
    const release = claimDirectory(directory);
    try {
      const path = join(directory, FILE);
      let records = 0;
      const file = RecordFile.open(path, (text) => replay(JSON.parse(text) as LogRecord, records++, path, tables));
      const log = new TableLog(file, tables, release, smallestRewrittenBytes);
      if (records === 0) file.append([JSON.stringify({ format: FORMAT } satisfies LogRecord)]);
      log.rewriteLater(records);
      return log;
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * To be called before there is such a table.
   *
   * @throws Error where it cannot be written
   */
  created({ definition, createdMs }: Table): void {
    this.append([{ table: definition, createdMs }]);
  }

  /**
   * To be called before the writes take effect.
   *
   * @throws Error where they cannot be written: then none of them is
   */
  wrote(effects: readonly Effect[]): void {
    this.append(effects.map(recordOf));
  }

  close(): void {
    this.file.close();
    this.release();
  }

  private append(records: readonly LogRecord[]): void {
    // Before the records, because the tables do not have them yet.
    if (this.file.bytes > this.rewriteAtBytes) this.rewrite();
    this.file.append(records.map((record) => JSON.stringify(record)));
  }

  private rewrite(): void {
    try {
      this.file.rewrite(recordsOf(this.tables));
      this.rewriteAtBytes = Math.max(this.smallestRewrittenBytes, REWRITTEN_GROWTH * this.file.bytes);
    } catch {
      // Nothing is lost, and a disk that is full is told of by the write itself.
      this.rewriteAtBytes = 2 * this.file.bytes;
    }
  }

  /** Of a log that was found: its records in use are as long as the others. */
  private rewriteLater(records: number): void {
    let used = this.tables.size + 1;
    for (const table of this.tables.values()) used += table.itemCount;
    const bytes = records === 0 ? 0 : (this.file.bytes * used) / records;
    this.rewriteAtBytes = Math.max(this.smallestRewrittenBytes, REWRITTEN_GROWTH * bytes);
  }
}

function replay(record: LogRecord, index: number, path: string, tables: Map<string, Table>): void {
  const format = 'format' in record ? record.format : undefined;
  if (index === 0 && format !== FORMAT) throw unknownFormat(path, format);
  if (format !== undefined) return;
  if ('table' in record) {
    tables.set(record.table.tableName, new Table(record.table, record.createdMs));
  } else if ('put' in record) {
    const item = wire.item(record.item, 'Item');
    tables.get(record.put)!.put(item, itemSize(item));
  } else if ('delete' in record) {
    tables.get(record.delete)!.delete(wire.item(record.key, 'Key'));
  } else throw unknownFormat(path, Object.keys(record).join(', '));
}

function unknownFormat(path: string, got: unknown): KeptDataError {
  return new KeptDataError(
    `Expected ${path} to have records of "${FORMAT}", got "${got}": use the version that wrote it, or name another directory.`,
  );
}

function recordOf(effect: Effect): LogRecord {
  const { tableName } = effect.table.definition;
  return 'put' in effect
    ? { put: tableName, item: wire.handOut(effect.put) }
    : { delete: tableName, key: wire.handOut(effect.deleted) };
}

function* recordsOf(tables: ReadonlyMap<string, Table>): Generator<string> {
  const text = (record: LogRecord) => JSON.stringify(record);
  yield text({ format: FORMAT });
  for (const [put, table] of tables) {
    yield text({ table: table.definition, createdMs: table.createdMs });
    for (const item of table.all()) yield text({ put, item: wire.handOut(item) });
  }
}
