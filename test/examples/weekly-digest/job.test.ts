import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import shippedJob, { weeklyDigest } from '../../../examples/weekly-digest/job';
import { digestFor, ownUnsubscribeLink } from '../../../examples/weekly-digest/mail';
import type { Recipient } from '../../../examples/weekly-digest/recipient';
import { VARIABLES } from '../../../examples/weekly-digest/variables';
import type { Email } from '../../../functions/contract/email';
import { isSkip } from '../../../functions/contract/job';
import type { ItemId } from '../../../functions/contract/payloads';
import { normalizeAddress, parseSender } from '../../../functions/email/address';
import { composeMime } from '../../../functions/email/mime';
import { NOTHING_ELSE } from '../../support/no-call';
import { DIGEST_WORDS } from './digest-words';

const UNSUBSCRIBE = 'https://example.com/unsubscribe';

const RECIPIENT: Recipient = {
  id: 7,
  email: 'zoe.7@example.com',
  name: 'Zoë Groß',
  locale: 'de',
  unsubscribeToken: 'abc123',
  week: {
    startsOn: '2026-11-16',
    visits: 1234,
    newFollowers: 5,
    messages: 0,
    highlights: [{ title: 'Wandern im Harz', views: 98765 }],
  },
};

const digest = (change: Partial<Recipient> = {}) => withOwnLink({ ...RECIPIENT, ...change }, UNSUBSCRIBE);

const withOwnLink = (recipient: Recipient, endpoint: string) =>
  digestFor(recipient, ownUnsubscribeLink(recipient, endpoint));

describe('the digest', () => {
  // Separators and the order of a date are ICU's business and change with its version: words and digits do not.
  test.each([
    ['en', /^Your week: November 16\D+22, 2026$/, 'Hello Zoë Groß,'],
    ['de', /^Ihre Woche: 16\D+22\. November 2026$/, 'Hallo Zoë Groß,'],
    ['fr', /^Votre semaine\s: 16\D+22 novembre 2026$/, 'Bonjour Zoë Groß,'],
    ['es', /^Tu semana: 16\D+22 de noviembre de 2026$/, 'Hola, Zoë Groß:'],
    ['pt-BR', /^Sua semana: 16\D+22 de novembro de 2026$/, 'Olá, Zoë Groß!'],
    ['pl', /^Twój tydzień: 16\D+22 listopada 2026$/, 'Cześć, Zoë Groß!'],
    ['ja', /^今週のまとめ.2026\D11\D16\D.*22\D?$/, 'Zoë Groß 様'],
    ['ar', /^أسبوعك: .* نوفمبر .*$/, 'مرحبًا Zoë Groß،'],
  ])('speaks %s', (locale, subject, greeting) => {
    const mail = digest({ locale });
    const visits = new Intl.NumberFormat(locale).format(1234);

    expect(mail.subject).toMatch(subject);
    for (const part of [mail.text, mail.html]) expect(part).toContain(greeting);
    expect(mail.text).toContain(`: ${visits}\n`);
    expect(mail.html).toContain(`>${visits}</div>`);
    expect(mail.html).toContain(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">`);
  });

  test.each(Object.entries(DIGEST_WORDS))('greets nobody by an empty name in %s', (locale, words) => {
    const nameless = [
      '',
      '  ',
      '\n',
      '\u200b',
      '\u3164',
      '\u2800',
      'undefined',
      'null',
      'NaN',
      'Zoë undefined',
      'null Groß',
    ];
    for (const name of [...nameless, '[object Object]']) {
      const mail = digest({ locale, name });

      expect(mail.toName).toBe('');
      expect(mail.text).toContain(`\n${words.greetingWithoutName}\n`);
      expect(mail.html).toContain(`>${words.greetingWithoutName}</p>`);
      expect(words.greetingWithoutName).toMatch(/^\S+$/u);
    }
  });

  test.each([['Christopher Null'], ['Nan'], ['Ng'], ['أ'], ['😀'], ['Nullmann']])('greets %s by name', (name) => {
    expect(digest({ locale: 'en', name }).text).toContain(`\nHello ${name},\n`);
  });

  test.each([
    ['pt-BR', 'pt-BR'],
    ['pt-br', 'pt-BR'],
    ['pt_BR', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['de-AT', 'de'],
    ['ar-EG', 'ar'],
    ['EN', 'en'],
    ['xx', 'en'],
    ['', 'en'],
    ['english', 'en'],
  ])('takes the locale %j for %s', (locale, language) => {
    expect(digest({ locale }).language).toBe(language);
  });

  test('shows a week that spans two years', () => {
    const startsOn = '2026-12-28';

    expect(digest({ locale: 'en', week: { ...RECIPIENT.week, startsOn } }).subject).toMatch(
      /December 28, 2026\s–\sJanuary 3, 2027/,
    );
  });

  test('shows every highlight, or says that the week was quiet', () => {
    const quiet = digest({ week: { ...RECIPIENT.week, highlights: [] } });

    expect(digest().text).toContain('- Wandern im Harz (Aufrufe: 98.765)');
    expect(digest().html).toContain('<bdi>Wandern im Harz</bdi>');
    expect(quiet.text).toContain(DIGEST_WORDS.de?.quietWeek);
    expect(quiet.html).toContain(DIGEST_WORDS.de?.quietWeek);
    expect(quiet.html).not.toContain('<bdi>');
  });

  test('escapes whatever the recipient and the data bring', () => {
    const attack = `</p><img src=x onerror="alert('1')">&`;
    const mail = digest({ name: attack, week: { ...RECIPIENT.week, highlights: [{ title: attack, views: 1 }] } });

    expect(mail.html).not.toContain('<img');
    expect(mail.html.match(/&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt;&amp;/g)).toHaveLength(2);
  });

  test('carries the recipient’s own unsubscribe link, in the header, the HTML and the text', () => {
    const mail = withOwnLink({ ...RECIPIENT, unsubscribeToken: 'a&b=c' }, `${UNSUBSCRIBE}?list=digest`);

    expect(mail.unsubscribeUrl).toBe(`${UNSUBSCRIBE}?list=digest&token=a%26b%3Dc`);
    expect(mail.html).toContain(`href="${UNSUBSCRIBE}?list=digest&amp;token=a%26b%3Dc"`);
    expect(mail.text).toContain(mail.unsubscribeUrl);
  });

  test('is accessible: language, title, heading, tables that say they are for layout, text at least 13px', () => {
    const { html, subject } = digest();

    expect(html).toMatch(/^<!doctype html>\n<html lang="de" dir="ltr">/);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html.match(/<table(?! role="presentation")/g)).toBeNull();
    for (const [, size] of html.matchAll(/font-size:(\d+)px/g)) expect(Number(size)).toBeGreaterThanOrEqual(13);
  });

  test('survives MIME in every language', async () => {
    for (const locale of Object.keys(DIGEST_WORDS)) {
      const mail = digest({ locale, name: 'أحمد 佐藤' });
      const { raw } = await composeMime(mail, parseSender('digest@example.com'), 0);
      const parsed = await PostalMime.parse(raw);

      expect(parsed.subject).toBe(mail.subject);
      expect(parsed.text?.trimEnd()).toBe(mail.text.trimEnd());
      expect(parsed.html?.trimEnd()).toBe(mail.html.trimEnd());
    }
  });
});

describe('the job weekly-digest', () => {
  function setUp(recipients: readonly Recipient[]) {
    const read = jest.fn(async (_ids: readonly ItemId[]) => new Map(recipients.map((one) => [one.id as ItemId, one])));
    const sent: Email[] = [];
    const send = async (email: Email) => {
      sent.push(email);
    };
    return { job: weeklyDigest({ recipients: { read }, unsubscribeUrl: UNSUBSCRIBE }), read, sent, send };
  }

  test('loads a chunk’s recipients in one read', async () => {
    const { job, read } = setUp([RECIPIENT]);

    const data = (await job.load?.([7, 8])) ?? new Map();

    expect([...data.keys()]).toEqual([7]);
    expect(read.mock.calls).toEqual([[[7, 8]]]);
  });

  test('sends a recipient the digest', async () => {
    const { job, sent, send } = setUp([]);

    const result = await job.process(RECIPIENT, { id: 7, send, ...NOTHING_ELSE });

    expect(sent).toEqual([digest()]);
    expect(isSkip(result)).toBe(false);
  });

  test('skips whoever unsubscribed, and sends nothing', async () => {
    const { job, sent, send } = setUp([]);

    const result = await job.process({ ...RECIPIENT, unsubscribed: true }, { id: 7, send, ...NOTHING_ELSE });

    expect(isSkip(result) && result.reason).toBe('unsubscribed');
    expect(sent).toEqual([]);
  });

  test('skips whoever unsubscribed, whatever is left of the row', async () => {
    const { job, sent, send } = setUp([]);

    const result = await job.process({ id: 7, unsubscribed: true }, { id: 7, send, ...NOTHING_ELSE });

    expect(isSkip(result) && result.reason).toBe('unsubscribed');
    expect(sent).toEqual([]);
  });

  test('sends nothing for a row that is wrong, and names the column', async () => {
    const { job, sent, send } = setUp([]);
    const { unsubscribeToken: _, ...row } = RECIPIENT;

    expect(() => job.process(row, { id: 7, send, ...NOTHING_ELSE })).toThrow(
      expect.objectContaining({ name: 'Recipient.Invalid', message: expect.stringContaining('`unsubscribeToken`') }),
    );
    expect(sent).toEqual([]);
  });

  test('mails nobody "undefined", "null" or "NaN", nor without a token of their own, whatever a row holds', async () => {
    const { job } = setUp([]);
    const wrong = fc.constantFrom<unknown>(
      ...[
        undefined,
        null,
        Number.NaN,
        '',
        ' ',
        'undefined',
        'null',
        'NaN',
        '[object Object]',
        {},
        [],
        0,
        -1,
        1.5,
        true,
      ],
      ...['<b>', '\u200b', 'x'.repeat(300), '2026-02-30', new Set(['a']), 2n ** 60n, Number.POSITIVE_INFINITY, ['<b>']],
    );
    const or = <Value>(fine: Value) => fc.oneof({ weight: 12, arbitrary: fc.constant<unknown>(fine) }, wrong);
    const gone = { requiredKeys: [] as [] };
    const fields = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constant(gone));
    const row = fields.chain((constraints) => {
      const highlight = fc.record({ title: or('Harz'), views: or(3) }, constraints);
      const week = fc.record(
        {
          startsOn: or('2026-11-16'),
          visits: or(1),
          newFollowers: or(2),
          messages: or(0),
          highlights: fc.oneof({ weight: 12, arbitrary: fc.array(highlight, { maxLength: 2 }) }, wrong),
        },
        constraints,
      );
      return fc.record(
        {
          id: or(7),
          email: or('zoe@example.org'),
          name: or('Zoë'),
          locale: fc.oneof(or('de'), fc.constantFrom(...Object.keys(DIGEST_WORDS))),
          unsubscribed: or(undefined),
          unsubscribeToken: or('t0ken'),
          week: fc.oneof({ weight: 20, arbitrary: week }, wrong),
        },
        constraints,
      );
    });
    let mails = 0;

    await fc.assert(
      fc.asyncProperty(row, async (given) => {
        const sent: Email[] = [];
        const send = async (email: Email) => {
          sent.push(email);
        };
        try {
          await job.process(given, { id: 7, send, ...NOTHING_ELSE });
        } catch (error) {
          expect(error).toMatchObject({ name: 'Recipient.Invalid', message: expect.stringMatching(/column `\w/) });
        }
        for (const email of sent) {
          if (normalizeAddress(email.to) === undefined) continue;
          mails += 1;
          const { raw } = await composeMime(email, parseSender('digest@example.com'), 0);
          const mail = await PostalMime.parse(raw);
          const shown = [mail.subject, mail.html, mail.text, mail.to?.[0]?.name, mail.to?.[0]?.address].join('\n');
          expect(shown).not.toMatch(/undefined|\bnull\b|NaN|\[object |Infinity/);
          const link = `${UNSUBSCRIBE}?token=${encodeURIComponent(given.unsubscribeToken as string)}`;
          expect(new URL(email.unsubscribeUrl).searchParams.get('token')).toBe(given.unsubscribeToken);
          expect(mail.text).toContain(link);
          expect(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toBe(`<${link}>`);
        }
      }),
      { numRuns: 1000 },
    );
    expect(mails).toBeGreaterThan(100);
  });

  test('lets a refusal through', async () => {
    const { job } = setUp([]);
    const refusal = new Error('refused');

    await expect(job.process(RECIPIENT, { id: 7, ...NOTHING_ELSE, send: () => Promise.reject(refusal) })).rejects.toBe(
      refusal,
    );
  });

  test('as shipped, says which environment variable is missing when it runs', () => {
    delete process.env[VARIABLES.recipientsTable];

    expect(() => shippedJob.load?.([1])).toThrow(
      'Expected the environment variable RECIPIENTS_TABLE to be set, got nothing: set it on the function.',
    );
  });
});
