import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as sdk from '@aws-sdk/client-ses';
import { SESClient, SESServiceException } from '@aws-sdk/client-ses';
import { FAILURE_RULES, refusalFrom } from '../../../functions/email/refusal';
import { SES_ERRORS, sesErrorOf } from '../../../functions/email/ses-errors';
import { SesTransport } from '../../../functions/email/ses-transport';

const MAIL = { to: 'user@example.org', from: 'digest@example.com', raw: Buffer.from('Subject: Hello\r\n\r\nHello') };

const bare = (code: string) => code.replace(/Exception$/, '');

function answered(name: string, message: string, httpStatusCode: number): Error {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return new SESServiceException({ name, message, $fault, $metadata: { httpStatusCode } });
}

describe('the documented errors of SES', () => {
  let server: Server;
  let answer = { status: 500, body: '' };
  let requests = 0;

  beforeAll((done) => {
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
    }).listen(0, '127.0.0.1', done);
  });
  afterAll((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  function transport(): SesTransport {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    return new SesTransport(new SESClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials }));
  }

  const spellings = SES_ERRORS.flatMap((error) => [
    [error.kind, error.code, error] as const,
    [error.kind, error.code === bare(error.code) ? `${error.code}Exception` : bare(error.code), error] as const,
  ]);

  test.each(spellings)('judges as %s what the SDK makes of %s', async (kind, code, { example, status }) => {
    const message = example.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
    answer = {
      status,
      body: `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    };
    requests = 0;

    const refusal = await transport()
      .send(MAIL)
      .catch((error: unknown) => error as { code: string; kind: string });

    expect(refusal).toMatchObject({ name: 'Refusal', kind });
    expect(bare((refusal as { code: string }).code)).toBe(bare(code));
    expect(requests).toBe(1);
  });

  test('each row is found by its own example: none stands behind one that fits everything', () => {
    expect(SES_ERRORS.filter((error) => sesErrorOf(error.code, error.example) !== error)).toEqual([]);
  });

  test('has every error that the SDK has a class of, and SendRawEmail throws', () => {
    const classes = [
      sdk.AccountSendingPausedException,
      sdk.ConfigurationSetDoesNotExistException,
      sdk.ConfigurationSetSendingPausedException,
      sdk.MailFromDomainNotVerifiedException,
      sdk.MessageRejected,
    ];
    expect(classes.map(({ name }) => sesErrorOf(name, '')?.source)).toEqual(classes.map(() => 'action'));
  });
});

test.each([
  ['quota-exhausted', 'Throttling', 'Daily sending quota exceeded'],
  ['quota-exhausted', 'TooManyRequestsException', 'Daily message quota exceeded.'],
  ['throttled', 'Throttling', 'Maximum SigV2 SMTP sending rate exceeded'],
  ['quota-exhausted', 'MessageRejected', 'Account is paused'],
  ['quota-exhausted', 'MessageRejected', 'Sending suspended for this account.'],
  ['quota-exhausted', 'MessageRejected', 'Your account has been suspended.'],
  // Who is called so has paused nothing.
  [
    'rejected',
    'MessageRejected',
    'Email address is not verified. The following identities failed: sending paused@example.com',
  ],
  ['throttled', 'InvalidSignatureException', 'Signature expired: 1 is now earlier than 2'],
  ['rejected', 'InvalidSignatureException', 'The request signature we calculated does not match'],
  ['rejected', 'NobodyKnowsThisException', 'something else'],
])('judges as %s, with HTTP 400: %s, %s', (kind, code, message) => {
  expect(refusalFrom(answered(code, message, 400)).kind).toBe(kind);
});

test('a code for a fault of the call says nothing where the service was at fault', () => {
  expect(refusalFrom(answered('MessageRejected', 'Message failed the check.', 500)).kind).toBe('ambiguous');
  expect(refusalFrom(Object.assign(new Error('x'), { name: 'MessageRejected' })).kind).toBe('ambiguous');
});

test('the last rule is for everything', () => {
  expect(FAILURE_RULES.at(-1)?.when({ name: 'Unknown', message: '' })).toBe(true);
  expect(FAILURE_RULES.at(-1)?.kind).toBe('ambiguous');
});
