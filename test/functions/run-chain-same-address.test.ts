import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { SendTaskHeartbeatCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import 'aws-sdk-client-mock-jest';
import { handler } from '../../functions/run-chain';
import { storeRun } from './chain/fixture';
import { addRecipients, freshTables, Output, ses, sfn } from './handler-world';

jest.mock('#job', () => {
  const { default: job } = jest.requireActual('#job');
  return { __esModule: true, default: { ...job, mail: { sameAddress: 'skip' } } };
});

it('RunChain sends one mail to an address that three items have, if its job says so', async () => {
  new Output().listen();
  const { ledger, tables } = freshTables();
  sfn.on(SendTaskHeartbeatCommand).resolves({});
  sfn.on(SendTaskSuccessCommand).resolves({});
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'mail-1' });
  const plan = { start: 1, end: 5, items: 4 };
  await storeRun(ledger, { job: 'weekly-digest', plan, partitions: [plan], rate: 100_000 });
  await addRecipients(tables, [1, 2, 3, 4]);
  for (const [id, email] of [
    [2, 'user.1@EXAMPLE.com'],
    [4, '"user.1"@example.com.'],
  ] as const) {
    await tables.handle('Update', {
      ...{ TableName: 'recipients', Key: { id }, UpdateExpression: 'SET #email = :email' },
      ...{ ExpressionAttributeNames: { '#email': 'email' }, ExpressionAttributeValues: { ':email': email } },
    });
  }

  const context = { functionName: 'run-chain', getRemainingTimeInMillis: () => 900_000 } as Context;
  const event = { runId: 'run-1', chainId: 0, epoch: 0, link: 0, taskToken: 'token-1' };
  expect(await handler(event, context)).toMatchObject({ end: 'finished' });

  const destinations = ses.commandCalls(SendRawEmailCommand).map(({ args }) => args[0].input.Destinations);
  expect(destinations).toEqual([['user.1@example.com'], ['user.3@example.com']]);
  expect(await ledger.readChains('run-1')).toMatchObject([
    { done: 2, skipped: 2, skippedBecause: { 'same-address': 2 } },
  ]);
});
