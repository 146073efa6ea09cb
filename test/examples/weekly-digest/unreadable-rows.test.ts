import { readRecipient, UnreadableRow } from '../../../examples/weekly-digest/recipient';
import { Recipients } from '../../../examples/weekly-digest/recipients-table';
import { FastClock } from '../../functions/email/fast-clock';
import { wireClient } from '../../functions/wire-client';

type Attributes = Readonly<Record<string, unknown>>;

interface BatchGetRequest {
  readonly RequestItems: { readonly recipients: { readonly Keys: readonly { readonly id: { readonly N: string } }[] } };
}

/** A table behind the SDK's own client, which reads what is on the wire. Answers the keys that were asked for. */
function tableOf(rows: Readonly<Record<number, Attributes>>) {
  const calls: number[][] = [];
  const documents = wireClient(({ RequestItems }: BatchGetRequest) => {
    const keys = RequestItems.recipients.Keys;
    calls.push(keys.map(({ id }) => Number(id.N)));
    const found = keys.flatMap(({ id }) => (rows[Number(id.N)] ? [{ id, ...rows[Number(id.N)] }] : []));
    return { Responses: { recipients: found }, UnprocessedKeys: {} };
  });
  return { calls, recipients: new Recipients(documents, 'recipients', { clock: new FastClock(), random: () => 0 }) };
}

const FINE = { name: { S: 'Zoë' } };

describe('a row that the SDK cannot read', () => {
  test.each([
    ['a number with a fraction and more digits than JavaScript has', { N: '12345678901234567.5' }],
    ['a number beyond what JavaScript counts in, with an exponent', { N: '1E+30' }],
    ['a value of a type that is not known', { X: 'new' }],
    ['a value without a type', {}],
  ])('because of %s costs its own item, and no other', async (_, value) => {
    const rows = Object.fromEntries(Array.from({ length: 100 }, (_row, id) => [id, FINE]));
    const { recipients } = tableOf({ ...rows, 42: { visits: value } });

    const found = await recipients.read(Array.from({ length: 100 }, (_row, id) => id));

    expect(found.size).toBe(100);
    expect([...found].filter(([, row]) => row instanceof UnreadableRow).map(([id]) => id)).toEqual([42]);
    expect(found.get(41)).toEqual({ id: 41, name: 'Zoë' });
    expect(() => readRecipient(found.get(42))).toThrow('Expected every column of a recipient to hold a value');
  });

  test('is found by halves', async () => {
    const { recipients, calls } = tableOf({ 0: FINE, 1: FINE, 2: { visits: { N: '0.5E+30' } }, 3: FINE });

    await recipients.read([0, 1, 2, 3]);

    expect(calls).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [2], [3]]);
  });

  test('is no number that is only large: that is read, and refused with its column', async () => {
    const { recipients } = tableOf({ 1: { email: { N: '12345678901234567890' } } });

    const found = await recipients.read([1]);

    expect(() => readRecipient(found.get(1))).toThrow(
      'Expected column `email` of a recipient to be text, got the bigint',
    );
  });
});
