import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { addOutcome, addReason, type ItemOutcome } from '../../../functions/chain/chunk';
import { NO_COUNTS } from '../../../functions/chain/ledger/records';

/** What comes back of an item that the SDK writes and reads again: the table behind it answers with what it got. */
async function writtenAndRead(Item: Record<string, unknown>): Promise<Record<string, unknown>> {
  const handle = async ({ body }: { readonly body: Uint8Array }) => {
    const written = JSON.parse(new TextDecoder().decode(body)).Item;
    const answer = new TextEncoder().encode(JSON.stringify({ Attributes: written }));
    return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: answer } };
  };
  const client = new DynamoDBClient({
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { handle: handle as never },
    streamCollector: async (stream) => stream as Uint8Array,
  });
  const { Attributes = {} } = await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName: 't', Item }));
  return Attributes;
}

test('no reason is lost that is called like a property of every object: counted, stored, read again and summed', async () => {
  const reasons = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', ''];
  const outcomes = reasons.map((reason): ItemOutcome => ({ outcome: 'skipped', reason }));

  const { skippedBecause } = [...outcomes, ...outcomes].reduce(addOutcome, NO_COUNTS);
  const chain = (await writtenAndRead({ skippedBecause })).skippedBecause as Record<string, number>;
  const sum: Record<string, number> = {};
  for (const [reason, count] of [...Object.entries(chain), ...Object.entries(chain)]) addReason(sum, reason, count);

  expect(Object.entries(JSON.parse(JSON.stringify(sum)))).toEqual(
    ['"constructor"', '"__proto__"', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'no reason'].map(
      (reason) => [reason, 4],
    ),
  );
});
