import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isTransient } from '../chain/aws-errors';
import type { Clock } from '../chain/clock';
import type { ItemId } from '../chain/contract';
import { retry } from '../chain/retry';

/** A row of the recipients table; its key is the number `id`. */
export interface Recipient {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  /** BCP 47, for instance `pt-BR`. */
  readonly locale: string;
  readonly unsubscribed?: boolean;
  /** Names the recipient in unsubscribe links: not guessable, unlike the id. */
  readonly unsubscribeToken: string;
  readonly week: RecipientWeek;
}

/** What happened in the recipient's week. */
export interface RecipientWeek {
  /** Monday of the week, `YYYY-MM-DD`. */
  readonly startsOn: string;
  readonly visits: number;
  readonly newFollowers: number;
  readonly messages: number;
  readonly highlights: readonly Highlight[];
}

export interface Highlight {
  readonly title: string;
  readonly views: number;
}

export interface RecipientsOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1): jitter. */
  readonly random: () => number;
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

/** The recipients table, read in bulk: one BatchGetItem for a chunk's ids, eventually consistent. */
export class Recipients {
  constructor(
    private readonly client: Pick<DynamoDBDocumentClient, 'send'>,
    private readonly tableName: string,
    private readonly options: RecipientsOptions,
  ) {}

  /**
   * Reads the recipients of these ids. An id without a row is absent from the answer, as is an id that is no number,
   * which a table with a number key cannot hold.
   *
   * @throws if DynamoDB leaves keys unprocessed, or fails, in every try of ten minutes; and at once on a definite error.
   */
  async read(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Recipient>> {
    const found = new Map<ItemId, Recipient>();
    // BatchGetItem refuses a call that names a key twice.
    const distinct = [...new Set(ids)].filter((id) => typeof id === 'number');
    for (let start = 0; start < distinct.length; start += KEYS_PER_CALL) {
      const keys = distinct.slice(start, start + KEYS_PER_CALL).map((id) => ({ id }));
      for (const recipient of await this.readKeys(keys)) found.set(recipient.id, recipient);
    }
    return found;
  }

  private async readKeys(keys: readonly Key[]): Promise<readonly Recipient[]> {
    const { clock, random, attempts } = this.options;
    const found: Recipient[] = [];
    let pending = keys;
    const readPending = async () => {
      const answer = await this.client.send(
        new BatchGetCommand({ RequestItems: { [this.tableName]: { Keys: [...pending] } } }),
      );
      found.push(...((answer.Responses?.[this.tableName] ?? []) as Recipient[]));
      pending = (answer.UnprocessedKeys?.[this.tableName]?.Keys ?? []) as Key[];
      if (pending.length > 0) throw new UnprocessedKeys();
    };
    const mayPass = (error: unknown) => error instanceof UnprocessedKeys || isTransient(error);
    const options = { clock, random, ...(attempts !== undefined && { attempts }), shouldRetry: mayPass };
    await retry(readPending, options).catch((error: unknown) => {
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
