import PostalMime from 'postal-mime';
import type { Email } from '../../../functions/contract/email';
import { parseSender } from '../../../functions/email/address';
import { composeMime } from '../../../functions/email/mime';
import { shapeOf } from '../../support/header-shape';

const SENDER = parseSender('digest@example.com');
const EMAIL: Email = {
  to: 'user@example.org',
  subject: 'Your statement',
  html: '<p>Hello</p>',
  text: 'Hello',
  unsubscribeUrl: 'https://example.com/unsubscribe',
};
const MOST_BYTES = 10_485_760;

async function compose(attachments: unknown): Promise<Uint8Array> {
  return (await composeMime({ ...EMAIL, attachments } as Email, SENDER, 0)).raw;
}

async function refusalOf(attachments: unknown): Promise<string> {
  const error: unknown = await compose(attachments).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'Refusal', kind: 'rejected', code: 'InvalidEmail' });
  return (error as Error).message;
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 197) % 256);
}

test('files come along as they are, beside both bodies', async () => {
  const raw = await compose([
    { filename: 'Rechnung Größe.pdf', contentType: 'application/pdf', content: bytes(5000) },
    { filename: 'notes.csv', contentType: 'text/csv', content: 'a;ä\r\nb;\n' },
    { filename: 'empty.bin', contentType: 'application/octet-stream', content: new Uint8Array() },
  ]);
  const mail = await PostalMime.parse(raw);

  shapeOf(Buffer.from(raw).toString('latin1'));
  expect([mail.html?.trim(), mail.text?.trim()]).toEqual([EMAIL.html, EMAIL.text]);
  expect(mail.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
    ['Rechnung Größe.pdf', 'application/pdf'],
    ['notes.csv', 'text/csv'],
    ['empty.bin', 'application/octet-stream'],
  ]);
  const [pdf, csv, empty] = mail.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer));
  expect(pdf?.equals(bytes(5000))).toBe(true);
  expect(csv?.toString()).toBe('a;ä\r\nb;\n');
  expect(empty).toHaveLength(0);
});

test('bytes are those of the view, not of the buffer behind it', async () => {
  const mail = await PostalMime.parse(
    await compose([{ filename: 'a.bin', contentType: 'a/b', content: bytes(300).subarray(100, 103) }]),
  );

  expect([...new Uint8Array(mail.attachments[0]?.content as ArrayBuffer)]).toEqual([...bytes(300).subarray(100, 103)]);
});

test('a text says that it is UTF-8, and is read as such; of bytes the mail says nothing', async () => {
  const text = 'Größe;日本\r\n1;2\r\n';
  const files = [
    { filename: 'ä.csv', contentType: 'Text/CSV', content: text },
    { filename: 'b.csv', contentType: 'text/csv', content: Buffer.from('Gr\u00f6\u00dfe', 'latin1') },
    { filename: 'c.json', contentType: 'application/json', content: '{"a":"ö"}' },
  ];
  const raw = Buffer.from(await compose(files)).toString();
  const types = [...raw.matchAll(/^Content-Type: ((?:text\/csv|application\/json)[^;\r]*(?:; charset=[\w-]+)?)/gm)];

  expect(types.map(([, type]) => type)).toEqual(['text/csv; charset=utf-8', 'text/csv', 'application/json']);
  const { attachments } = await PostalMime.parse(raw, { attachmentEncoding: 'utf8' });
  expect(attachments[0]?.content).toBe(text);
});

test('no files are no parts', async () => {
  expect(await compose([])).toEqual((await composeMime({ ...EMAIL, attachments: [] }, SENDER, 0)).raw);
  expect((await PostalMime.parse(await compose(undefined))).attachments).toEqual([]);
});

test('two mails that differ in a file alone have different message ids', async () => {
  const idOf = async (content: string) =>
    (await PostalMime.parse(await compose([{ filename: 'a.txt', contentType: 'text/plain', content }]))).messageId;

  expect(await idOf('a')).not.toBe(await idOf('b'));
  expect(await idOf('a')).toBe(await idOf('a'));
});

test('a mail is refused from one byte on above what SES takes, counted as it is sent', async () => {
  const attached = (length: number) => [
    { filename: 'a.bin', contentType: 'application/octet-stream', content: new Uint8Array(length) },
  ];
  // 57 bytes are a line of 78: whole lines, so that one more byte is one more group of four.
  const largest = 57 * 134_400;
  const overhead = (await compose(attached(largest))).length - 78 * 134_400;
  const room = MOST_BYTES - overhead;
  const fitting = 57 * Math.floor(room / 78);
  expect((await compose(attached(fitting))).length).toBeLessThanOrEqual(MOST_BYTES);
  expect(await refusalOf(attached(fitting + 57))).toMatch(
    /^Expected the whole mail to have at most 10485760 bytes once its attachments are encoded, got \d+: link to what is large instead of attaching it\.$/,
  );
});

test('two files that would fit alone are refused together', async () => {
  const half = { filename: 'a.bin', contentType: 'a/b', content: new Uint8Array(4_000_000) };

  await compose([half]);
  expect(await refusalOf([half, half])).toContain('10485760');
});

test('a mail whose body alone is too large is refused, too', async () => {
  await expect(composeMime({ ...EMAIL, html: 'é'.repeat(4_000_000) }, SENDER, 0)).rejects.toMatchObject({
    code: 'InvalidEmail',
  });
});

test.each([
  ['a directory', { filename: '../a.pdf' }],
  ['a directory of Windows', { filename: 'C:\\a.pdf' }],
  ['no name', { filename: '' }],
  ['a name that is invisible', { filename: '\u0000\r\n' }],
  ['the name of a directory', { filename: '..' }],
  ['too long a name', { filename: 'a'.repeat(256) }],
  ['a number as its name', { filename: 7 }],
  ['a type that is none', { contentType: 'pdf' }],
  ['a type with a line break', { contentType: 'text/plain\r\nBcc: x@example.net' }],
  ['a type with parameters', { contentType: 'text/plain; name=x' }],
  ['parts of its own', { contentType: 'multipart/mixed' }],
  ['a mail of its own', { contentType: 'MESSAGE/rfc822' }],
  ['no content', { content: undefined }],
  ['null', { content: null }],
  ['a stream', { content: { pipe: () => undefined } }],
  ['a path', { content: undefined, path: '/etc/passwd' }],
])('refuses a file with %s', async (_, change) => {
  const file = { filename: 'a.pdf', contentType: 'application/pdf', content: 'x', ...change };

  expect(await refusalOf([file])).not.toContain('example.net');
});

test('refuses files that are no list, or no files', async () => {
  await refusalOf({ filename: 'a.pdf', contentType: 'application/pdf', content: 'x' });
  await refusalOf([undefined]);
  await refusalOf([null]);
});
