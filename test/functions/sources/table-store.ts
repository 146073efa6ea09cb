import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../../functions/contract/clock';
import type { SourceItem, SourcePlan } from '../../../functions/contract/source';
import { tableSource } from '../../../functions/sources/table';
import type { TableOptions } from '../../../functions/sources/table-options';
import type { TableDependencies } from '../../../functions/sources/table-reader';
import { ServiceError } from '../../../local/aws-service';
import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';
import type { TableDefinition } from '../../../local/dynamodb/memory-table';

export type Wire = Readonly<Record<string, { readonly [type: string]: unknown }>>;

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/**
 * The embedded DynamoDB in this process, and the SDK's own client before it, as the functions have it: numbers come as
 * text. Values are put as they are on the wire, so that a number may have 38 digits.
 */
export class TableStore {
  readonly dynamodb = new DynamoDB({ clock: { now: () => 0 } });
  readonly calls: Call[] = [];
  /** Answers of single calls in the place of the store's, the next one first: an error, or what it makes of the answer. */
  readonly answers: (Error | ((answer: Record<string, unknown>) => Record<string, unknown>))[] = [];
  readonly client: DynamoDBDocumentClient;

  private constructor(readonly definition: TableDefinition) {
    const plain = new DynamoDBClient({
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: { handle: (request: never) => this.answer(request) } as never,
      streamCollector: async (stream) => stream as Uint8Array,
    });
    this.client = DynamoDBDocumentClient.from(plain, { unmarshallOptions: { wrapNumbers: true } });
  }

  static async open(definition: Partial<TableDefinition> = {}): Promise<TableStore> {
    const store = new TableStore({ tableName: 'users', hashKey: 'id', ...definition });
    await store.create();
    return store;
  }

  async create(): Promise<void> {
    const { tableName: TableName, hashKey, hashKeyType = 'S', rangeKey, rangeKeyType = 'S' } = this.definition;
    const keys = [
      { name: hashKey, type: hashKeyType, role: 'HASH' },
      ...(rangeKey === undefined ? [] : [{ name: rangeKey, type: rangeKeyType, role: 'RANGE' }]),
    ];
    await this.dynamodb.handle('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: keys.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
    });
  }

  put(Item: Wire): Promise<unknown> {
    return this.dynamodb.handle('PutItem', { TableName: this.definition.tableName, Item });
  }

  delete(Key: Wire): Promise<unknown> {
    return this.dynamodb.handle('DeleteItem', { TableName: this.definition.tableName, Key });
  }

  /** With 5 segments, where nothing else is said, so that most of a small table's have rows. */
  source(options: Partial<TableOptions> = {}, dependencies: Partial<TableDependencies> = {}) {
    const { tableName: name, hashKey: key } = this.definition;
    return tableSource(
      { name, key, ...options },
      {
        ...{ client: () => this.client, clock: systemClock, random: () => 0, fewestSegments: 5 },
        ...dependencies,
      },
    );
  }

  /** Inputs of an operation, in the order of its calls. */
  inputsOf(operation: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  private async answer({ headers, body }: { headers: Record<string, string>; body: string | Uint8Array }) {
    const operation = String(headers['x-amz-target']).split('.')[1] as string;
    const input = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
    this.calls.push({ operation, input });
    const instead = this.answers.shift();
    try {
      if (instead instanceof Error) throw instead;
      const answer = await this.dynamodb.handle(operation, input);
      return respond(200, instead ? instead(answer) : answer);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return respond(400, { __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message });
    }
  }
}

function respond(statusCode: number, answer: object) {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { response: { statusCode, headers, body: new TextEncoder().encode(JSON.stringify(answer)) } };
}

type TableSource = ReturnType<TableStore['source']>;

/** A plan as the ledger keeps it. */
export async function planOf(source: TableSource): Promise<SourcePlan> {
  return JSON.parse(JSON.stringify(await source.plan({ job: 'any' })));
}

/** Everything that a source gives, read by one chain, in the order of the ids as text. */
export async function itemsOf(source: TableSource, limit = 100): Promise<readonly SourceItem[]> {
  const plan = await planOf(source);
  const found: SourceItem[] = [];
  for (let cursor = plan.start; source.compare(cursor, plan.end) < 0; ) {
    const page = await source.read(plan, cursor, plan.end, limit);
    found.push(...(page.items ?? []));
    cursor = page.next;
  }
  return found.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
}

/** A store with these rows. */
export async function filled(rows: readonly Wire[], definition: Partial<TableDefinition> = {}): Promise<TableStore> {
  const store = await TableStore.open(definition);
  for (const row of rows) await store.put(row);
  return store;
}

/** Rows of a table with text keys: `u0`, `u1`, … */
export function texts(count: number): Wire[] {
  return Array.from({ length: count }, (_, index) => ({ id: { S: `u${index}` } }));
}

/** Rows of a table with number keys. */
export function numbers(...digits: string[]): Wire[] {
  return digits.map((N) => ({ id: { N } }));
}
