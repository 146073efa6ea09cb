import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, type BatchWriteCommandInput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { digestFor } from '../../../examples/weekly-digest/mail';
import type { Recipient } from '../../../examples/weekly-digest/recipient';
import { recipientFor, recipients, seedRecipients } from '../../../examples/weekly-digest/seed';
import { normalizeAddress } from '../../../functions/email/address';
import { FastClock } from '../../functions/email/fast-clock';
import { DIGEST_WORDS } from './digest-words';

const ALL = [...recipients({ first: 1, last: 10_000, seed: 7 })];

describe('recipients', () => {
  test('are the same for the same seed, one by one and in a row, and others for another seed', () => {
    expect([...recipients({ first: 50, last: 60, seed: 7 })]).toEqual(
      Array.from({ length: 11 }, (_, index) => recipientFor(50 + index, 7)).filter((one) => one !== undefined),
    );
    expect(recipientFor(50, 8)).not.toEqual(recipientFor(50, 7));
    expect(recipientFor(2 ** 32 + 50, 7)).not.toEqual({ ...recipientFor(50, 7), id: 2 ** 32 + 50 });
  });

  test('one in a hundred is missing, three in a hundred have unsubscribed', () => {
    const missing = 10_000 - ALL.length;
    const unsubscribed = ALL.filter((recipient) => recipient.unsubscribed).length;

    expect(missing).toBeGreaterThan(60);
    expect(missing).toBeLessThan(140);
    expect(unsubscribed).toBeGreaterThan(230);
    expect(unsubscribed).toBeLessThan(370);
  });

  test('live at reserved example domains only, each at an address of its own', () => {
    for (const { email } of ALL) {
      expect(email).toMatch(/@(example\.(com|org|net)|[a-z]+\.example)$/);
      expect(normalizeAddress(email)).toBe(email);
    }
    expect(new Set(ALL.map(({ email }) => email)).size).toBe(ALL.length);
    expect(new Set(ALL.map(({ unsubscribeToken }) => unsubscribeToken)).size).toBe(ALL.length);
  });

  test('speak every language of the digest, have names beyond ASCII, and some a plus address', () => {
    const share = (holds: (recipient: Recipient) => boolean) => ALL.filter(holds).length / ALL.length;

    expect(new Set(ALL.map(({ locale }) => locale))).toEqual(new Set(Object.keys(DIGEST_WORDS)));
    expect(share(({ name }) => /[^ -~]/.test(name))).toBeGreaterThan(0.5);
    expect(share(({ email }) => email.includes('+'))).toBeGreaterThan(0.1);
    expect(share(({ week }) => week.highlights.length === 0)).toBeGreaterThan(0.1);
  });

  test('all get a digest', () => {
    for (const recipient of ALL.slice(0, 500)) {
      expect(digestFor(recipient, 'https://example.com/unsubscribe').text).toContain(recipient.name);
    }
  });
});

describe('seedRecipients', () => {
  const dynamodb = mockClient(DynamoDBDocumentClient);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  beforeEach(() => dynamodb.reset());

  const options = () => ({ first: 1, last: 1000, seed: 7, clock: new FastClock(), random: () => 0.5 });
  const items = (input: BatchWriteCommandInput) =>
    (input.RequestItems?.recipients ?? []).map((request) => request.PutRequest?.Item as Recipient);
  const expected = [...recipients(options())];

  test('writes every recipient of the range once, 25 a call, at most 4 calls at a time', async () => {
    const written: Recipient[] = [];
    let inFlight = 0;
    let most = 0;
    dynamodb.on(BatchWriteCommand).callsFake(async (input: BatchWriteCommandInput) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((answered) => setImmediate(answered));
      inFlight -= 1;
      expect(items(input).length).toBeLessThanOrEqual(25);
      written.push(...items(input));
      return {};
    });

    expect(await seedRecipients(client, 'recipients', options())).toBe(expected.length);

    expect(written.sort((a, b) => a.id - b.id)).toEqual(expected);
    expect(dynamodb.calls()).toHaveLength(Math.ceil(expected.length / 25));
    expect(most).toBe(4);
  });

  test('writes again what the table left unprocessed or throttled', async () => {
    const written = new Set<number>();
    let calls = 0;
    dynamodb.on(BatchWriteCommand).callsFake(async (input: BatchWriteCommandInput) => {
      calls += 1;
      if (calls % 7 === 0) throw Object.assign(new Error('slow'), { name: 'ProvisionedThroughputExceededException' });
      const requests = input.RequestItems?.recipients ?? [];
      const taken = calls % 2 === 0 ? 10 : requests.length;
      for (const item of items(input).slice(0, taken)) written.add(item.id);
      const left = requests.slice(taken);
      return left.length > 0 ? { UnprocessedItems: { recipients: left } } : {};
    });

    await seedRecipients(client, 'recipients', options());

    expect(written).toEqual(new Set(expected.map(({ id }) => id)));
  });

  test('gives up with one sentence when the table takes nothing', async () => {
    dynamodb.on(BatchWriteCommand).callsFake(async (input: BatchWriteCommandInput) => ({
      UnprocessedItems: input.RequestItems,
    }));

    await expect(seedRecipients(client, 'recipients', options())).rejects.toThrow(
      'Expected table recipients to take 25 recipients within 10 tries, 25 were still unwritten: ' +
        'raise its write capacity or seed again later.',
    );
  });
});
