import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import { parseSender } from '../../../functions/email/address';
import type { Email } from '../../../functions/email/message';
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

  test.each([['user@example.org\r\nBcc: other@example.net'], ['user@example.org, other@example.net'], ['nobody']])(
    'refuses to send to %j',
    async (to) => {
      await expect(compose({ to })).rejects.toMatchObject({
        kind: 'rejected',
        code: 'InvalidEmail',
        message: `Expected \`to\` to be one address such as user@example.com, got ${JSON.stringify(to)}: correct the recipient's record.`,
      });
    },
  );

  test.each([
    ['http://example.com/unsubscribe'],
    ['mailto:unsubscribe@example.com'],
    ['not an address'],
    [`https://example.com/${'x'.repeat(900)}`],
  ])('refuses the unsubscribe address %.40s', async (unsubscribeUrl) => {
    await expect(compose({ unsubscribeUrl })).rejects.toMatchObject({ kind: 'rejected', code: 'InvalidEmail' });
  });

  test('escapes what could end the unsubscribe address early', async () => {
    const lines = headerLines(await compose({ unsubscribeUrl: 'https://example.com/u?t=a>b\r\nBcc: c' }));

    expect(lines).toContain('List-Unsubscribe: <https://example.com/u?t=a%3EbBcc:%20c>');
  });
});
