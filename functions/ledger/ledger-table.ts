import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { errorName, isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { retry } from '../contract/retry';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

type Attributes = Record<string, unknown>;

/** A condition on an item, in DynamoDB's expression language; names are written `#name`, values `:name`. */
export interface Condition {
  readonly expression: string;
  readonly values?: Attributes;
}

export interface TableOptions {
  readonly client: Pick<DynamoDBDocumentClient, 'send'>;
  readonly tableName: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** For so long a call is repeated. @default - 10 minutes */
  readonly patienceMilliseconds?: number;
}

/**
 * The ledger's table: single-item calls that are repeated, for ten minutes unless told otherwise, until they are answered. A conditional write
 * is told apart from its own echo: when a write took effect but its answer was lost, the retry meets its own condition, so
 * every refused condition is followed by a consistent read and `isMine` decides.
 */
export class LedgerTable {
  constructor(private readonly options: TableOptions) {}

  async get(key: Key): Promise<Attributes | undefined> {
    const { tableName: TableName } = this.options;
    const answer = await this.call(new GetCommand({ TableName, Key: key, ConsistentRead: true }));
    return answer.Item;
  }

  /**
   * What stands under these keys, 100 at most, in any order; eventually consistent, which costs half. Asked for two seconds
   * at most: a mail waits for the answer.
   */
  async batchGet(keys: readonly Key[]): Promise<readonly Attributes[]> {
    const { tableName } = this.options;
    const found: Attributes[] = [];
    // What DynamoDB leaves unprocessed is asked for again, for as long as anything is.
    let asked: readonly Key[] = keys;
    while (asked.length > 0) {
      const Keys = asked.map(({ pk, sk }) => ({ pk, sk }));
      const { left, items } = await this.repeated(() => this.batchOnce(tableName, Keys), 2000);
      found.push(...items);
      asked = left;
    }
    return found;
  }

  private async batchOnce(tableName: string, Keys: Attributes[]) {
    const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys } } });
    const { Responses, UnprocessedKeys } = await this.options.client.send(command);
    const items = Responses?.[tableName] ?? [];
    const left = (UnprocessedKeys?.[tableName]?.Keys ?? []) as unknown as Key[];
    // Nothing at all was processed: a throttle, to be waited out as one.
    if (left.length === Keys.length) {
      throw Object.assign(new Error('DynamoDB processed none of the keys.'), { name: 'ThrottlingException' });
    }
    return { items, left };
  }

  /** Adds to numbers that may not be there yet, and sets `values`. Repeated after an answer that was lost, it adds twice. */
  async add(key: Key, amounts: Readonly<Record<string, number>>, values: Attributes = {}): Promise<void> {
    // Numbered: a name may have what a placeholder may not.
    const added = Object.entries(amounts).map(([name, amount], index) => ({
      term: `add${index}`,
      name,
      value: amount,
    }));
    const set = Object.entries(values).map(([name, value], index) => ({ term: `set${index}`, name, value }));
    const adds = added.map(({ term }) => `#${term} :${term}`);
    const sets = set.map(({ term }) => `#${term} = :${term}`);
    await this.call(
      new UpdateCommand({
        TableName: this.options.tableName,
        Key: key,
        UpdateExpression: `ADD ${adds.join(', ')}${sets.length > 0 ? ` SET ${sets.join(', ')}` : ''}`,
        ExpressionAttributeNames: Object.fromEntries([...added, ...set].map(({ term, name }) => [`#${term}`, name])),
        ExpressionAttributeValues: Object.fromEntries([...added, ...set].map(({ term, value }) => [`:${term}`, value])),
      }),
    );
  }

  /** Takes attributes away from an item; nothing happens where there is none. */
  async remove(key: Key, names: readonly string[]): Promise<void> {
    const command = new UpdateCommand({
      TableName: this.options.tableName,
      Key: key,
      UpdateExpression: `REMOVE ${names.map((_, index) => `#remove${index}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: {
        '#pk': 'pk',
        ...Object.fromEntries(names.map((name, index) => [`#remove${index}`, name])),
      },
    });
    try {
      await this.call(command);
    } catch (error) {
      if (!isRefusedCondition(error)) throw error;
    }
  }

  /** Writes `item` if `condition` holds. Answers what stands in the table afterwards: `item`, or what refused it. */
  async put(
    key: Key,
    item: Attributes,
    condition: Condition,
    isMine: (stored: Attributes) => boolean,
  ): Promise<{ readonly written: boolean; readonly stored: Attributes | undefined }> {
    const stored = { ...item, ...key };
    const { tableName: TableName } = this.options;
    const command = new PutCommand({ TableName, Item: stored, ...conditionParameters(condition) });
    return this.conditional(key, isMine, async () => {
      await this.call(command);
      return stored;
    });
  }

  /** Sets `values` if `condition` holds. Answers the item as it stands in the table afterwards. */
  async update(
    key: Key,
    values: Attributes,
    condition: Condition,
    isMine: (stored: Attributes) => boolean,
  ): Promise<{ readonly written: boolean; readonly stored: Attributes | undefined }> {
    const command = this.updateCommand(key, values, condition);
    return this.conditional(key, isMine, async () => (await this.call(command)).Attributes);
  }

  /**
   * Sets `values` and adds 1 to the number `counter` if `condition` holds; false where it does not. Repeated after an answer
   * that was lost, it counts twice. Asked for two seconds at most: a mail waits for the answer.
   */
  async setAndCount(key: Key, values: Attributes, counter: string, condition: Condition): Promise<boolean> {
    const command = this.updateCommand(key, values, condition, { counter });
    return holds(this.repeated(() => this.options.client.send(command), 2000));
  }

  /** Sets `values` if `condition` holds, in one call, however that comes out; false where it does not hold. */
  async tryOnce(key: Key, values: Attributes, condition: Condition): Promise<boolean> {
    return holds(this.options.client.send(this.updateCommand(key, values, condition)));
  }

  async delete(key: Key, condition: Condition): Promise<void> {
    const { tableName: TableName } = this.options;
    const command = new DeleteCommand({ TableName, Key: key, ...conditionParameters(condition) });
    try {
      await this.call(command);
    } catch (error) {
      if (!isRefusedCondition(error)) throw error;
    }
  }

  /** One page of a partition's items whose sort key begins with `prefix`, in order; an empty prefix asks for all of them. */
  async query(
    pk: string,
    prefix: string,
    page: { readonly after?: string; readonly limit?: number } = {},
  ): Promise<{ readonly items: readonly Attributes[]; readonly next?: string }> {
    // DynamoDB refuses an empty string as operand of a key condition.
    const begins = prefix !== '';
    const answer = await this.call(
      new QueryCommand({
        TableName: this.options.tableName,
        KeyConditionExpression: begins ? '#pk = :pk AND begins_with(#sk, :prefix)' : '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk', ...(begins && { '#sk': 'sk' }) },
        ExpressionAttributeValues: { ':pk': pk, ...(begins && { ':prefix': prefix }) },
        ConsistentRead: true,
        ...(page.limit === undefined ? {} : { Limit: page.limit }),
        ...(page.after === undefined ? {} : { ExclusiveStartKey: { pk, sk: page.after } }),
      }),
    );
    return { items: answer.Items ?? [], next: answer.LastEvaluatedKey?.sk as string | undefined };
  }

  /** Every item of a partition whose sort key begins with `prefix`, in order, page by page. */
  async *scan(pk: string, prefix: string, after?: string): AsyncGenerator<Attributes> {
    let next = after;
    do {
      const page = await this.query(pk, prefix, next === undefined ? {} : { after: next });
      yield* page.items;
      next = page.next;
    } while (next !== undefined);
  }

  private updateCommand(key: Key, values: Attributes, condition: Condition, added: { readonly counter?: string } = {}) {
    const { counter } = added;
    const names = Object.keys(values);
    const parameters = conditionParameters(condition);
    const set = `SET ${names.map((name) => `#${name} = :set_${name}`).join(', ')}`;
    return new UpdateCommand({
      TableName: this.options.tableName,
      Key: key,
      UpdateExpression: counter === undefined ? set : `${set} ADD #${counter} :added`,
      ConditionExpression: parameters.ConditionExpression,
      // Several times as fast as a spread of all of them, and nothing is written more often.
      ExpressionAttributeNames: Object.assign(
        Object.fromEntries(names.map((name) => [`#${name}`, name])),
        parameters.ExpressionAttributeNames,
        counter !== undefined && { [`#${counter}`]: counter },
      ),
      ExpressionAttributeValues: Object.assign(
        Object.fromEntries(names.map((name) => [`:set_${name}`, values[name]])),
        parameters.ExpressionAttributeValues,
        counter !== undefined && { ':added': 1 },
      ),
      ReturnValues: 'ALL_NEW',
    });
  }

  private async conditional(
    key: Key,
    isMine: (stored: Attributes) => boolean,
    write: () => Promise<Attributes | undefined>,
  ) {
    try {
      return { written: true, stored: await write() };
    } catch (error) {
      if (!isRefusedCondition(error)) throw error;
      const stored = await this.get(key);
      return { written: stored !== undefined && isMine(stored), stored };
    }
  }

  /** Every call of the ledger may be repeated: reads as they are, writes because their condition recognizes them. */
  private readonly call: DynamoDBDocumentClient['send'] = ((command: never) =>
    this.repeated(() => this.options.client.send(command))) as DynamoDBDocumentClient['send'];

  private repeated<Result>(operation: () => Promise<Result>, forMilliseconds?: number): Promise<Result> {
    const { clock, random, patienceMilliseconds } = this.options;
    const patience = forMilliseconds ?? patienceMilliseconds;
    return retry(operation, {
      clock,
      random,
      shouldRetry: isTransient,
      ...(patience && { forMilliseconds: patience }),
    });
  }
}

/** Whether the condition of a write held. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!isRefusedCondition(error)) throw error;
    return false;
  }
}

function isRefusedCondition(error: unknown): boolean {
  return errorName(error) === 'ConditionalCheckFailedException';
}

function conditionParameters(condition: Condition) {
  const names = [...new Set(condition.expression.match(/#\w+/g) ?? [])];
  return {
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    ...(condition.values && {
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(condition.values).map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  };
}
