import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Clock, type ItemId, isTransient, retryTransient } from 'worker-chains';
import { UnreadableRow } from './recipient';

export interface RecipientsOptions {
  /** @default - the system's */
  readonly clock?: Clock;
  /** Uniform in [0, 1): jitter. @default - Math.random */
  readonly random?: () => number;
  /** Tries for one call's keys, the first included. @default - as many as ten minutes allow */
  readonly attempts?: number;
}

/** DynamoDB's limit for one BatchGetItem. */
const KEYS_PER_CALL = 100;

interface Key {
  readonly id: number;
}

/** Some keys of a BatchGetItem were not read; the next try asks for just those. */
class UnprocessedKeys extends Error {}

/** What @aws-sdk/util-dynamodb says of a value that JavaScript has no form for, a fraction of more than 15 digits say. */
const NO_SUCH_VALUE = /BigInt|SAFE_INTEGER|Unsupported type passed|No value defined/;

type Row = Readonly<Record<string, unknown>>;

/** The recipients table, read in bulk: one BatchGetItem for a chunk's ids, eventually consistent. */
export class Recipients {
  constructor(
    private readonly client: Pick<DynamoDBDocumentClient, 'send'>,
    private readonly tableName: string,
    private readonly options: RecipientsOptions = {},
  ) {}

  /**
   * Reads the rows of these ids, as they are: `readRecipient` says whether a mail can be made of one. An id without a
   * row is absent from the answer. A row that cannot be read is an `UnreadableRow` and costs nobody else's; so is the
   * row of an id that is no number, which a table with a number key cannot hold.
   *
   * @throws Error where DynamoDB leaves keys unprocessed, or fails, in every try of ten minutes; and at once where the error is
   * definite
   */
  async read(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, unknown>> {
    const found = new Map<ItemId, unknown>();
    // BatchGetItem refuses a call that names a key twice.
    const distinct = [...new Set(ids)];
    const keys = distinct.filter((id) => typeof id === 'number').map((id) => ({ id }));
    for (let start = 0; start < keys.length; start += KEYS_PER_CALL) {
      for (const [id, row] of await this.readKeys(keys.slice(start, start + KEYS_PER_CALL))) found.set(id, row);
    }
    for (const id of distinct) {
      if (typeof id === 'string') found.set(id, NO_NUMBER);
    }
    return found;
  }

  private async readKeys(keys: readonly Key[]): Promise<readonly (readonly [ItemId, unknown])[]> {
    try {
      const rows = await this.readRows(keys);
      return rows.map((row) => [row.id as number, row] as const);
    } catch (error) {
      if (!isNoSuchValue(error)) throw error;
      const [only, ...others] = keys;
      if (only && others.length === 0) return [[only.id, new UnreadableRow(unreadable(error))]];
      // One row of these spoils the answer for all of them: it is found by halves.
      const half = Math.ceil(keys.length / 2);
      return [...(await this.readKeys(keys.slice(0, half))), ...(await this.readKeys(keys.slice(half)))];
    }
  }

  private async readRows(keys: readonly Key[]): Promise<readonly Row[]> {
    const found: Row[] = [];
    let pending = keys;
    const readPending = async () => {
      const answer = await this.client.send(
        new BatchGetCommand({ RequestItems: { [this.tableName]: { Keys: [...pending] } } }),
      );
      found.push(...((answer.Responses?.[this.tableName] ?? []) as Row[]));
      pending = (answer.UnprocessedKeys?.[this.tableName]?.Keys ?? []) as Key[];
      if (pending.length > 0) throw new UnprocessedKeys();
    };
    const mayPass = (error: unknown) => error instanceof UnprocessedKeys || isTransient(error);
    await retryTransient(readPending, { ...this.options, shouldRetry: mayPass }).catch((error: unknown) => {
      if (!mayPass(error)) throw error;
      throw new Error(
        `Expected table ${this.tableName} to answer for ${keys.length} recipients, ${pending.length} were still unread ` +
          "after many tries: raise the table's read capacity or run again later.",
        { cause: error },
      );
    });
    return found;
  }
}

const NO_NUMBER = new UnreadableRow(
  'Expected the id of a recipient to be a number, as in the key of the table, got text: list the ids without quotes.',
);

/** A service's refusal says whose fault it is. An error about a value in a good answer has its words only. */
function isNoSuchValue(error: unknown): boolean {
  const { message, $fault } = (error ?? {}) as { readonly message?: unknown; readonly $fault?: unknown };
  return $fault === undefined && NO_SUCH_VALUE.test(String(message));
}

function unreadable(error: unknown): string {
  const words = String((error as Error).message).slice(0, 100);
  return `Expected every column of a recipient to hold a value that can be read, got one of which the SDK says "${words}": correct the row.`;
}
