import PostalMime from 'postal-mime';
import { ENVIRONMENT } from '../../../functions/chain/constants';
import type { ItemId } from '../../../functions/chain/contract';
import { isSkip } from '../../../functions/chain/job';
import { parseSender } from '../../../functions/email/address';
import type { Email } from '../../../functions/email/message';
import { composeMime } from '../../../functions/email/mime';
import type { Recipient } from '../../../functions/email/recipients';
import shippedJob, { weeklyDigest } from '../../../functions/jobs/weekly-digest';
import { digestFor } from '../../../functions/jobs/weekly-digest-mail';
import { DIGEST_TEXTS, digestLocale } from '../../../functions/jobs/weekly-digest-texts';

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

const digest = (change: Partial<Recipient> = {}) => digestFor({ ...RECIPIENT, ...change }, UNSUBSCRIBE);

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
    expect(digestLocale(locale)).toBe(language);
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
    expect(quiet.text).toContain(DIGEST_TEXTS.de.quietWeek);
    expect(quiet.html).toContain(DIGEST_TEXTS.de.quietWeek);
    expect(quiet.html).not.toContain('<bdi>');
  });

  test('escapes whatever the recipient and the data bring', () => {
    const attack = `</p><img src=x onerror="alert('1')">&`;
    const mail = digest({ name: attack, week: { ...RECIPIENT.week, highlights: [{ title: attack, views: 1 }] } });

    expect(mail.html).not.toContain('<img');
    expect(mail.html.match(/&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt;&amp;/g)).toHaveLength(2);
  });

  test('carries the recipient’s own unsubscribe link, in the header, the HTML and the text', () => {
    const mail = digestFor({ ...RECIPIENT, unsubscribeToken: 'a&b=c' }, `${UNSUBSCRIBE}?list=digest`);

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
    for (const locale of Object.keys(DIGEST_TEXTS)) {
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

    const data = await job.load([7, 8]);

    expect([...data.keys()]).toEqual([7]);
    expect(read.mock.calls).toEqual([[[7, 8]]]);
  });

  test('sends a recipient the digest', async () => {
    const { job, sent, send } = setUp([]);

    const result = await job.process(RECIPIENT, { id: 7, send });

    expect(sent).toEqual([digest()]);
    expect(isSkip(result)).toBe(false);
  });

  test('skips whoever unsubscribed, and sends nothing', async () => {
    const { job, sent, send } = setUp([]);

    const result = await job.process({ ...RECIPIENT, unsubscribed: true }, { id: 7, send });

    expect(isSkip(result) && result.reason).toBe('unsubscribed');
    expect(sent).toEqual([]);
  });

  test('lets a refusal through', async () => {
    const { job } = setUp([]);
    const refusal = new Error('refused');

    await expect(job.process(RECIPIENT, { id: 7, send: () => Promise.reject(refusal) })).rejects.toBe(refusal);
  });

  test('as shipped, says which environment variable is missing when it runs', () => {
    delete process.env[ENVIRONMENT.recipientsTable];

    expect(() => shippedJob.load([1])).toThrow(
      'Expected the environment variable RECIPIENTS_TABLE to be set, got nothing: set it on the function.',
    );
  });
});
