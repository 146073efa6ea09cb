import {
  SESClient,
  SESServiceException,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
} from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import type { Email } from '../../../functions/contract/email';
import { Refusal } from '../../../functions/contract/errors';
import { Mailer } from '../../../functions/email/mailer';
import { SesTransport } from '../../../functions/email/ses-transport';

const EMAIL: Email = {
  to: 'user@example.org',
  subject: 'Your week',
  html: '<p>Hello</p>',
  text: 'Hello',
  unsubscribeUrl: 'https://example.com/unsubscribe?token=abc',
};

const ses = mockClient(SESClient);
const mailer = () => new Mailer(new SesTransport(new SESClient({})), { sender: 'digest@example.com', now: () => 0 });

beforeEach(() => ses.reset());

/** What the SDK throws when SES answers with this code, message and HTTP status. */
function answer(name: string, message: string, httpStatusCode = 400): Error {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return new SESServiceException({ name, message, $fault, $metadata: { httpStatusCode } });
}

/** What Node throws when a connection fails. */
function socketError(code: string, syscall?: string, name = 'Error'): Error {
  return Object.assign(new Error(`${syscall ?? 'read'} ${code}`), { name, code, syscall });
}

/** The SDK's own sentence: see @smithy/node-http-handler. */
function connectionTimeout(): Error {
  const message =
    '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 3000 ms.';
  return Object.assign(new Error(message), { name: 'TimeoutError' });
}

function cutHandshake(): Error {
  const message = 'Client network socket disconnected before secure TLS connection was established';
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

/** What Node throws when each address of a name was tried in turn. */
function allAddresses(...failures: readonly (readonly [string, string])[]): Error {
  const errors = failures.map(([code, syscall]) => socketError(code, syscall));
  return Object.assign(socketError(failures[0]?.[0] as string, undefined, 'AggregateError'), { errors });
}

const PAUSED_BY_AWS =
  'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.';
const NOT_VERIFIED =
  'Email address is not verified. The following identities failed the check in region US-EAST-1: digest@example.com';

describe('Mailer, without sending', () => {
  const sender = 'digest@example.com';
  const guarded = (mayGetMail: (to: string) => Promise<void>) =>
    new Mailer(new SesTransport(new SESClient({})), { sender, now: () => 0, mayGetMail });

  test('composes the mail, asks whether its address may get one, and hands nothing over', async () => {
    const asked: string[] = [];

    await guarded(async (to) => void asked.push(to)).rehearse(EMAIL);

    expect(asked).toEqual(['user@example.org']);
    expect(ses.calls()).toHaveLength(0);
  });

  test.each([
    ['an address that is none', { ...EMAIL, to: 'user@' }, 'InvalidEmail'],
    ['a mail that is too large', { ...EMAIL, text: 'x'.repeat(11_000_000) }, 'InvalidEmail'],
    ['a header that may not be', { ...EMAIL, headers: { Bcc: 'all@example.org' } }, 'InvalidEmail'],
  ])('refuses %s as a send does', async (_, email, code) => {
    const mails = guarded(async () => {});
    const refused = (attempt: Promise<unknown>) =>
      attempt.then(
        () => undefined,
        ({ kind, code: of, message }) => ({ kind, code: of, message }),
      );

    const rehearsed = await refused(mails.rehearse(email));

    expect(rehearsed).toMatchObject({ kind: 'rejected', code });
    expect(rehearsed).toEqual(await refused(mails.send(email)));
  });

  test('passes on why an address gets none', async () => {
    const suppressed = new Refusal('suppressed', 'unsubscribed', 'No mail.');

    await expect(guarded(() => Promise.reject(suppressed)).rehearse(EMAIL)).rejects.toBe(suppressed);
  });
});

describe('Mailer', () => {
  test('sends one mail to its recipient with one call', async () => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: '0100' });

    await mailer().send(EMAIL);

    const calls = ses.commandCalls(SendRawEmailCommand);
    const input = calls[0]?.args[0].input as SendRawEmailCommandInput;
    expect(calls).toHaveLength(1);
    expect(input.Destinations).toEqual(['user@example.org']);
    expect(Buffer.from(input.RawMessage?.Data ?? []).toString()).toMatch(/^From: digest@example\.com\r$/m);
  });

  test.each([
    ['throttled', 'Throttling', answer('Throttling', 'Maximum sending rate exceeded.')],
    ['throttled', 'ThrottlingException', answer('ThrottlingException', 'Rate exceeded')],
    ['throttled', 'TooManyRequestsException', answer('TooManyRequestsException', 'Too many requests', 429)],
    ['throttled', 'Http429', answer('Unknown', 'Unknown', 429)],
    ['quota-exhausted', 'Throttling', answer('Throttling', 'Daily message quota exceeded.')],
    ['quota-exhausted', 'ThrottlingException', answer('ThrottlingException', 'Daily message quota exceeded')],
    ['quota-exhausted', 'AccountSendingPausedException', answer('AccountSendingPausedException', 'paused')],
    [
      'quota-exhausted',
      'ConfigurationSetSendingPausedException',
      answer('ConfigurationSetSendingPausedException', 'paused'),
    ],
    ['quota-exhausted', 'LimitExceededException', answer('LimitExceededException', 'limit')],
    ['quota-exhausted', 'MessageRejected', answer('MessageRejected', PAUSED_BY_AWS)],
    ['rejected', 'MessageRejected', answer('MessageRejected', NOT_VERIFIED)],
    ['rejected', 'MailFromDomainNotVerifiedException', answer('MailFromDomainNotVerifiedException', 'no MX record')],
    [
      'rejected',
      'ConfigurationSetDoesNotExistException',
      answer('ConfigurationSetDoesNotExistException', 'no such set'),
    ],
    ['rejected', 'InvalidParameterValue', answer('InvalidParameterValue', "Missing final '@domain'")],
    ['rejected', 'AccessDenied', answer('AccessDenied', 'not authorized to perform `ses:SendRawEmail`', 403)],
    ['throttled', 'ExpiredToken', answer('ExpiredToken', 'The security token included in the request is expired', 403)],
    ['throttled', 'RequestExpired', answer('RequestExpired', 'Request has expired')],
    ['throttled', 'RequestTimeTooSkewed', answer('RequestTimeTooSkewed', 'The difference is too large', 403)],
    ['throttled', 'SignatureDoesNotMatch', answer('SignatureDoesNotMatch', 'Signature expired: 1 is now earlier', 403)],
    ['throttled', 'SignatureDoesNotMatch', answer('SignatureDoesNotMatch', 'Signature not yet current: 2', 403)],
    ['rejected', 'SignatureDoesNotMatch', answer('SignatureDoesNotMatch', 'The signature does not match', 403)],
    ['rejected', 'InvalidClientTokenId', answer('InvalidClientTokenId', 'The security token is invalid', 403)],
    ['rejected', 'IncompleteSignature', answer('IncompleteSignature', 'not conforming')],
    ['rejected', 'MissingAuthenticationToken', answer('MissingAuthenticationToken', 'missing', 403)],
    ['rejected', 'OptInRequired', answer('OptInRequired', 'needs a subscription', 403)],
    ['rejected', 'ValidationError', answer('ValidationError', 'does not satisfy the constraints')],
    ['rejected', 'InvalidAction', answer('InvalidAction', 'no such action')],
    ['rejected', 'Http413', answer('Unknown', 'Unknown', 413)],
    ['rejected', 'CredentialsProviderError', Object.assign(new Error('none'), { name: 'CredentialsProviderError' })],
    ['throttled', 'ECONNREFUSED', socketError('ECONNREFUSED', 'connect')],
    ['throttled', 'ECONNREFUSED', socketError('ECONNREFUSED', undefined, 'AggregateError')],
    ['throttled', 'EHOSTUNREACH', socketError('EHOSTUNREACH', 'connect')],
    ['throttled', 'ENOTFOUND', socketError('ENOTFOUND', 'getaddrinfo')],
    ['throttled', 'EAI_AGAIN', socketError('EAI_AGAIN', 'getaddrinfo')],
    ['throttled', 'TimeoutError', connectionTimeout()],
    ['throttled', 'ECONNRESET', cutHandshake()],
    ['throttled', 'EPROTO', socketError('EPROTO', 'write')],
    ['throttled', 'CERT_HAS_EXPIRED', socketError('CERT_HAS_EXPIRED')],
    ['throttled', 'ERR_SSL_WRONG_VERSION_NUMBER', socketError('ERR_SSL_WRONG_VERSION_NUMBER')],
    ['throttled', 'ETIMEDOUT', allAddresses(['ETIMEDOUT', 'connect'], ['ENETUNREACH', 'connect'])],
    ['ambiguous', 'ETIMEDOUT', allAddresses(['ETIMEDOUT', 'connect'], ['ECONNRESET', 'read'])],
    // What the connections know counts more than a name.
    ['throttled', 'ECONNRESET', Object.assign(socketError('ECONNRESET', 'read'), { requestSent: false })],
    ['throttled', 'AbortError', Object.assign(new Error('aborted'), { name: 'AbortError', requestSent: false })],
    ['ambiguous', 'EPROTO', Object.assign(socketError('EPROTO', 'write'), { requestSent: true })],
    ['ambiguous', 'ECONNRESET', socketError('ECONNRESET', undefined, 'TimeoutError')],
    ['ambiguous', 'ETIMEDOUT', socketError('ETIMEDOUT', undefined, 'TimeoutError')],
    ['ambiguous', 'EPIPE', socketError('EPIPE', 'write')],
    ['ambiguous', 'AbortError', Object.assign(new Error('Request aborted'), { name: 'AbortError' })],
    ['ambiguous', 'InternalFailure', answer('InternalFailure', 'The request processing has failed', 500)],
    ['ambiguous', 'ServiceUnavailable', answer('ServiceUnavailable', 'temporary failure of the server', 503)],
    ['ambiguous', 'Http502', answer('Unknown', 'Unknown', 502)],
    ['ambiguous', 'Http408', answer('Unknown', 'Unknown', 408)],
    ['ambiguous', 'Http200', Object.assign(new Error('XML parse error'), { $metadata: { httpStatusCode: 200 } })],
    ['ambiguous', 'Unknown', 'not even an error'],
  ])('is refused as %s, code %s, by %s', async (kind, code, failure) => {
    ses.on(SendRawEmailCommand).callsFake(() => Promise.reject(failure));

    const refusal = await mailer()
      .send(EMAIL)
      .catch((error: unknown) => error);

    expect(refusal).toMatchObject({ name: 'Refusal', kind, code, cause: failure });
    expect(ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
  });

  test('is in doubt about an answer without a message id', async () => {
    ses.on(SendRawEmailCommand).resolves({});

    await expect(mailer().send(EMAIL)).rejects.toMatchObject({ kind: 'ambiguous', code: 'NoMessageId' });
  });

  test('rejects a mail to an invalid address without a call', async () => {
    await expect(mailer().send({ ...EMAIL, to: 'nobody' })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'InvalidEmail',
    });
    expect(ses.calls()).toHaveLength(0);
  });

  test('refuses a sender that is not one address when it is made', () => {
    expect(
      () => new Mailer(new SesTransport(new SESClient({})), { sender: 'a@example.com, b@example.com', now: () => 0 }),
    ).toThrow(/^Expected the sender to be one address/);
  });

  test('says whose address SES refused, and repeats none', async () => {
    const message = 'The following identities failed the check: digest@example.com, user@example.org';
    ses.on(SendRawEmailCommand).callsFake(() => Promise.reject(answer('MessageRejected', message)));

    await expect(mailer().send(EMAIL)).rejects.toMatchObject({
      message: 'The following identities failed the check: <sender>, <recipient>',
    });
  });
});
