/**
 * The job of the scenarios: it notes in a table each item that it is through with, so that anybody who may read the table can
 * count who was processed twice. Items whose ids begin with `mail-` get a mail at SES's mailbox simulator, which costs nobody's
 * reputation; those that begin with `refused-` one to what is no address anywhere.
 */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { defineJob, dynamoDb, env, type ItemId, ses, table, variable } from 'worker-chains';

export default defineJob<{ readonly to?: string }>({
  name: 'smoke',
  source: table({ name: env('ITEMS_TABLE'), key: 'id' }),
  load: async (ids) => new Map(ids.map((id) => [id, recipientOf(id)])),
  // First what gives runs their rate: an account in the sandbox sends one mail a second.
  providers: { deeds: { rate: 200, concurrency: 50 }, mail: ses() },
  // A list of a few items may be half of refused ones.
  tolerate: { unprocessed: 1 },
  async process({ to }, { id, send, call }) {
    if (to !== undefined) {
      await send({
        ...{ to, subject: 'Smoke', html: '<p>A test of worker chains.</p>', text: 'A test of worker chains.' },
        unsubscribeUrl: 'https://example.com/unsubscribe',
      });
    }
    await call('deeds', async () => {
      const update = { UpdateExpression: 'ADD deeds :one', ExpressionAttributeValues: { ':one': 1 } };
      await dynamoDb().send(
        new UpdateCommand({ TableName: variable('DEEDS_TABLE'), Key: { id: String(id) }, ...update }),
      );
    });
  },
});

function recipientOf(id: ItemId): { readonly to?: string } {
  if (String(id).startsWith('mail-')) return { to: `success+${id}@simulator.amazonses.com` };
  return String(id).startsWith('refused-') ? { to: 'nobody..at@all' } : {};
}
