import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import PostalMime, { decodeWords } from 'postal-mime';
import type { Email } from '../../../functions/contract/email';
import { parseSender } from '../../../functions/email/address';
import { Mailer } from '../../../functions/email/mailer';
import { composeMime } from '../../../functions/email/mime';
import { SesTransport } from '../../../functions/email/ses-transport';

const SENDER = parseSender('Weekly Digest <digest@example.com>');
const EMAIL: Email = {
  to: 'user@example.org',
  subject: 'Your week',
  html: '<p>Hello</p>',
  text: 'Hello',
  unsubscribeUrl: 'https://example.com/unsubscribe',
};

async function headers(change: Partial<Email> = {}): Promise<Record<string, string>> {
  const { raw } = await composeMime({ ...EMAIL, ...change }, SENDER, 0);
  const mail = await PostalMime.parse(raw);
  return Object.fromEntries(mail.headers.map(({ key, value }) => [key, decodeWords(value)]));
}

async function refusalOf(change: Record<string, unknown>): Promise<string> {
  const error: unknown = await composeMime({ ...EMAIL, ...change } as Email, SENDER, 0).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'Refusal', kind: 'rejected', code: 'InvalidEmail' });
  return (error as Error).message;
}

test('every mail tells automatic responders that nobody waits for their answer', async () => {
  expect(await headers()).toMatchObject({ 'auto-submitted': 'auto-generated', precedence: 'bulk' });
});

test('a mail names its list, language, sender and who is to be answered, as far as it is told', async () => {
  const { raw } = await composeMime(
    {
      ...EMAIL,
      fromName: 'Zażółć, Inc.',
      replyTo: 'antworten@büro.example',
      listId: 'weekly-digest.example.com',
      language: 'pt-BR',
    },
    SENDER,
    0,
  );
  const mail = await PostalMime.parse(raw);

  expect(mail.from).toEqual({ name: 'Zażółć, Inc.', address: 'digest@example.com' });
  expect(mail.replyTo).toEqual([{ name: '', address: 'antworten@xn--bro-hoa.example' }]);
  const told = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
  expect(told).toMatchObject({ 'list-id': '<weekly-digest.example.com>', 'content-language': 'pt-BR' });
  expect(Object.keys(await headers())).not.toEqual(expect.arrayContaining(['list-id']));
  expect(Object.keys(await headers())).not.toEqual(expect.arrayContaining(['content-language']));
});

test('an empty name of the sender is none, and not that of the deployment', async () => {
  const { raw } = await composeMime({ ...EMAIL, fromName: '' }, SENDER, 0);

  expect((await PostalMime.parse(raw)).from).toEqual({ name: '', address: 'digest@example.com' });
});

test('further headers go along, of any script, in whatever capitals their names are', async () => {
  const told = await headers({
    headers: {
      'X-Entity-Ref-ID': '7f3a',
      Organization: 'Grüße & Söhne',
      'list-help': 'mailto:help@example.com?subject=a>b, c',
      'List-Archive': 'https://example.com/archive',
    },
  });

  expect(told).toMatchObject({
    'x-entity-ref-id': '7f3a',
    organization: 'Grüße & Söhne',
    'list-help': '<mailto:help@example.com?subject=a%3Eb%2C%20c>',
    'list-archive': '<https://example.com/archive>',
  });
});

test.each([
  ['a header that would tell SES something', { 'X-SES-CONFIGURATION-SET': 'other' }],
  ['a header that would tell SES something, in small letters', { 'x-ses-message-tags': 'run=1' }],
  ['another recipient', { Bcc: 'x@example.net' }],
  ['a second subject', { subject: 'x' }],
  ['what the mail has already', { 'List-Unsubscribe': '<https://example.net>' }],
  ['a Feedback-ID, which SES makes', { 'Feedback-ID': 'a:b:c:d' }],
  ['a name with a line break', { 'X-A\r\nBcc': 'x@example.net' }],
  ['a name with a colon', { 'X-A: b': 'c' }],
  ['a name of another script', { 'X-Ä': 'c' }],
  ['an empty name', { '': 'c' }],
  ['a name twice', { 'X-A': 'b', 'x-a': 'c' }],
  ['a number', { 'X-A': 7 }],
  ['a text that is too long', { 'X-A': 'b'.repeat(1001) }],
  ['a list address that is a script', { 'List-Help': 'javascript:alert(1)' }],
  ['a list address that is none', { 'List-Help': 'help@example.com' }],
  ['more than 20', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`X-${n}`, 'a']))],
  ['a text', 'X-A: b'],
  ['null', null],
])('refuses in further headers %s, without repeating it', async (_, given) => {
  expect(await refusalOf({ headers: given })).not.toMatch(/example\.net|\r|\n/);
});

test('a further header that the language of objects knows is a name like another', async () => {
  expect(await refusalOf({ headers: JSON.parse('{"__proto__": "x"}') })).toMatch(/^Expected a name of `headers`/);
});

test.each([
  ['replyTo', 'a@example.com, b@example.com'],
  ['replyTo', ''],
  ['replyTo', 7],
  ['fromName', null],
  ['listId', 'digest'],
  ['listId', 'digest.example.com>\r\nBcc: x'],
  ['listId', 'Weekly <digest.example.com>'],
  ['listId', ''],
  ['language', 'pt_BR'],
  ['language', 'de\r\nBcc: x'],
  ['language', ''],
  ['feedbackIds', 'campaign'],
  ['feedbackIds', []],
  ['feedbackIds', ['a', 'b', 'c']],
  ['feedbackIds', ['a:b']],
  ['feedbackIds', ['']],
  ['feedbackIds', ['x'.repeat(65)]],
])('refuses a mail whose %s is %j', async (part, value) => {
  expect(await refusalOf({ [part]: value })).toContain(`\`${part}\``);
});

test('what complaints are told apart by goes to SES as the tags that it makes Feedback-ID of, beside the trace', async () => {
  const ses = mockClient(SESClient);
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });
  const mailer = new Mailer(new SesTransport(new SESClient({ region: 'us-east-1' })), {
    sender: 'digest@example.com',
    now: () => 0,
  });
  const trace = { runId: 'r', root: 'r', expiresAt: 0, id: 7, chainId: 0, chunk: 0, index: 0 };

  await mailer.send({ ...EMAIL, feedbackIds: ['week-48', 'digest'] }, trace);
  await mailer.send({ ...EMAIL, feedbackIds: ['week-48'] });
  await mailer.send(EMAIL);

  const [both, one, none] = ses.commandCalls(SendRawEmailCommand).map(({ args: [{ input }] }) => input.Tags);
  const ours = [
    { Name: 'ses:feedback-id-a', Value: 'week-48' },
    { Name: 'ses:feedback-id-b', Value: 'digest' },
  ];
  expect(both).toHaveLength(5);
  expect(both).toEqual(expect.arrayContaining(ours));
  expect(one).toEqual(ours.slice(0, 1));
  expect(none).toBeUndefined();
});
