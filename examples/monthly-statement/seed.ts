import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Seed } from 'worker-chains';

/** DynamoDB's limit for one BatchWriteItem. */
const ROWS_PER_CALL = 25;
/** Of Crockford's base 32, as ULIDs are written. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: the time of the customer's sign-up, an hour after that of the one before, and sixteen digits of its own. */
export function ulid(number: number): string {
  return base32(Date.UTC(2020, 0, 1) + number * 3_600_000, 10) + base32(number * 2_654_435_761, 16);
}

/** Every hundredth has no address. */
export function customer(number: number) {
  return {
    id: ulid(number),
    name: `Reader ${number}`,
    ...(number % 100 !== 0 && { email: `reader.${number}@example.com` }),
    balanceCents: (number * 7919) % 100_000,
    token: base32(number * 40_503, 8),
  };
}

/** `CUSTOMERS=10000` makes so many. */
const seed: Seed = async ({ environment }) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const customers = Number(process.env.CUSTOMERS ?? 2000);
  const table = environment.CUSTOMERS_TABLE as string;
  for (let first = 1; first <= customers; first += ROWS_PER_CALL) {
    const rows = Array.from({ length: Math.min(ROWS_PER_CALL, customers - first + 1) }, (_, index) =>
      customer(first + index),
    );
    const requests = rows.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
  client.destroy();
};

export default seed;

function base32(value: number, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest = Math.floor(rest / 32)) digits = DIGITS[rest % 32] + digits;
  return digits;
}
