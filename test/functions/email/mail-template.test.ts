import Handlebars from 'handlebars';
import compiledDigest from '../../../examples/weekly-digest/digest.compiled';
import type { CompiledMail } from '../../../functions/email/compiled-mail';
import { mailTemplate } from '../../../functions/email/mail-template';

/** As the command compiles it. */
const part = (source: string): unknown => {
  const helpers = ['$html', '$url', '$text', '$list', '$object', '$known', '$scope'];
  const knownHelpers = Object.fromEntries(helpers.map((name) => [name, true]));
  const code = Handlebars.precompile(source, { knownHelpers, knownHelpersOnly: true, noEscape: true });
  return new Function(`return ${String(code)}`)();
};

function mailIn(languages: readonly string[], html = ''): CompiledMail<object> {
  const parts = { subject: part('S'), html: part(html), text: part('T') };
  const entries = languages.map((language) => [language, parts]);
  return { format: 1, name: 'mail', language: languages[0] as string, languages: Object.fromEntries(entries) };
}

describe('mailTemplate', () => {
  it.each([
    ['pt-BR', 'pt-BR'],
    ['PT_br', 'pt-BR'],
    ['pt-PT', 'pt'],
    ['pt-BR-x-old', 'pt-BR'],
    ['zh-Hant-TW', 'zh-Hant'],
    ['zh', 'zh-Hans'],
    ['zh-TW', 'zh-Hans'],
    ['de-AT', 'de'],
    ['xx', 'en'],
    ['', 'en'],
    ['-', 'en'],
    [' de ', 'de'],
    [null, 'en'],
    [undefined, 'en'],
    [7 as never, 'en'],
  ])('reads for the locale %j the language %s', (locale, language) => {
    const mail = mailTemplate(mailIn(['en', 'de', 'pt', 'pt-BR', 'zh-Hans', 'zh-Hant']));
    expect(mail.languageFor(locale)).toBe(language);
    expect(mail.render(locale, {}).language).toBe(language);
    expect(mail.languages).toEqual(['de', 'en', 'pt', 'pt-BR', 'zh-Hans', 'zh-Hant']);
  });

  const rendered = (html: string, variables: object) => mailTemplate(mailIn(['en'], html)).render('en', variables).html;
  const expected = (kind: 'Missing' | 'Invalid', message: string) =>
    expect.objectContaining({ name: 'Refusal', kind: 'rejected', code: `Template.${kind}Variable`, message });
  const text = (got: string) => `Expected text or a number as \`a\` for x.hbs:1, got ${got}: `;
  const MISSING = 'give it to `render` (the mail mail, en).';
  const INVALID = 'correct what is given to `render` (the mail mail, en).';

  it.each<[unknown, string, 'Missing' | 'Invalid']>([
    [undefined, 'nothing', 'Missing'],
    [null, 'null', 'Missing'],
    [Number.NaN, 'NaN', 'Invalid'],
    [Number.POSITIVE_INFINITY, 'Infinity', 'Invalid'],
    [true, 'a boolean', 'Invalid'],
    [['x'], 'a list', 'Invalid'],
    [{ toHTML: () => '<b>' }, 'an object', 'Invalid'],
    [new Handlebars.SafeString('<b>'), 'an object', 'Invalid'],
    [new Date(0), 'a date', 'Invalid'],
    [() => '<b>', 'a function', 'Invalid'],
    [Symbol('x'), 'a symbol', 'Invalid'],
  ])('rejects %p where it is printed', (a, got, kind) => {
    for (const helper of ['$html', '$text']) {
      const act = () => rendered(`{{${helper} a "a" "x.hbs:1"}}`, { a });
      expect(act).toThrow(expected(kind, text(got) + (kind === 'Missing' ? MISSING : INVALID)));
    }
  });

  it('rejects what only an object’s prototype has', () => {
    const a = Object.create({ b: 'inherited' });
    for (const path of ['a.b', 'constructor', '__proto__', 'a.toString']) {
      expect(() => rendered(`{{$html ${path} "a" "x.hbs:1"}}`, { a })).toThrow(
        expected('Missing', text('nothing') + MISSING),
      );
    }
  });

  it('asks for a value, or null for none, in conditions', () => {
    const condition = '{{#if ($known a "a" "x.hbs:1")}}1{{else}}2{{/if}}';
    expect(rendered(condition, { a: null })).toBe('2');
    expect(rendered(condition, { a: 'x' })).toBe('1');
    const sentence = `Expected a value, or null for none, as \`a\` for x.hbs:1, got nothing: ${MISSING}`;
    expect(() => rendered(condition, {})).toThrow(expected('Missing', sentence));
  });

  it.each([
    ['{{#each ($list a "a" "x.hbs:1")}}{{/each}}', null, 'Missing', 'Expected a list as `a` for x.hbs:1, got null'],
    [
      '{{#each ($list a "a" "x.hbs:1")}}{{/each}}',
      'abc',
      'Invalid',
      'Expected a list as `a` for x.hbs:1, got other text of 3 characters',
    ],
    [
      '{{#with ($object a "a" "x.hbs:1")}}{{/with}}',
      [],
      'Invalid',
      'Expected an object as `a` for x.hbs:1, got a list',
    ],
    [
      '{{$url a "a" "x.hbs:1"}}',
      'javascript:alert(1)',
      'Invalid',
      'Expected a link that begins with https:, http:, mailto:, tel:, sms: or cid: as `a` for x.hbs:1, got other text of 19 characters',
    ],
    ['{{$url a "a" "x.hbs:1"}}', ' data:text/html,x', 'Invalid', 'Expected a link that begins with'],
  ] as const)('rejects in %s %p', (html, a, kind, sentence) => {
    expect(() => rendered(html, { a })).toThrow(expected(kind, expect.stringContaining(sentence) as unknown as string));
  });

  it('prints links escaped', () => {
    expect(rendered('{{$url a "a" "x.hbs:1"}}', { a: 'HTTPS://example.com/?a=1&b="' })).toBe(
      'HTTPS://example.com/?a=1&amp;b=&quot;',
    );
  });

  it('names the item of each list that it was in, and no value', () => {
    const week = { dates: '1', visits: 1, newFollowers: 2, messages: 3, highlights: [{ title: 'a', views: 1 }] };
    const variables = { name: 'Zoe', unsubscribeUrl: 'https://example.com/x', week };
    const highlights = [...week.highlights, { title: 'secret' }] as never;
    const act = () => mailTemplate(compiledDigest).render('de', { ...variables, week: { ...week, highlights } });
    expect(act).toThrow(
      'Expected text or a number as `week.highlights[1].views` for html.hbs:20, got nothing: give it to `render` (the mail digest, de).',
    );
    const nested =
      '{{#each ($list a "a" "x")}}{{#each ($list b "a[1].b" "x")}}{{$text c "a[1].b[2].c" "x"}}{{$text ../d "a[1].d" "x"}}{{/each}}{{/each}}';
    expect(() =>
      rendered(nested, {
        a: [
          { b: [], d: 1 },
          { b: [{ c: 1 }, { c: 1 }, {}], d: 1 },
        ],
      }),
    ).toThrow('`a[1].b[2].c`');
    expect(() => rendered(nested, { a: [{ b: [{ c: 1 }] }] })).toThrow('`a[0].d`');
  });

  it('has the type of its variables', () => {
    const digest = mailTemplate(compiledDigest);
    // @ts-expect-error The week is missing.
    expect(() => digest.render('en', { name: null, unsubscribeUrl: 'https://example.com/x' })).toThrow('`week.dates`');
    // @ts-expect-error A date is no text.
    expect(() => digest.render('en', { name: new Date(), unsubscribeUrl: '', week: {} })).toThrow();
  });

  it('refuses templates that another version has compiled', () => {
    const later = { ...mailIn(['en']), format: 2 } as never;
    expect(() => mailTemplate(later)).toThrow(
      new TypeError('Expected compiled templates of format 1, got 2: run worker-chains templates again.'),
    );
    expect(() => mailTemplate(undefined as never)).toThrow('got none');
  });
});
