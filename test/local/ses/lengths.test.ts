import { Ses } from '../../../local/ses/ses-service';
import { rawMail, SettableClock } from './mail';

function setUp() {
  const ses = new Ses({ clock: new SettableClock(), randomId: () => 'id' });
  const send = (headers: Record<string, string>, more: Record<string, unknown> = {}) =>
    ses.handle('SendRawEmail', { RawMessage: { Data: rawMail(headers) }, ...more });
  return { ses, send };
}

/** `text` again and again, so many characters of it. */
const repeated = (text: string, characters = 1_500_000) => text.repeat(characters / text.length);

const LISTS = ['a: ', 'g:a@b,', ':', 'a@example.org, ', '<', '"', '(a) ', '=?UTF-8?B?YQ==?= '];

test.each(['From', 'To', 'Cc', 'Bcc', 'Reply-To', 'to ', 'X-Other: y\r\nTo'])(
  'a header %j of 1.5 MB is refused before it is parsed',
  async (name) => {
    const { ses, send } = setUp();
    const started = performance.now();

    for (const text of LISTS) {
      await expect(send({ [name]: repeated(text) }, { Destinations: ['user@example.org'] })).rejects.toMatchObject({
        name: 'UnknownOperationException',
        message: 'The embedded SES does not implement mails with more than 65536 characters of addresses.',
      });
    }
    expect(performance.now() - started).toBeLessThan(2000);
    expect(ses.inbox.size).toBe(0);
  },
);

test('many headers with addresses are refused as one of their length is', async () => {
  const { send } = setUp();
  const lines = Array.from({ length: 100 }, () => `Cc: ${repeated('a: ', 15_000)}`).join('\r\n');

  await expect(send({ To: `user@example.org\r\n${lines}` })).rejects.toThrow('characters of addresses');
});

test('a subject of 1.5 MB is refused before it is decoded', async () => {
  const { send } = setUp();

  await expect(send({ Subject: repeated('=?UTF-8?Q?=C3?=') })).rejects.toThrow(
    'The embedded SES does not implement mails with more than 65536 characters of a subject.',
  );
});

test('50 recipients with long names and a long subject are taken', async () => {
  const { ses, send } = setUp();
  const to = Array.from({ length: 50 }, (_, n) => `${'Name '.repeat(180)}<user${n}@example.org>`).join(', ');

  await send({ To: to, Subject: 'x'.repeat(900) });
  expect(ses.inbox.countByRecipient().size).toBe(50);
});

test.each(LISTS)('a destination that repeats %j is refused at once', async (text) => {
  const { send } = setUp();
  const started = performance.now();

  await expect(send({}, { Destinations: [repeated(text)] })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: expect.stringMatching(/^Expected an address of at most 320 characters, got \d{7}\.$/),
  });
  expect(performance.now() - started).toBeLessThan(500);
});

test('an identity of 130,000 characters is refused, and not repeated', async () => {
  const { ses } = setUp();
  const domain = `${'x'.repeat(130_000)}.example`;

  await expect(ses.handle('VerifyDomainIdentity', { Domain: domain })).rejects.toThrow(
    /^Invalid domain name x{255}\.$/,
  );
  await expect(ses.handle('VerifyEmailIdentity', { EmailAddress: `a@${domain}` })).rejects.toThrow(
    'at most 320 characters',
  );
});
