import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESClient, type SESClientConfig } from '@aws-sdk/client-ses';
import { Mailer } from '../../../functions/email/mailer';
import { SesTransport } from '../../../functions/email/ses-transport';

const EMAIL = {
  to: 'user@example.org',
  subject: 'Your week',
  html: '<p>Hello</p>',
  text: 'Hello',
  unsubscribeUrl: 'https://example.com/unsubscribe?token=abc',
};

function errorXml(code: string, message: string): string {
  return `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

/** The SDK's own error names and fields, so that the table of refusals is not tested against a picture of them only. */
describe('Mailer over HTTP', () => {
  let server: Server;
  let respond: { status: number; body: string } | 'hang up' = 'hang up';
  let requests = 0;

  beforeAll((done) => {
    server = createServer((request, response) => {
      requests += 1;
      if (respond === 'hang up') {
        request.socket.destroy();
        return;
      }
      response.writeHead(respond.status, { 'content-type': 'text/xml' }).end(respond.body);
    }).listen(0, '127.0.0.1', done);
  });
  afterAll((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  function mailerAt(endpoint: string, requestHandler?: SESClientConfig['requestHandler']): Mailer {
    const ses = new SESClient({
      endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      requestHandler,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    return new Mailer(new SesTransport(ses), { sender: 'digest@example.com', now: () => 0 });
  }

  const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test.each([
    ['throttled', 'Throttling', 400, errorXml('Throttling', 'Maximum sending rate exceeded.')],
    ['quota-exhausted', 'Throttling', 400, errorXml('Throttling', 'Daily message quota exceeded.')],
    ['quota-exhausted', 'AccountSendingPausedException', 400, errorXml('AccountSendingPausedException', 'paused')],
    ['quota-exhausted', 'LimitExceededException', 400, errorXml('LimitExceeded', 'limit')],
    ['rejected', 'MessageRejected', 400, errorXml('MessageRejected', 'Email address is not verified.')],
    ['rejected', 'ConfigurationSetDoesNotExistException', 400, errorXml('ConfigurationSetDoesNotExist', 'none')],
    ['rejected', 'AccessDenied', 403, errorXml('AccessDenied', 'not authorized')],
    ['rejected', 'Http413', 413, '<html>Too large</html>'],
    ['ambiguous', 'ServiceUnavailable', 503, errorXml('ServiceUnavailable', 'try later')],
    ['ambiguous', 'Http500', 500, ''],
    ['ambiguous', 'Http200', 200, 'not XML'],
    ['ambiguous', 'NoMessageId', 200, ''],
  ])('is refused as %s, code %s, by HTTP %d', async (kind, code, status, body) => {
    respond = { status, body };
    requests = 0;

    await expect(mailerAt(endpoint()).send(EMAIL)).rejects.toMatchObject({ kind, code });
    expect(requests).toBe(1);
  });

  test('is in doubt when the connection is cut after the request', async () => {
    respond = 'hang up';

    await expect(mailerAt(endpoint()).send(EMAIL)).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  // The error is made here: jest's realm hides the code of the ones that Node makes from the SDK.
  test('knows that a refused connection sent nothing', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const mailer = mailerAt(endpoint(), { handle: () => Promise.reject(refused) });

    await expect(mailer.send(EMAIL)).rejects.toMatchObject({ kind: 'throttled', code: 'ECONNREFUSED' });
  });
});
