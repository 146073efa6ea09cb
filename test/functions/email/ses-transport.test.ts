import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { SesTransport } from '../../../functions/email/ses-transport';
import { tagsOf } from '../../../functions/email/trace-tags';

const TRACE = { runId: 'weekly-1', id: 7, chainId: 3, chunk: 12, index: 9 };
const MAIL = { to: 'zoe@example.com', from: 'digest@example.com', raw: Buffer.from('Hello') };
const client = mockClient(SESClient);
beforeEach(() => client.reset().on(SendRawEmailCommand).resolves({ MessageId: 'mail-1' }));

const input = () => client.commandCalls(SendRawEmailCommand)[0]?.args[0].input;

test('a mail of an item is tagged with it, and has the configuration set by which its events come back', async () => {
  const transport = new SesTransport(new SESClient(), { configurationSet: 'digest' });
  expect(await transport.send({ ...MAIL, trace: TRACE })).toEqual({ messageId: 'mail-1' });
  expect(input()).toMatchObject({ ConfigurationSetName: 'digest', Destinations: [MAIL.to], Tags: tagsOf(TRACE) });
});

test('without either, it has neither', async () => {
  await new SesTransport(new SESClient()).send(MAIL);
  expect(Object.keys(input() ?? {}).sort()).toEqual(['Destinations', 'RawMessage']);
});
