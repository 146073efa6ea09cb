import {
  GetAccountSendingEnabledCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  ListIdentitiesCommand,
  ListTemplatesCommand,
  MessageRejected,
  SESClient,
  SendEmailCommand,
  SendRawEmailCommand,
  UpdateAccountSendingEnabledCommand,
  VerifyDomainIdentityCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import { ServiceError } from '../../../local/aws-service';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { clientOptions, FakeService } from './fake-service';

let service: FakeService;
let server: HttpServer;
let client: SESClient;

beforeEach(async () => {
  service = new FakeService();
  server = await startHttpServer({ port: 0, services: { ses: service } });
  client = new SESClient(clientOptions(server.url));
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test.each([
  [
    new SendRawEmailCommand({
      Source: 'Zoë <zoe@example.com>',
      Destinations: Array.from({ length: 12 }, (_, n) => `user${n}@example.com`),
      RawMessage: { Data: everyByte },
    }),
    { MessageId: 'message-1' },
  ],
  [new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('To: a@example.com') } }), { MessageId: 'm' }],
  [
    new SendEmailCommand({
      Source: 'a@example.com',
      Destination: { ToAddresses: ['b@example.com'], CcAddresses: ['c@example.com', 'd@example.com'] },
      Message: { Subject: { Data: 'a+b & c=d' }, Body: { Text: { Data: 'é\r\n😀', Charset: 'UTF-8' } } },
    }),
    { MessageId: 'message-2' },
  ],
  [new GetSendQuotaCommand({}), { Max24HourSend: -1, MaxSendRate: 14.5, SentLast24Hours: 3 }],
  [
    new GetSendStatisticsCommand({}),
    {
      SendDataPoints: [
        { Timestamp: new Date('2026-11-02T06:00:00Z'), DeliveryAttempts: 5, Bounces: 0, Complaints: 1, Rejects: 0 },
        { Timestamp: new Date('2026-11-02T06:15:00Z'), DeliveryAttempts: 7, Bounces: 0, Complaints: 0, Rejects: 2 },
      ],
    },
  ],
  [new VerifyEmailIdentityCommand({ EmailAddress: 'a@example.com' }), {}],
  [new VerifyDomainIdentityCommand({ Domain: 'example.com' }), { VerificationToken: 't<o>&k"en' }],
  [new ListIdentitiesCommand({ IdentityType: 'Domain', MaxItems: 5 }), { Identities: ['example.com'], NextToken: 'n' }],
  [
    new GetIdentityVerificationAttributesCommand({ Identities: ['example.com', 'a@example.com'] }),
    {
      VerificationAttributes: {
        'example.com': { VerificationStatus: 'Success', VerificationToken: 'token' },
        'a@example.com': { VerificationStatus: 'Pending' },
      },
    },
  ],
  [new GetAccountSendingEnabledCommand({}), { Enabled: false }],
  [new UpdateAccountSendingEnabledCommand({ Enabled: true }), {}],
])('%s travels there and back', async (command, output) => {
  const operation = command.constructor.name.replace(/Command$/, '');
  service.on(operation, output);
  const { $metadata, ...received } = await client.send(command as GetSendQuotaCommand);
  const sent = command.input as { RawMessage?: { Data: Uint8Array } };
  const RawMessage = sent.RawMessage && { Data: new Uint8Array(sent.RawMessage.Data) };
  expect(service.calls).toEqual([{ operation, input: { ...sent, ...(RawMessage && { RawMessage }) } }]);
  expect(received).toEqual(output);
  expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('empty lists and maps arrive as such', async () => {
  service.on('ListIdentities', { Identities: [] });
  expect((await client.send(new ListIdentitiesCommand({}))).Identities).toEqual([]);
  service.on('GetIdentityVerificationAttributes', { VerificationAttributes: {} });
  const { VerificationAttributes } = await client.send(
    new GetIdentityVerificationAttributesCommand({ Identities: ['example.com'] }),
  );
  expect(VerificationAttributes).toEqual({});
});

test.each([
  ['Throttling', 'Maximum sending rate exceeded.', 400],
  ['Throttling', 'Daily message quota exceeded.', 400],
  ['InvalidParameterValue', 'Domain contains <control> or "whitespace" & more', 400],
  ['AccountSendingPausedException', 'Email sending is disabled for this account.', 400],
  ['InternalFailure', 'Broken.', 500],
])('%s arrives by its name: %s', async (name, message, status) => {
  service.on('SendRawEmail', new ServiceError(name, message, status));
  await expect(client.send(new SendRawEmailCommand({ RawMessage: { Data: everyByte } }))).rejects.toMatchObject({
    name,
    message,
    $metadata: { httpStatusCode: status },
  });
});

test('a rejected message is an instance of MessageRejected', async () => {
  service.on('SendRawEmail', new ServiceError('MessageRejected', 'Email address is not verified.'));
  const failure = await client.send(new SendRawEmailCommand({ RawMessage: { Data: everyByte } })).catch((e) => e);
  expect(failure).toBeInstanceOf(MessageRejected);
  expect(failure.message).toBe('Email address is not verified.');
});

test('an operation that is not embedded is refused by name', async () => {
  await expect(client.send(new ListTemplatesCommand({}))).rejects.toMatchObject({
    name: 'InvalidAction',
    message: 'Could not find operation ListTemplates for version 2010-12-01',
  });
  expect(service.calls).toEqual([]);
});

test.each([
  ['Version=2010-12-01', 'Expected the form to have an Action, got none.'],
  ['Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=%21', "Expected 'RawMessage.Data' to be base64."],
  ['Action=ListIdentities&Version=2010-12-01&MaxItems=x', "Expected 'MaxItems' to be a whole number, got 'x'."],
  ['Action=ListIdentities&Version=2010-12-01&A=1&A.B=2', "Expected 'A' of 'A.B' to hold one value."],
  ['Action=ListIdentities&Version=2010-12-01&A=1&A=2', "Expected 'A' once, got it twice."],
  [
    'Action=ListIdentities&Version=2010-12-01&A.member.x=1',
    "Expected the elements of 'A' to be numbered from 1, got 'x'.",
  ],
  [
    'Action=ListIdentities&Version=2010-12-01&__proto__.x=1',
    "Expected a parameter of this operation, got '__proto__'.",
  ],
])('a malformed form is a SerializationException: %s', async (body, message) => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/xml']);
  const xml = await response.text();
  expect(xml).toContain('<Type>Sender</Type><Code>SerializationException</Code>');
  expect(xml).toContain(`<Message>${message}</Message>`);
});
