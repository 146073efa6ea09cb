import * as fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { digestFor } from '../../../examples/weekly-digest/mail';
import { recipientFor } from '../../../examples/weekly-digest/seed';
import { renderMime } from '../../../functions/email/render-mime';

/** As `composeMime` asks for it. */
function composer(html: string, text: string, subject = 'Your week'): MailComposer {
  return new MailComposer({
    date: new Date(0),
    messageId: '<id@example.com>',
    headers: { Subject: subject, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    html,
    text,
    baseBoundary: 'boundary',
    newline: 'win',
  });
}

/** What the library itself writes, through its streams. */
async function expectSameBytes(html: string, text: string, subject?: string): Promise<void> {
  const expected = await composer(html, text, subject).compile().build();
  expect(renderMime(composer(html, text, subject).compile()).toString('latin1')).toBe(expected.toString('latin1'));
}

describe('a message is written as the library writes it', () => {
  test('for the digests of five hundred recipients, in all their languages', async () => {
    for (let id = 1; id <= 500; id++) {
      const recipient = recipientFor(id, 1);
      if (!recipient) continue;
      const { html, text, subject } = digestFor(recipient, 'https://example.com/unsubscribe');
      await expectSameBytes(html, text, subject);
    }
  });

  test.each([
    ['no text at all', '', ''],
    ['one line', 'x', 'y'],
    ['no line break at the end, and several', 'a\nb', 'c\n\n\n'],
    ['spaces and tabs before a line break', 'a \t\n b\t', ' \n\t\n'],
    [
      'lines of all lengths around the limit',
      Array.from({ length: 90 }, (_, n) => 'é'.repeat(n)).join('\n'),
      'x'.repeat(2000),
    ],
    ['what looks like a boundary', '--boundary\n--boundary--', '.\n..\n.'],
    ['text that is mostly beyond ASCII', '長い行'.repeat(500), 'Žluťoučký kůň '.repeat(200)],
    ['equals signs where a line is cut', '='.repeat(300), `${'a='.repeat(100)}é`],
  ])('for %s', (_, html, text) => expectSameBytes(html, text));

  test('for any text', async () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '=', 'é', '長', '.', '-'), maxLength: 600 }),
    );
    await fc.assert(
      fc.asyncProperty(body, body, (html, text) =>
        expectSameBytes(html.replace(/\r\n?/g, '\n'), text.replace(/\r\n?/g, '\n')),
      ),
      { numRuns: 300 },
    );
  });
});

test('a part that is neither text nor bytes is refused', () => {
  const message = new MailComposer({ attachments: [{ filename: 'a.bin', path: '/a.bin' }] }).compile();
  expect(() => renderMime(message)).toThrow(TypeError);
});
