import { Inbox, type MailSummary } from '../../../local/ses/inbox';
import { Ses, type SesOptions } from '../../../local/ses/ses-service';
import { rawMail, SettableClock } from './mail';

function setUp(options: Partial<SesOptions> = {}) {
  const clock = new SettableClock();
  let ids = 0;
  const ses = new Ses({ clock, randomId: () => `id-${++ids}`, ...options });
  const send = (raw: Uint8Array = rawMail(), more: Record<string, unknown> = {}) =>
    ses.handle('SendRawEmail', { RawMessage: { Data: raw }, ...more });
  return { clock, ses, send };
}

const refusal = (name: string, message: string) => expect.objectContaining({ name, message, statusCode: 400 });

describe('SendRawEmail', () => {
  test('accepts a mail, answers with its id and puts it into the inbox', async () => {
    const sent: MailSummary[] = [];
    const { ses, send, clock } = setUp({ onSent: (mail) => sent.push(mail) });

    expect(await send()).toEqual({ MessageId: 'id-1' });

    expect(sent).toEqual([
      {
        messageId: 'id-1',
        sentAt: clock.now(),
        from: 'Weekly Digest <digest@example.com>',
        destinations: ['user@example.org'],
        subject: 'Your week',
        rawBytes: rawMail().length,
        tags: [],
      },
    ]);
    expect(ses.inbox.list({ offset: 0, limit: 10 })).toEqual({ total: 1, mails: sent });
  });

  test('delivers to Destinations if there are any, else to To, Cc and Bcc', async () => {
    const { ses, send } = setUp();
    const raw = rawMail({ To: 'A <a@example.com>, b@example.com', Cc: 'c@example.com', Bcc: 'd@example.com' });

    await send(raw);
    await send(raw, { Destinations: ['e@example.com'] });

    const [second, first] = ses.inbox.list({ offset: 0, limit: 10 }).mails;
    expect(first?.destinations).toEqual(['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com']);
    expect(second?.destinations).toEqual(['e@example.com']);
  });

  test('keeps its own copy of the message', async () => {
    const { ses, send } = setUp();
    const raw = rawMail();
    await send(raw);
    raw.fill(0);

    expect((await ses.inbox.get('id-1'))?.raw).toEqual(rawMail());
  });

  test.each([
    [rawMail({ From: undefined }), {}, "Missing required header 'From'."],
    [rawMail({ To: undefined }), {}, "Missing required header 'To'."],
    [rawMail({ To: 'nobody' }), {}, "Missing final '@domain'"],
    [rawMail(), { Destinations: ['us er@example.com'] }, 'Local address contains control or whitespace'],
    [rawMail(), { Source: 'digest' }, "Missing final '@domain'"],
    [
      rawMail(),
      { Destinations: Array.from({ length: 51 }, (_, n) => `u${n}@example.com`) },
      'Recipient count exceeds 50.',
    ],
    [Buffer.alloc(10_485_761, 'x'), {}, "Message length is more than 10485760 bytes long: '10485761'."],
  ])('refuses an invalid request (%#)', async (raw, more, message) => {
    const { ses, send } = setUp();

    await expect(send(raw, more)).rejects.toEqual(refusal('InvalidParameterValue', message));
    expect(ses.inbox.size).toBe(0);
  });

  test('refuses a request without a message', async () => {
    const { ses } = setUp();

    await expect(ses.handle('SendRawEmail', {})).rejects.toEqual(
      refusal(
        'ValidationError',
        "1 validation error detected: Value null at 'rawMessage.data' failed to satisfy constraint: Member must not be null",
      ),
    );
  });

  test('refuses a parameter that it does not implement by name', async () => {
    const { send } = setUp();

    await expect(send(rawMail(), { FromArn: 'digest' })).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'The embedded SES does not implement SendRawEmail with FromArn.',
    });
    await expect(send(rawMail(), { FromArn: undefined })).resolves.toBeDefined();
  });

  test('refuses mails above the rate, and does not count them', async () => {
    const { ses, send, clock } = setUp({ maxSendRate: 2 });
    await send();
    await send();

    await expect(send()).rejects.toEqual(refusal('Throttling', 'Maximum sending rate exceeded.'));
    clock.time += 500;
    await expect(send()).resolves.toEqual({ MessageId: 'id-3' });
    expect(await ses.handle('GetSendQuota', {})).toEqual({ Max24HourSend: 50_000, MaxSendRate: 2, SentLast24Hours: 3 });
  });

  test('refuses mails above the daily quota, counting recipients', async () => {
    const { send, clock } = setUp({ max24HourSend: 3 });
    await send(rawMail({ To: 'a@example.com, b@example.com' }));

    await expect(send(rawMail({ To: 'c@example.com, d@example.com' }))).rejects.toEqual(
      refusal('Throttling', 'Daily message quota exceeded.'),
    );
    await expect(send()).resolves.toBeDefined();
    clock.time += 24 * 60 * 60 * 1000;
    await expect(send(rawMail({ To: 'c@example.com, d@example.com' }))).resolves.toBeDefined();
  });

  test('counts the mails of an earlier process for the daily quota', async () => {
    const inbox = new Inbox();
    const first = setUp({ inbox, max24HourSend: 2 });
    await first.send();

    const second = setUp({ inbox, max24HourSend: 2 });
    await second.send();

    await expect(second.send()).rejects.toEqual(refusal('Throttling', 'Daily message quota exceeded.'));
  });

  test('refuses a sender that is not verified, by name and region', async () => {
    const { send } = setUp({ verifiedIdentities: ['other@example.com', 'example.net'], region: 'eu-west-1' });

    await expect(send(rawMail(), { Source: 'bounce@example.net' })).rejects.toEqual(
      refusal(
        'MessageRejected',
        'Email address is not verified. The following identities failed the check in region EU-WEST-1: digest@example.com',
      ),
    );
    await expect(send(rawMail({ From: 'x@news.EXAMPLE.net' }))).resolves.toBeDefined();
    await expect(send(rawMail({ From: 'Other@example.com' }))).rejects.toMatchObject({ name: 'MessageRejected' });
    await expect(send(rawMail({ From: 'x@badexample.net' }))).rejects.toMatchObject({ name: 'MessageRejected' });
  });

  test('tells the sending quota once a second, if it is told to be as strict as SES may be', async () => {
    const clock = new SettableClock();
    const ses = new Ses({ clock, randomId: () => 'id', sendQuotaIntervalMs: 1000 });
    const ask = () => ses.handle('GetSendQuota', {});

    await ask();
    clock.time += 999;
    await expect(ask()).rejects.toEqual(refusal('Throttling', 'Rate exceeded'));
    clock.time += 1;
    await expect(ask()).resolves.toMatchObject({ SentLast24Hours: 0 });
  });

  test('decides when the request arrives and answers after the latency, refusals included', async () => {
    const { ses, send, clock } = setUp({ latencyMs: () => 80, maxSendRate: 1 });
    const answers: unknown[] = [];
    const done = send().then((answer) => answers.push(answer));
    const refused = send().catch((error: Error) => answers.push(error.message));

    expect(ses.inbox.size).toBe(1);
    await Promise.resolve();
    expect(answers).toEqual([]);
    expect(clock.waiting.map(({ milliseconds }) => milliseconds)).toEqual([80, 80]);
    for (const { callback } of clock.waiting) callback();
    await Promise.all([done, refused]);
    expect(answers).toEqual([{ MessageId: 'id-1' }, 'Maximum sending rate exceeded.']);
  });
});

describe('the account', () => {
  test('can switch sending off and on', async () => {
    const { ses, send } = setUp();

    expect(await ses.handle('GetAccountSendingEnabled', {})).toEqual({ Enabled: true });
    await ses.handle('UpdateAccountSendingEnabled', { Enabled: false });

    expect(await ses.handle('GetAccountSendingEnabled', {})).toEqual({ Enabled: false });
    await expect(send()).rejects.toMatchObject({ name: 'AccountSendingPausedException', statusCode: 400 });
    await ses.handle('UpdateAccountSendingEnabled', { Enabled: true });
    await expect(send()).resolves.toBeDefined();
    await expect(ses.handle('UpdateAccountSendingEnabled', {})).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('says what was sent, by quarter of an hour, for two weeks', async () => {
    const { ses, send, clock } = setUp();
    await send();
    await send(rawMail({ To: 'a@example.com, b@example.com' }));
    clock.time += 15 * 60 * 1000;
    await send();
    const at = (time: string, DeliveryAttempts: number) => ({
      Timestamp: new Date(time),
      DeliveryAttempts,
      Bounces: 0,
      Complaints: 0,
      Rejects: 0,
    });

    expect(await ses.handle('GetSendStatistics', {})).toEqual({
      SendDataPoints: [at('2026-11-23T07:00:00Z', 3), at('2026-11-23T07:15:00Z', 1)],
    });
    clock.time += 14 * 24 * 60 * 60 * 1000;
    expect(await ses.handle('GetSendStatistics', {})).toEqual({ SendDataPoints: [] });
  });

  test('verifies identities at once and lists them', async () => {
    const { ses, send } = setUp({ verifiedIdentities: [] });
    await expect(send()).rejects.toMatchObject({ name: 'MessageRejected' });

    await ses.handle('VerifyEmailIdentity', { EmailAddress: 'digest@example.com' });
    expect(await ses.handle('VerifyDomainIdentity', { Domain: 'example.org' })).toEqual({ VerificationToken: 'id-1' });

    await expect(send()).resolves.toBeDefined();
    expect(await ses.handle('ListIdentities', {})).toEqual({ Identities: ['digest@example.com', 'example.org'] });
    expect(await ses.handle('ListIdentities', { IdentityType: 'Domain' })).toEqual({ Identities: ['example.org'] });
    expect(await ses.handle('ListIdentities', { IdentityType: 'EmailAddress' })).toEqual({
      Identities: ['digest@example.com'],
    });
    expect(
      await ses.handle('GetIdentityVerificationAttributes', { Identities: ['digest@example.com', 'x@example.com'] }),
    ).toEqual({ VerificationAttributes: { 'digest@example.com': { VerificationStatus: 'Success' } } });
  });

  test('refuses to verify what is no address and no domain', async () => {
    const { ses } = setUp();

    await expect(ses.handle('VerifyEmailIdentity', { EmailAddress: 'digest' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await expect(ses.handle('VerifyEmailIdentity', {})).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(ses.handle('VerifyDomainIdentity', { Domain: 'not a domain' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test.each([['SendBulkTemplatedEmail'], ['SendEmail'], ['toString'], ['constructor']])(
    'rejects %s by name',
    async (operation) => {
      const { ses } = setUp();

      await expect(ses.handle(operation, {})).rejects.toMatchObject({
        name: 'UnknownOperationException',
        message: `The embedded SES does not implement ${operation}.`,
      });
    },
  );
});
