import * as fc from 'fast-check';
import { compiled, LEAST, useDirectories } from './mail-directory';

useDirectories();

const html = async (text: string, variables: object, others: Readonly<Record<string, string>> = {}) => {
  const mail = await compiled({ ...LEAST, 'subject.hbs': 'S', 'html.hbs': text, ...others });
  return mail.render('en', variables).html;
};

describe('compiled templates', () => {
  it('escape what is printed in HTML, and nothing in the subject and the text', async () => {
    const mail = await compiled({
      ...LEAST,
      'html.hbs': '<p title="{{name}}">{{name}}</p>',
      'text.hbs': 'Hi {{name}}',
    });
    const escaped = '&lt;b&gt; &amp; &quot;&#39;=`';
    expect(mail.render('en', { name: '<b> & "\'=`' })).toEqual({
      subject: 'Hello <b> & "\'=`',
      html: `<p title="${escaped}">${escaped}</p>`,
      text: 'Hi <b> & "\'=`',
      language: 'en',
    });
  });

  it('have a subject of one line, whatever is printed in it', async () => {
    const mail = await compiled({ ...LEAST, 'subject.hbs': '\nHello\n  {{name}}!\n' });
    const { subject } = mail.render('en', { name: 'Zoe\r\nBcc: all@example.com' });
    expect(subject).toBe('Hello   Zoe Bcc: all@example.com!');
  });

  it.each<[string, object, string]>([
    ['{{a.b.c}}', { a: { b: { c: 1 } } }, '1'],
    ['{{#if a}}1{{else if b}}2{{else}}3{{/if}}', { a: 0, b: '' }, '3'],
    ['{{#unless a}}1{{else}}2{{/unless}}', { a: [] }, '1'],
    ['{{#if a}}1{{/if}}', { a: null }, ''],
    ['{{#each a}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', { a: ['x', 'y'] }, '0x,1y'],
    ['{{#each a}}{{b}}{{else}}none{{/each}}', { a: [] }, 'none'],
    [
      '{{#each a as |x i|}}{{i}}{{x.b}}{{#each x.c as |y|}}{{y}}{{x.b}}{{../../d}}{{@root.d}}{{/each}}{{/each}}',
      { d: 9, a: [{ b: 1, c: [2] }] },
      '012199',
    ],
    ['{{#with a}}{{b}}{{../c}}{{/with}}', { a: { b: 1 }, c: 2 }, '12'],
    ['{{lookup names kind}}', { names: { gold: 'Gold' }, kind: 'gold' }, 'Gold'],
    ['{{#each a}}{{lookup ../names this}}{{/each}}', { names: { x: 1, y: 2 }, a: ['x', 'y'] }, '12'],
    ['a {{~#if b~}} c {{~/if~}} d', { b: 1 }, 'acd'],
    ['\\{{raw}} {{! a comment }}{{!-- {{another}} --}}x', {}, '{{raw}} x'],
    ['<p>\n{{#each a}}\n{{this}}\n{{/each}}\n</p>', { a: [1, 2] }, '<p>\n1\n2\n</p>'],
    ['{{a}}{{b}}', { a: 0, b: 10n }, '010'],
    ['{{a}}|', { a: '' }, '|'],
  ])('print %s', async (text, variables, expected) => {
    expect(await html(text, variables)).toBe(expected);
  });

  it('put partials in, with what they are given', async () => {
    const files = {
      'words.json': '{ "go": "Go & see", "hi": "Hi {{name}}", "count": "{{n}} of {{all}}" }',
      'partials/button.hbs': '<a href="{{url}}">{{label}}</a>',
      'partials/rows/row.hbs': '{{#each cells}}{{../sign}}{{this}}{{/each}}{{user.name}}',
    };
    const link = { url: 'https://example.com/?a=1&b=2' };
    expect(await html('{{> button label=words.go url=link.url}}', { link }, files)).toBe(
      '<a href="https://example.com/?a=1&amp;b=2">Go &amp; see</a>',
    );
    expect(await html('{{> button link label="L"}}', { link }, files)).toBe(
      '<a href="https://example.com/?a=1&amp;b=2">L</a>',
    );
    const given = { cells: [1, 2], user: { name: 'Z' } };
    expect(await html('{{> rows/row sign="+"}}', given, files)).toBe('+1+2Z');
    expect(await html('{{words.hi}} {{words.hi name="<x>"}} {{words.count n=2 all=name}}', { name: '&' }, files)).toBe(
      'Hi &amp; Hi &lt;x&gt; 2 of &amp;',
    );
  });

  it.each<[string, object, string]>([
    ['{{#each a}}{{#each b}}{{../d}}{{/each}}{{/each}}', { a: [{ b: [] }, { b: [1] }] }, '`a[1].d` for html.hbs:1'],
    [
      '{{#each a as |x|}}{{#each b as |y|}}{{y.c}}{{x.d}}{{/each}}{{/each}}',
      { a: [{ b: [{ c: 1 }, {}], d: 2 }] },
      '`a[0].b[1].c`',
    ],
    ['{{#each a}}{{#each b}}{{@root.c.d}}{{/each}}{{/each}}', { a: [{ b: [1] }], c: {} }, '`c.d`'],
    ['\n{{> button url=link.url label="L"}}', { link: {} }, '`link.url` for html.hbs:2'],
    ['{{> button link label="L"}}', { link: { url: null } }, '`link.url` for partials/button.hbs:1'],
    [
      '{{#each links}}{{> button this label=name}}{{/each}}',
      { links: [{ url: 'https://x', name: null }] },
      '`links[0].name` for partials/button.hbs:1',
    ],
    ['{{> button link label="L"}}', {}, '`link` for html.hbs:1'],
    ['{{lookup names kind}}', { names: {}, kind: 'gold' }, '`names.(kind)` for html.hbs:1'],
    ['{{lookup names kind}}', { kind: 'gold' }, '`names` for html.hbs:1'],
    ['{{words.hi}}', {}, '`name` for words.json:1'],
    ['{{#with a}}{{b}}{{/with}}', { a: {} }, '`a.b`'],
  ])('name what is missing from the variables on: %s', async (text, variables, expected) => {
    const files = { 'partials/button.hbs': '<a href="{{url}}">{{label}}</a>', 'words.json': '{"hi":"{{name}}"}' };
    const said = await html(text, variables, files).catch(({ code, message }) => `${code} ${message}`);
    expect(said).toContain('Template.MissingVariable Expected ');
    expect(said).toContain(expected);
  });

  it('wrap the page in its layout, which knows subject and language', async () => {
    const files = {
      'layout.hbs': '<html lang="{{@language}}"><title>{{@subject}}</title>\n{{> body}}\n</html>',
      'words.json': '{ "subject": "A & {{name}}" }',
      'subject.hbs': '{{words.subject}}\n',
    };
    const mail = await compiled({ ...LEAST, ...files });
    expect(mail.render('en', { name: '<b>' })).toMatchObject({
      subject: 'A & <b>',
      html: '<html lang="en"><title>A &amp; &lt;b&gt;</title>\n<p>Hello &lt;b&gt;</p>\n</html>',
    });
  });

  it('take of each language what it has, of what it is a kind of, of the mail, of what mails share', async () => {
    const files = {
      ...LEAST,
      'mail.json': '{ "language": "en", "shared": ".shared" }',
      '.shared/layout.hbs': '[{{> body}}|{{words.foot}}]',
      '.shared/words.json': '{ "foot": "Bye" }',
      '.shared/pt/words.json': '{ "foot": "Tchau" }',
      'subject.hbs': '{{words.hi}} {{words.name}}',
      'html.hbs': '{{> who}}',
      'partials/who.hbs': 'en',
      'words.json': '{ "hi": "Hi", "name": "name" }',
      'pt/words.json': '{ "hi": "Oi", "name": "nome" }',
      'pt/partials/who.hbs': 'pt',
      'pt-BR/words.json': '{ "hi": "Opa" }',
    };
    const mail = await compiled(files);
    const said = (locale: string | null) => {
      const { subject, html: page, language } = mail.render(locale, {});
      return [subject, page.trim(), language];
    };
    expect(mail.languages).toEqual(['en', 'pt', 'pt-BR']);
    expect(said('pt-BR')).toEqual(['Opa nome', '[pt|Tchau]', 'pt-BR']);
    expect(said('pt')).toEqual(['Oi nome', '[pt|Tchau]', 'pt']);
    expect(said('en-GB')).toEqual(['Hi name', '[en|Bye]', 'en']);
  });

  it('take of a language that is a kind of the mail’s own what that has', async () => {
    const mail = await compiled({
      ...LEAST,
      'mail.json': '{ "language": "pt" }',
      'subject.hbs': '{{words.hi}} {{words.name}}',
      'words.json': '{ "hi": "Oi", "name": "nome" }',
      'pt-BR/words.json': '{ "hi": "Opa" }',
    });
    expect(mail.render('pt-BR', { name: '' }).subject).toBe('Opa nome');
  });

  it('have no text part of another language than the HTML', async () => {
    const german = { 'de/html.hbs': '<p>Guten Tag, {{name}}</p>' };
    const files = { ...LEAST, ...german, 'text.hbs': 'Dear {{name}}' };
    const mail = await compiled(files);
    expect(mail.render('en', { name: 'Zoe' }).text).toBe('Dear Zoe');
    expect(mail.render('de', { name: 'Zoe' }).text).toBe('Guten Tag, Zoe\n');
    const both = await compiled({ ...files, 'de/text.hbs': 'Hallo {{name}}' });
    expect(both.render('de', { name: 'Zoe' }).text).toBe('Hallo Zoe');
  });

  it.each([
    ['<a href="{{url}}">', true],
    ['<a href="\n {{url}}">', true],
    ["<img src='{{url}}'>", true],
    ['<a href="{{#if url}}{{url}}{{/if}}">', true],
    ['<a href="{{#if no}}https://example.com/{{/if}}{{url}}">', true],
    ['<a href="https://example.com/{{url}}">', false],
    ['<a title="{{url}}">{{url}}</a>', false],
  ])('look at what becomes a link: %s', async (text, isLink) => {
    const act = () => html(text, { url: 'javascript:alert(1)', no: null });
    if (isLink) await expect(act()).rejects.toMatchObject({ code: 'Template.InvalidVariable' });
    else expect(await act()).toContain('javascript:alert(1)');
  });

  it('never print what is missing, and never unescaped, whatever they are given', async () => {
    const mail = await compiled({
      ...LEAST,
      'html.hbs':
        '<i>{{a.b}}</i>{{#each list}}<b title="{{x}}">{{this.x}}</b>{{/each}}{{#if name}}<u>{{name}}</u>{{/if}}',
    });
    const value = fc.oneof(
      { weight: 4, arbitrary: fc.string() },
      { weight: 4, arbitrary: fc.constantFrom('<script>', '"', "' onload='", 0, -1.5) },
      { weight: 1, arbitrary: fc.anything({ withDate: true, withBigInt: true }) },
    );
    const variables = fc.record(
      {
        name: value,
        a: fc.oneof(fc.record({ b: value }), value),
        list: fc.oneof(fc.array(fc.record({ x: value })), value),
      },
      { requiredKeys: [] },
    );
    let mails = 0;
    await fc.assert(
      fc.property(variables, (given) => {
        try {
          const { html: page, text } = mail.render('en', given);
          mails += 1;
          const { a, list, name } = given as { a: { b: unknown }; list: { x: unknown }[]; name: unknown };
          const printed = [a.b, ...list.map(({ x }) => x)];
          for (const one of printed) expect(['string', 'number', 'bigint']).toContain(typeof one);
          expect(page.replace(/<(i|u)>[^<>]*<\/\1>|<b title="[^<>"]*">[^<>"]*<\/b>/g, '')).toBe('');
          expect(text).toContain(String(a.b).trim().split(/\s/)[0]);
          if (name === undefined) throw new Error('It is asked for.');
        } catch (error) {
          if (!/^Template\.(Missing|Invalid)Variable$/.test((error as { code?: string }).code ?? '')) throw error;
        }
      }),
      { numRuns: 3000 },
    );
    expect(mails).toBeGreaterThan(100);
  });
});
