import { validation } from './dynamodb-errors';
import type { Path } from './expression-syntax';
import { BYTES_PER_CODE_UNIT, type Item, typeOf, type Value } from './values';

export type KeyType = 'S' | 'N' | 'B';

/** A table of the in-memory DynamoDB. Keys are strings unless said otherwise. */
export interface TableDefinition {
  readonly tableName: string;
  readonly hashKey: string;
  /** @default - 'S' */
  readonly hashKeyType?: KeyType;
  /** @default - items are named by their hash key alone */
  readonly rangeKey?: string;
  /** @default - 'S' */
  readonly rangeKeyType?: KeyType;
}

/** DynamoDB's limits on key lengths, in bytes (Developer Guide, "Constraints", partition keys and sort keys). */
const MAXIMUM_HASH_BYTES = 2048;
const MAXIMUM_RANGE_BYTES = 1024;
const SCHEMA_MISMATCH = 'The provided key element does not match the schema';

/** The keys of a table, and what DynamoDB refuses of them. */
export class KeySchema {
  readonly keyNames: readonly string[];

  constructor(readonly definition: TableDefinition) {
    this.keyNames =
      definition.rangeKey === undefined ? [definition.hashKey] : [definition.hashKey, definition.rangeKey];
  }

  keyType(name: string): KeyType {
    const { hashKey, hashKeyType, rangeKeyType } = this.definition;
    return (name === hashKey ? hashKeyType : rangeKeyType) ?? 'S';
  }

  hasKeyType(name: string, value: Value): boolean {
    return typeOf(value) === this.keyType(name);
  }

  keyOf(item: Item): Item {
    return Object.fromEntries(this.keyNames.map((name) => [name, item[name]!]));
  }

  /**
   * Refuses a Key that is not exactly this table's.
   *
   * @throws ServiceError `ValidationException` where it is another
   */
  checkKey(key: Item): void {
    if (Object.keys(key).length !== this.keyNames.length) throw validation(SCHEMA_MISMATCH);
    for (const name of this.keyNames) {
      const value = key[name];
      if (value === undefined || !this.hasKeyType(name, value)) throw validation(SCHEMA_MISMATCH);
      this.checkKeyValue(name, value);
    }
  }

  /**
   * Refuses an item without this table's key attributes. `inBatch`: in a BatchWriteItem DynamoDB says less.
   *
   * @throws ServiceError `ValidationException` where one is missing or of another type
   */
  checkItemKey(item: Item, inBatch: boolean): void {
    for (const name of this.keyNames) {
      const value = item[name];
      if (value === undefined) {
        throw validation(
          inBatch ? SCHEMA_MISMATCH : `One or more parameter values were invalid: Missing the key ${name} in the item`,
        );
      }
      if (!this.hasKeyType(name, value)) {
        throw validation(
          inBatch
            ? SCHEMA_MISMATCH
            : `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${this.keyType(name)} actual: ${typeOf(value)}`,
        );
      }
      this.checkKeyValue(name, value);
    }
  }

  /**
   * Refuses to change a key attribute, or a part of one.
   *
   * @throws ServiceError `ValidationException` where the update would
   */
  checkUpdated(path: Path): void {
    const name = path[0] as string;
    if (!this.keyNames.includes(name)) return;
    throw validation(
      path.length === 1
        ? `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`
        : `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${name}`,
    );
  }

  /**
   * Refuses an empty or overlong value of a key attribute, wherever it is given: no item can have it.
   *
   * @throws ServiceError `ValidationException` where it is one
   */
  checkKeyValue(name: string, value: Value): void {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) return;
    if (value.length === 0) {
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${typeof value === 'string' ? 'string' : 'binary'} value. Key: ${name}`,
      );
    }
    // Most keys are so short that their bytes need no counting.
    if (value.length * BYTES_PER_CODE_UNIT <= MAXIMUM_RANGE_BYTES) return;
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
    if (name === this.definition.hashKey && bytes > MAXIMUM_HASH_BYTES) {
      throw validation(
        'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      );
    }
    if (name === this.definition.rangeKey && bytes > MAXIMUM_RANGE_BYTES) {
      throw validation(
        'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
      );
    }
  }
}
