import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { type Recipient, readRecipient } from '../../../examples/weekly-digest/recipient';
import { Recipients } from '../../../examples/weekly-digest/recipients-table';
import { FastClock } from '../../functions/email/fast-clock';

const TABLE = 'recipients';
const dynamodb = mockClient(DynamoDBDocumentClient);

beforeEach(() => dynamodb.reset());

function setUp() {
  const clock = new FastClock();
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  return { clock, recipients: new Recipients(client, TABLE, { clock, random: () => 0.5, attempts: 4 }) };
}

function recipient(id: number): Recipient {
  return {
    id,
    email: `user.${id}@example.com`,
    name: `User ${id}`,
    locale: 'en',
    unsubscribeToken: `token-${id}`,
    week: { startsOn: '2026-11-16', visits: 1, newFollowers: 2, messages: 3, highlights: [] },
  };
}

function keysOfCalls(): number[][] {
  return dynamodb
    .commandCalls(BatchGetCommand)
    .map((call) => (call.args[0].input.RequestItems?.[TABLE]?.Keys ?? []).map((key) => key.id as number));
}

/** Answers with every key but those that `isUnprocessed` names. */
function answerExcept(isUnprocessed: (id: number) => boolean) {
  return (input: { RequestItems: Record<string, { Keys: { id: number }[] }> }) => {
    const ids = (input.RequestItems[TABLE]?.Keys ?? []).map(({ id }) => id);
    const unprocessed = ids.filter(isUnprocessed).map((id) => ({ id }));
    return {
      Responses: { [TABLE]: ids.filter((id) => !isUnprocessed(id)).map(recipient) },
      ...(unprocessed.length > 0 ? { UnprocessedKeys: { [TABLE]: { Keys: unprocessed } } } : {}),
    };
  };
}

describe('Recipients', () => {
  test('reads a chunk in one call, each id once', async () => {
    dynamodb.on(BatchGetCommand).callsFake(answerExcept(() => false));
    const { recipients } = setUp();

    const found = await recipients.read([3, 1, 3, 2, 1]);

    expect([...found]).toEqual([3, 1, 2].map((id) => [id, recipient(id)]));
    expect(keysOfCalls()).toEqual([[3, 1, 2]]);
  });

  test('leaves ids without a row out of the answer, but not ids that no row can have', async () => {
    dynamodb.on(BatchGetCommand).resolves({ Responses: { [TABLE]: [recipient(1)] } });
    const { recipients } = setUp();

    const found = await recipients.read([1, 2, '3']);

    expect([...found.keys()]).toEqual([1, '3']);
    expect(() => readRecipient(found.get('3'))).toThrow(
      'Expected the id of a recipient to be a number, as in the key of the table, got text: list the ids without quotes.',
    );
    expect(keysOfCalls()).toEqual([[1, 2]]);
  });

  test('makes no call for no ids', async () => {
    const { recipients } = setUp();

    expect((await recipients.read([])).size).toBe(0);
    expect((await recipients.read(['a'])).size).toBe(1);
    expect(dynamodb.calls()).toHaveLength(0);
  });

  test('takes rows as they are: whoever makes a mail looks at them', async () => {
    dynamodb.on(BatchGetCommand).resolves({ Responses: { [TABLE]: [{ id: 1 }, { id: 2, email: null }] } });
    const { recipients } = setUp();

    expect([...(await recipients.read([1, 2]))]).toEqual([
      [1, { id: 1 }],
      [2, { id: 2, email: null }],
    ]);
  });

  test('asks for at most 100 keys a call', async () => {
    dynamodb.on(BatchGetCommand).callsFake(answerExcept(() => false));
    const { recipients } = setUp();

    const found = await recipients.read(Array.from({ length: 250 }, (_, index) => index));

    expect(found.size).toBe(250);
    expect(keysOfCalls().map((keys) => keys.length)).toEqual([100, 100, 50]);
  });

  test('asks again, after growing pauses, for just the keys that were left unprocessed', async () => {
    let calls = 0;
    dynamodb.on(BatchGetCommand).callsFake((input) => {
      calls += 1;
      return answerExcept((id) => id > calls)(input);
    });
    const { recipients, clock } = setUp();

    const found = await recipients.read([1, 2, 3]);

    expect([...found.keys()]).toEqual([1, 2, 3]);
    expect(keysOfCalls()).toEqual([[1, 2, 3], [2, 3], [3]]);
    expect(clock.pauses).toEqual([25, 50]);
  });

  test('tries again when the table throttles the whole call or does not answer', async () => {
    dynamodb
      .on(BatchGetCommand)
      .rejectsOnce(Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' }))
      .rejectsOnce(Object.assign(new Error('socket hang up'), { name: 'TimeoutError' }))
      .callsFake(answerExcept(() => false));
    const { recipients } = setUp();

    expect((await recipients.read([1])).size).toBe(1);
  });

  test('gives up after its tries and says how many recipients are unread', async () => {
    dynamodb.on(BatchGetCommand).callsFake(answerExcept((id) => id > 1));
    const { recipients } = setUp();

    await expect(recipients.read([1, 2, 3])).rejects.toThrow(
      'Expected table recipients to answer for 3 recipients, 2 were still unread after many tries: ' +
        "raise the table's read capacity or run again later.",
    );
    expect(keysOfCalls()).toHaveLength(4);
  });

  test('does not repeat a call that is refused for good', async () => {
    const refused = Object.assign(new Error('Requested resource not found'), {
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
    dynamodb.on(BatchGetCommand).rejects(refused);
    const { recipients } = setUp();

    await expect(recipients.read([1])).rejects.toBe(refused);
    expect(keysOfCalls()).toHaveLength(1);
  });
});
