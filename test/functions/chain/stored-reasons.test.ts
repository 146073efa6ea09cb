import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { addOutcome, addReason, type ItemOutcome, NO_COUNTS } from '../../../functions/contract/outcomes';
import { wireClient } from '../wire-client';

/** What comes back of an item that the SDK writes and reads again: the table behind it answers with what it got. */
async function writtenAndRead(Item: Record<string, unknown>): Promise<Record<string, unknown>> {
  const client = wireClient(({ Item: written }: { readonly Item: object }) => ({ Attributes: written }));
  const { Attributes = {} } = await client.send(new PutCommand({ TableName: 't', Item }));
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
