import { LEAST, refusal, useDirectories } from './mail-directory';

useDirectories();

const html = (text: string, others: Readonly<Record<string, string>> = {}) => ({
  ...LEAST,
  'html.hbs': text,
  ...others,
});

describe('what is no Handlebars, or what Handlebars would print as nothing, or unescaped', () => {
  it.each([
    [
      'a block that is not closed',
      '<p>\n{{#if name}}\n',
      /^html\.hbs:3: Expected Handlebars, got something else \(Expecting .*\): correct it\.$/,
    ],
    [
      'a block that is closed by another',
      '<p>\n{{#if name}}x{{/each}}',
      /^html\.hbs:2: Expected Handlebars, got something else \(if doesn't match each\)/,
    ],
    ['braces that are not closed', '<p>\n\n{{name', /^html\.hbs:3: Expected Handlebars/],
    [
      'three braces',
      '\n{{{name}}}',
      'html.hbs:2: Expected all that is printed to be escaped, got {{{name}}}: write {{ }}.',
    ],
    [
      'an ampersand',
      '{{&name}}',
      'html.hbs:1: Expected all that is printed to be escaped, got {{&name}}: write {{ }}.',
    ],
    [
      'a helper',
      '{{upper name}}',
      'html.hbs:1: Expected a variable, a word or lookup, got {{upper name}}: there are no others.',
    ],
    [
      'a helper by name',
      '{{date at=name}}',
      'html.hbs:1: Expected a variable, a word or lookup, got {{date at=name}}: there are no others.',
    ],
    [
      'a helper within',
      '{{#if (eq name "x")}}{{/if}}',
      'html.hbs:1: Expected lookup, a value and a key, got (eq name "x"): there are no others.',
    ],
    [
      'log',
      '{{log name}}',
      'html.hbs:1: Expected a variable, a word or lookup, got {{log name}}: there are no others.',
    ],
    [
      'another block',
      '\n\n{{#names}}x{{/names}}',
      'html.hbs:3: Expected #if, #unless, #each or #with, and one value, got {{#names}}x{{/names}}: there are no others.',
    ],
    [
      'a partial',
      '{{> button}}',
      'html.hbs:1: Expected the name of a partial, partials/name.hbs, got {{> button}}: add that file.',
    ],
    ['a partial elsewhere', '{{> ../../secret}}', /^html\.hbs:1: Expected (the name of a partial|Handlebars)/],
    [
      'a partial that is named by data',
      '{{> (lookup . "name")}}',
      'html.hbs:1: Expected the name of a partial, got {{> (lookup . "name")}}: write {{> name}}.',
    ],
    ['a partial block', '{{#> button}}x{{/button}}', /^html\.hbs:1: Expected a partial to be a file of its own/],
    ['an inline partial', '{{#*inline "x"}}y{{/inline}}', /^html\.hbs:1: Expected a partial to be a file of its own/],
    [
      'a literal',
      '{{"name"}}',
      'html.hbs:1: Expected a variable, got {{"name"}}: write what is printed without {{ }}.',
    ],
    [
      'what lies above the variables',
      '\n{{../name}}',
      'html.hbs:2: Expected `../` to stay within the variables, got ../name: remove a `../`.',
    ],
    ['an index outside of lists', '{{@index}}', /^html\.hbs:1: Expected @root\.….* got @index: correct it\.$/],
    ['another value of @', '{{@level}}', /got @level: correct it\.$/],
    ['a name with a dot', '{{[a.b]}}', /^html\.hbs:1: Expected a name without dots/],
    [
      'a word that there is not',
      '{{words.hi}}',
      'html.hbs:1: Expected a word of words.json (none), got words.hi: add it there.',
    ],
  ])('refuses %s', async (_, text, sentence) => {
    const said = await refusal(html(text));
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it('names the file and the line within partials, words and the files of a language', async () => {
    const partial = { 'partials/a.hbs': '<b>\n{{{name}}}</b>' };
    expect(await refusal(html('{{> a}}', partial))).toMatch(/^partials\/a\.hbs:2: /);
    const words = { 'words.json': '{\n  "hi": "Hi",\n  "name": "{{{name}}}"\n}' };
    expect(await refusal(html('{{words.hi}} {{words.name}}', words))).toMatch(/^words\.json:3: Expected all/);
    expect(await refusal({ ...LEAST, 'de/html.hbs': '\n\n{{&name}}' })).toMatch(/^de\/html\.hbs:3: Expected all/);
    expect(await refusal({ ...LEAST, 'subject.hbs': '{{{name}}}' })).toMatch(/^subject\.hbs:1: Expected all/);
    expect(await refusal({ ...LEAST, 'text.hbs': '{{name}}\n{{{name}}}' })).toMatch(/^text\.hbs:2: Expected all/);
  });

  it('refuses a partial or a word within itself', async () => {
    const round = { 'partials/a.hbs': '{{> b}}', 'partials/b.hbs': '{{> a}}' };
    expect(await refusal(html('{{> a}}', round))).toBe(
      'partials/a.hbs:1: Expected no partial within itself, got html.hbs → partials/a.hbs → partials/b.hbs → partials/a.hbs.',
    );
    const words = { 'words.json': '{"a":"{{words.b}}","b":"{{words.a}}"}' };
    expect(await refusal(html('{{words.a}}', words))).toMatch(/^words\.json:1: Expected no partial within itself/);
  });

  it('refuses a word with variables where it is handed on, and a name that is taken', async () => {
    const files = { 'words.json': '{"hi":"Hi {{name}}"}', 'partials/a.hbs': '{{label}}' };
    expect(await refusal(html('{{> a label=words.hi}}', files))).toBe(
      'html.hbs:1: Expected a word without variables where it is handed on, got words.hi: print it there instead.',
    );
    expect(await refusal(html('{{#each names as |label|}}{{> a label=name}}{{/each}}', files))).toBe(
      'html.hbs:1: Expected another name, as this one is a block parameter here, got label=name: rename one of them.',
    );
  });
});

describe('where escaping does not help', () => {
  const file = (text: string) => refusal(html(text));
  const moved = (where: string) =>
    `html.hbs:1: Expected \`name\` to stand in text or in an attribute's quotes, got it in ${where}: move it there.`;

  it.each([
    ['<style>p{color:{{name}} }</style>', '<style>'],
    ['<SCRIPT>let x="{{name}}"</SCRIPT>', '<script>'],
    ['<p {{name}}>', 'a tag'],
    ['<p {{#if name}}{{name}}{{/if}}>', 'a tag'],
    ['<{{name}}>', 'a tag'],
    ['x</{{name}}>', 'a tag'],
    ['<b{{name}}>', 'a tag'],
    ['<p class={{name}}>', 'class without quotes'],
    ['<p onclick="go({{name}})">', 'onclick'],
    ['<a href = x{{name}}>', 'href without quotes'],
  ])('refuses a variable there: %s', async (text, where) => {
    expect(await file(text)).toBe(moved(where));
  });

  it.each([
    '<a title="{{#if name}}">{{/if}}',
    '<p>{{#if name}}<a href="{{else}}</p>{{/if}}',
    '{{#each names}}<!-- {{/each}}',
    '{{#each names}}<p class="{{else}}<p class="{{/each}}x">',
    '{{#if name}}<a title="{{else}}<a href="{{/if}}{{name}}">',
    '{{#if name}}<script{{else}}<p{{/if}}>{{name}}',
  ])('refuses a block that leaves something open: %s', async (text) => {
    expect(await file(text)).toMatch(
      /^html\.hbs:1: Expected #\w+ to close what it opens, got a tag or an attribute left/,
    );
  });

  it.each([
    '<style>p { color: red }</style><p title="a > b" class=\'{{name}}\'>{{name}}</p>',
    '<!--[if mso]><td width="{{name}}"><![endif]--><p>{{name}}</p>',
    '<p{{#if name}} class="x"{{/if}} style="{{#if name}}color:red{{/if}}">{{name}} 1 < 2</p>',
  ])('takes %s', async (text) => {
    expect(await file(text)).toBe('nothing: it was written');
  });
});

describe('a directory that is none of a mail', () => {
  it.each([
    [{ 'mail.json': undefined }, /^Expected mail\.json in mail, got none: write \{"language": "en"\} there/],
    [{ 'mail.json': '{' }, 'mail.json: Expected an object in JSON, got something else: correct it.'],
    [{ 'mail.json': '{}' }, /^mail\.json: Expected language to be a language such as en or pt-BR, got nothing/],
    [{ 'mail.json': '{"language":"pt_BR"}' }, /^mail\.json: Expected language to be .* got "pt_BR"/],
    [
      { 'mail.json': '{"language":"en","layout":"x"}' },
      'mail.json: Expected language and shared, got layout: remove it.',
    ],
    [{ 'mail.json': '{"language":"en","shared":"../no"}' }, /^mail\.json: Expected shared to be a directory/],
    [{ 'subject.hbs': undefined }, /^Expected subject\.hbs in the directory mail-\w+, got none: write it\.$/],
    [{ 'html.hbs': undefined }, /^Expected html\.hbs or html\.mjml in the directory mail-\w+, got none/],
    [{ 'html.mjml': '<mjml></mjml>' }, /: Expected html\.hbs or html\.mjml, got both: remove one\.$/],
    [{ 'sujbect.hbs': 'x' }, /^sujbect\.hbs: Expected mail\.json|^sujbect\.hbs: Expected subject\.hbs/],
    [{ 'de/mail.json': '{}' }, /^de\/mail\.json: Expected subject\.hbs/],
    [{ 'de/body.hbs': 'x' }, /^de\/body\.hbs: Expected subject\.hbs/],
    [
      { 'pt_BR/subject.hbs': 'x' },
      'pt_BR: Expected partials, or a language, got another folder: call it a language such as pt-BR.',
    ],
    [{ 'pt-br/subject.hbs': 'x' }, 'pt-br: Expected partials, or a language, got another folder: call it pt-BR.'],
    [{ 'partial/a.hbs': 'x' }, /^partial: Expected partials, or a language, got another folder/],
    [
      { 'en/subject.hbs': 'x' },
      'mail.json: Expected the files of en in the directory itself, got en/, too: move them.',
    ],
    [{ 'words.json': '{"a": 1}' }, 'words.json:1: Expected a to be text, got number: correct it.'],
    [
      { 'words.json': '{"a": "b"}', 'de/words.json': '{\n"c": "d"}' },
      'de/words.json:2: Expected a word that words.json has, too, got c: add it there.',
    ],
    [
      { 'words.json': '{"a": "b"}', 'html.hbs': '{{words.a}}', 'de/words.json': '{}' },
      'html.hbs:1: Expected a word of de/words.json (none), got words.a: add it there.',
    ],
    [
      { 'layout.hbs': '<p>' },
      'layout.hbs: Expected {{> body}} where html.hbs goes, got none: add it, or remove the file.',
    ],
  ])('is refused: %j', async (change, sentence) => {
    const files = Object.fromEntries(Object.entries({ ...LEAST, ...change }).filter(([, text]) => text !== undefined));
    const said = await refusal(files as Record<string, string>);
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it('may hold what is none of ours', async () => {
    expect(await refusal({ ...LEAST, 'README.md': 'x', '.notes/x.hbs': 'x', 'logo.png': 'x' })).toBe(
      'nothing: it was written',
    );
  });
});

describe('a variable that is used as two things', () => {
  it.each([
    [
      '{{name}}{{#each name}}x{{/each}}',
      /^subject\.hbs:1: Expected `name` to be used as one thing, got it as printed and as list/,
    ],
    [
      '{{name}}{{name.first}}',
      /^subject\.hbs:1: Expected `name` to be used as one thing, got it as printed and as object/,
    ],
  ])('is refused: %s', async (text, sentence) => {
    expect(await refusal(html(text))).toMatch(sentence);
  });
});
