import { compiled, LEAST, refusal, useDirectories } from './mail-directory';

useDirectories();

const { 'html.hbs': _, ...BASE } = LEAST;
const LAYOUT = `<mjml>
  <mj-body>
    {{> body}}
  </mj-body>
</mjml>
`;
const BODY = `<mj-section>
  <mj-column>
    <mj-text>{{words.hi}} &amp; {{> sign}}</mj-text>
    {{> rows}}
    <mj-button href="{{url}}">Go</mj-button>
  </mj-column>
</mj-section>
`;
const FILES = {
  ...BASE,
  'words.json': '{ "hi": "Hi {{name}}" }',
  'layout.mjml': LAYOUT,
  'html.mjml': BODY,
  'partials/sign.hbs': '<b>{{name}}</b>',
  'partials/rows.mjml': '<mj-raw>{{#each rows}}</mj-raw>\n<mj-text>{{this}}</mj-text>\n<mj-raw>{{/each}}</mj-raw>',
};
const changed = (change: Readonly<Record<string, string>>) => refusal({ ...FILES, ...change });

describe('a page in MJML', () => {
  it('becomes HTML that MJML made, with its layout, its partials and its Handlebars', async () => {
    const mail = await compiled(FILES);
    const url = 'https://example.com/?a=1&b=2';
    const { html, text } = mail.render('en', { name: '<Zoe>', rows: ['x', '<y>'], url });
    expect(html).toContain('Hi &lt;Zoe&gt; &amp; <b>&lt;Zoe&gt;</b>');
    expect(html).toContain('&lt;y&gt;');
    expect(html).toContain('href="https://example.com/?a=1&amp;b=2"');
    expect(html).toContain('<table');
    expect(html).not.toMatch(/<mj-|\{\{/);
    expect(text).toBe(`Hi <Zoe> & <Zoe>\nx\n<y>\nGo <${url}>\n`);
    expect(() => mail.render('en', { name: 'x', rows: [] })).toThrow('`url` for html.mjml:5, got nothing');
  });

  it.each<[string, Readonly<Record<string, string>>, string | RegExp]>([
    [
      'an element that MJML does not know',
      { 'html.mjml': '<mj-section>\n<mj-colunm/>\n</mj-section>' },
      /^html\.mjml:2: Expected MJML, got something else \(.*mj-colunm/,
    ],
    ['one in a partial', { 'partials/rows.mjml': '\n\n<mj-txt>x</mj-txt>' }, /^partials\/rows\.mjml:3: Expected MJML/],
    [
      'one in the layout',
      { 'layout.mjml': LAYOUT.replace('</mj-body>', '<mj-x />\n</mj-body>') },
      /^layout\.mjml:4: Expected MJML/,
    ],
    [
      'braces that are not closed',
      { 'html.mjml': BODY.replace('{{url}}', '{{#if url}}') },
      /^(html|layout)\.mjml:\d: Expected Handlebars/,
    ],
    [
      'three braces',
      { 'html.mjml': BODY.replace('{{words.hi}}', '{{{name}}}') },
      'html.mjml:3: Expected all that is printed to be escaped, got {{{name}}}: write {{ }}.',
    ],
    [
      'an unknown partial',
      { 'html.mjml': BODY.replace('> sign', '> sing') },
      'html.mjml:3: Expected the name of a partial, partials/name.hbs, got {{> sing}}: add that file.',
    ],
    [
      'a list that MJML would drop',
      { 'partials/rows.mjml': '{{#each rows}}\n<mj-text>{{this}}</mj-text>\n{{/each}}' },
      /^partials\/rows\.mjml:1: Expected \{\{#each rows\}\} to come through MJML once, got it lost/,
    ],
    [
      'a variable that MJML would drop',
      { 'html.mjml': BODY.replace('<mj-column>', '<mj-column>{{name}}{{other}}') },
      /^html\.mjml:2: Expected \{\{(name|other)\}\} to come through MJML once/,
    ],
    [
      'a partial within itself',
      { 'partials/rows.mjml': '{{> rows}}' },
      /^partials\/rows\.mjml:1: Expected no partial within itself, got layout\.mjml → html\.mjml → partials\/rows\.mjml/,
    ],
    [
      'an include',
      { 'html.mjml': BODY.replace('{{> rows}}', '<mj-include path="../../x.mjml" />') },
      'html.mjml:4: Expected no mj-include, got one: write {{> name}} and partials/name.mjml.',
    ],
    [
      'a layout without a body',
      { 'layout.mjml': LAYOUT.replace('{{> body}}', '') },
      /^layout\.mjml: Expected \{\{> body\}\} where html\.mjml goes/,
    ],
  ])('is refused for %s', async (_what, change, sentence) => {
    const said = await changed(change);
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it('says what to install where MJML is not', async () => {
    jest.resetModules();
    jest.doMock('mjml', () => {
      throw Object.assign(new Error("Cannot find module 'mjml'"), { code: 'MODULE_NOT_FOUND' });
    });
    const { pageOfMjml } = await import('../../../cli/templates/mjml-page');
    const source = {
      file: 'html.mjml',
      text: LAYOUT,
      kind: 'html' as const,
      at: (line: number) => `html.mjml:${line}`,
    };
    await expect(pageOfMjml(source, () => undefined)).rejects.toThrow(
      'Expected the package mjml to be installed for html.mjml, got none: npm install --save-dev mjml.',
    );
  });
});
