import { ServiceError } from '../../../local/aws-service';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { type Answer, ask, call } from './refusals/endpoint';
import { type Row, TABLES } from './refusals/row';
import { ROWS } from './refusals/rows';
import { startDynaliteStore, startEmbeddedStore, type WireStore } from './wire-stores';

function judge({ refusal }: Row, answer: Answer): void {
  if (refusal === undefined) {
    expect(answer).toBeUndefined();
    return;
  }
  const message = refusal.message instanceof RegExp ? expect.stringMatching(refusal.message) : refusal.message;
  expect(answer).toEqual({ name: refusal.name, message });
}

test('every sentence is said once', () => {
  const sentences = ROWS.map(({ sentence }) => sentence);
  expect(new Set(sentences).size).toBe(sentences.length);
});

describe('the in-memory store', () => {
  const store = new MemoryDynamoDB(TABLES);
  const send = async (operation: string, input: object): Promise<Answer> => {
    try {
      await store.handle(operation.replace('Item', ''), documentShape(input));
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { name: error.name, message: error.message };
    }
  };

  test.each(ROWS.filter(({ wireOnly }) => wireOnly === undefined).map((row) => [row.sentence, row] as const))(
    '%s',
    async (_, row) => judge(row, await ask(send, row)),
  );
});

describe.each([
  ['the store behind the wire protocol', startEmbeddedStore],
  ['dynalite behind its guard', startDynaliteStore],
])('%s', (_name, start) => {
  let store: WireStore;

  beforeAll(async () => {
    store = await start(TABLES);
  });

  afterAll(() => store.close());

  test.each(ROWS.map((row) => [row.sentence, row] as const))('%s', async (_, row) => {
    judge(row, await ask((operation, input) => call(store.url, operation, input), row));
  });
});

/** The input as a caller of the document client writes it. */
function documentShape(input: object): Record<string, unknown> {
  const shaped: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (['Key', 'Item', 'ExpressionAttributeValues', 'ExclusiveStartKey'].includes(name)) {
      shaped[name] = plain(value);
    } else if (name === 'Keys') {
      shaped[name] = value.map(plain);
    } else if (
      ['RequestItems', 'PutRequest', 'DeleteRequest'].includes(name) ||
      TABLES.some(({ tableName }) => tableName === name) ||
      name === 'unknown'
    ) {
      shaped[name] = Array.isArray(value) ? value.map(documentShape) : documentShape(value);
    } else shaped[name] = value;
  }
  return shaped;
}

function plain(values: object): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plainValue(value)]));
}

type Wire = Readonly<Record<string, unknown>>;

function plainValue(value: Wire): unknown {
  const [[type, content]] = Object.entries(value) as [[string, unknown]];
  switch (type) {
    case 'N':
      return Number(content);
    case 'B':
      return Buffer.from(content as string, 'base64');
    case 'NULL':
      return null;
    case 'L':
      return (content as Wire[]).map(plainValue);
    case 'M':
      return plain(content as object);
    default:
      return content;
  }
}
