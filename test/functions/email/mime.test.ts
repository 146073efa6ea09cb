import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import type { Email } from '../../../functions/contract/email';
import { parseSender } from '../../../functions/email/address';
import { oneLine } from '../../../functions/email/header-text';
import { composeMime } from '../../../functions/email/mime';

const NOW = Date.UTC(2026, 10, 23, 7, 30);
const SENDER = parseSender('Weekly Digest <digest@example.com>');
const EMAIL: Email = {
  to: 'user@example.org',
  toName: 'Łukasz Żak',
  subject: '今週のまとめ: Grüße',
  html: '<p>Zażółć gęślą jaźń</p>',
  text: 'Zażółć gęślą jaźń',
  unsubscribeUrl: 'https://example.com/unsubscribe?token=abc',
};

async function compose(change: Partial<Email> = {}) {
  const { raw } = await composeMime({ ...EMAIL, ...change }, SENDER, NOW);
  return Buffer.from(raw).toString('latin1');
}

async function parse(change: Partial<Email> = {}) {
  return PostalMime.parse(await compose(change));
}

function headerLines(raw: string): string[] {
  return raw.slice(0, raw.indexOf('\r\n\r\n')).split(/\r\n(?![ \t])/);
}

function longestLine(raw: string): number {
  return Math.max(...raw.split('\r\n').map((line) => line.length));
}

describe('composeMime', () => {
  test('carries names and subject of any script', async () => {
    const mail = await parse();

    expect(mail.subject).toBe(EMAIL.subject);
    expect(mail.from).toMatchObject({ name: 'Weekly Digest', address: 'digest@example.com' });
    expect(mail.to).toEqual([expect.objectContaining({ name: 'Łukasz Żak', address: 'user@example.org' })]);
  });

  test('is ASCII on the wire, in lines of at most 998 characters', async () => {
    const raw = await compose({ html: `<p>${'長い行'.repeat(2000)}</p>`, text: 'x'.repeat(5000) });

    expect(raw).toMatch(/^[\t\r\n -~]*$/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('offers HTML with a text alternative, text first', async () => {
    const raw = await compose();
    const mail = await PostalMime.parse(raw);

    expect(mail.html?.trim()).toBe(EMAIL.html);
    expect(mail.text?.trim()).toBe(EMAIL.text);
    expect(raw).toMatch(/Content-Type: multipart\/alternative/);
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
  });

  test('carries one-click unsubscribe, unfolded however long the address is', async () => {
    const unsubscribeUrl = `https://example.com/unsubscribe?token=${'0123456789abcdef'.repeat(20)}`;

    const lines = headerLines(await compose({ unsubscribeUrl }));

    expect(lines).toContain(`List-Unsubscribe: <${unsubscribeUrl}>`);
    expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  test('is the same for the same arguments, and takes its date and domain from them', async () => {
    const raw = await compose();

    expect(raw).toBe(await compose());
    expect(headerLines(raw)).toContain('Date: Mon, 23 Nov 2026 07:30:00 +0000');
    expect(raw).toMatch(/^Message-ID: <[0-9a-f]{32}@example\.com>\r$/m);
    expect(
      headerLines(await compose({ to: 'other@example.org' })).find((line) => line.startsWith('Message-ID')),
    ).not.toBe(headerLines(raw).find((line) => line.startsWith('Message-ID')));
  });

  test('gives the recipient in the form that SES takes', async () => {
    expect((await composeMime({ ...EMAIL, to: 'user@büro.example' }, SENDER, NOW)).to).toBe('user@xn--bro-hoa.example');
  });

  test('puts one space for line breaks and control characters in a name or a subject', async () => {
    const mail = await parse({ subject: 'Your\r\n\u2028week ', toName: 'Zoë\u0000\nGroß' });

    expect(mail.subject).toBe('Your week');
    expect(mail.to?.[0]?.name).toBe('Zoë Groß');
  });

  const LOOKALIKES = [
    '=?UTF-8?Q?=0D=0ABcc:_x@example.net?=',
    'a =?UTF-8?B?DQpCY2M6IHg=?= b',
    '=?utf-8?q?a b?=',
    '=?utf-8?q?a?= =?utf-8?q?b?=',
    'x=?UTF-8?Q?=0A?=x',
    '=?=?UTF-8?Q?=0A?=?=',
    'ü =?UTF-8?Q?=0A?=',
    '=?x',
    '"=?UTF-8?Q?=0A?="',
    'a  b',
    'Taylor, Jr.',
    '\\" <x@example.net>',
  ];
  test.each(LOOKALIKES)('brings %j to a reader as it was written, in a name and in a subject', async (text) => {
    const mail = await parse({ subject: text, toName: text });

    expect(mail.subject).toBe(text);
    expect(mail.to).toEqual([{ name: text, address: EMAIL.to }]);
  });

  test('brings whatever is written in a name or a subject to a reader in one line', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '=?',
        '?=',
        '=?UTF-8?Q?',
        '=?utf-8?B?',
        '=0A',
        'DQo=',
        '_',
        ' ',
        '"',
        '\\',
        '<',
        '>',
        ',',
        ';',
        ':',
      ),
      fc.constantFrom('\r', '\n', '\u0000', '\u2028', 'é', '例', '😀', '\ud800', 'x'.repeat(80), ' '.repeat(90)),
      fc.string({ maxLength: 4 }),
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));

    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const raw = await compose({ subject: given, toName: given });
        const mail = await PostalMime.parse(raw);
        const line = oneLine(given);
        expect(mail.subject ?? '').toBe(line);
        expect(mail.to).toEqual([{ name: line, address: EMAIL.to }]);
        expect(longestLine(raw)).toBeLessThanOrEqual(998);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['x'.repeat(1200)],
    [`${'x'.repeat(1200)} ${'y'.repeat(1200)}`],
    ['Łukasz'.repeat(200)],
    [' '.repeat(1200)],
    [`a${' '.repeat(1200)}b`],
    ['"'.repeat(1200)],
    ['😀'.repeat(600)],
  ])('makes no line above 998 of a long name or subject, the sender’s included: %.20j', async (text) => {
    const { raw } = await composeMime({ ...EMAIL, toName: text, subject: text }, { ...SENDER, name: text }, NOW);
    const source = Buffer.from(raw).toString('latin1');
    const mail = await PostalMime.parse(source);

    expect(longestLine(source)).toBeLessThanOrEqual(998);
    expect(mail.subject ?? '').toBe(text.trim());
    expect(mail.from?.name).toBe(text.trim());
    expect(mail.to?.[0]?.name).toBe(text.trim());
  });

  test('ends every line of both bodies with CRLF, whatever it ended with', async () => {
    const lines = 'a\rb\r\nc\nd\r\re\n\rf';

    const raw = await compose({ html: `<p>${lines}</p>`, text: lines });

    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect((await PostalMime.parse(raw)).text).toBe('a\nb\nc\nd\n\ne\n\nf\n');
  });

  test('puts no lone carriage return or line feed on the wire, whatever a body holds', async () => {
    const unit = fc.constantFrom('\r', '\n', '\r\n', 'a', 'é', '=', ' ', '.', '\u0000', '\u2028', 'x'.repeat(80), '<');
    const body = fc.string({ unit, maxLength: 40 });

    await fc.assert(
      fc.asyncProperty(body, body, async (html, text) => {
        const raw = await compose({ html, text });
        expect(raw.replaceAll('\r\n', '')).toMatch(/^[\t -~]*$/);
        expect(longestLine(raw)).toBeLessThanOrEqual(998);
      }),
      { numRuns: 300 },
    );
  });

  test('lets nothing in a name or a subject start a header of its own', async () => {
    const names = new Set((await parse()).headers.map(({ key }) => key));
    const lineBreak = fc.constantFrom('\r\n', '\n', '\r', '\u2028', '\u0000\n', '\r\n\t');
    const attack = fc
      .tuple(fc.string(), lineBreak, fc.constantFrom('Bcc: x@example.net', '\r\n<p>body', 'Subject: y'), fc.string())
      .map((parts) => parts.join(''));

    await fc.assert(
      fc.asyncProperty(attack, attack, async (toName, subject) => {
        const mail = await parse({ toName, subject });
        expect(new Set(mail.headers.map(({ key }) => key))).toEqual(names);
        expect(mail.to).toEqual([expect.objectContaining({ address: EMAIL.to })]);
        expect(mail.html?.trim()).toBe(EMAIL.html);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [
      'user@example.org\r\nBcc: other@example.net',
      'a local part with another character than letters, digits, dots and signs',
    ],
    ['user@example.org, other@example.net', 'a local part with another character than letters, digits, dots and signs'],
    ['nobody', 'a text without @'],
    ['wang@163', 'a domain that ends in a number'],
    [undefined, 'a value of the type undefined'],
  ])('refuses to send to %j, and says why without repeating it', async (to, fault) => {
    await expect(compose({ to: to as string })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'InvalidEmail',
      message: `Expected \`to\` to be one e-mail address, got ${fault}: correct the recipient's record.`,
    });
  });

  test.each([
    ['subject', undefined, 'undefined'],
    ['html', null, 'null'],
    ['text', 7, 'number'],
    ['toName', {}, 'object'],
    ['unsubscribeUrl', undefined, 'undefined'],
  ])('refuses a mail whose %s is %j', async (part, value, type) => {
    await expect(compose({ [part]: value })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'InvalidEmail',
      message: `Expected \`${part}\` to be text, got a value of the type ${type}: correct the job's mail.`,
    });
  });

  test.each([
    ['http://example.com/unsubscribe'],
    ['mailto:unsubscribe@example.com'],
    ['not an address'],
    [`https://example.com/${'x'.repeat(900)}`],
  ])('refuses the unsubscribe address %.40s', async (unsubscribeUrl) => {
    const refusal = await compose({ unsubscribeUrl }).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ kind: 'rejected', code: 'InvalidEmail' });
    expect((refusal as Error).message).not.toContain(unsubscribeUrl);
  });

  test('escapes what could end the unsubscribe address early', async () => {
    const lines = headerLines(await compose({ unsubscribeUrl: 'https://example.com/u?t=a>b\r\nBcc: c' }));

    expect(lines).toContain('List-Unsubscribe: <https://example.com/u?t=a%3EbBcc:%20c>');
  });
});
