import { compiled, LEAST, refusal, useDirectories } from './mail-directory';

useDirectories();

const textOf = async (html: string, variables: object) =>
  (await compiled({ ...LEAST, 'subject.hbs': 'S', 'html.hbs': html })).render('en', variables).text;

describe('the text that is made of the HTML', () => {
  const PAGE = `<html><head><title>T {{name}}</title><style>p { color: red }</style></head><body>
<div style="display:none">hidden {{name}}</div>
<h1>Hello {{name}}</h1>
<p>Your tea &amp; <b>cake</b>:</p>
<table>
{{#each lines}}
<tr><td>{{what}}</td><td {{#if @first}}class="first"{{/if}}>{{price}}</td></tr>
{{else}}
<tr><td>Nothing.</td></tr>
{{/each}}
</table>
<ul>{{#each notes}}<li>{{this}}</li>{{/each}}</ul>
{{#if url}}<p><a href="{{url}}">See <img src="{{url}}" alt="it"></a> or <a href="https://example.com/a?b=1&amp;c=2">us</a></p>{{/if}}
<a href="#top">Top</a> <a href="{{mail}}">{{mail}}</a>
</body></html>`;

  it('has what is seen, with its lists and conditions, and links behind their words', async () => {
    const lines = [
      { what: 'Tea <green>', price: '3.00' },
      { what: 'Cake', price: '4.50' },
    ];
    const given = {
      name: 'Zoe & Co',
      lines,
      notes: ['a', 'b'],
      url: 'https://example.com/<x>',
      mail: 'mailto:a@example.com',
    };
    expect(await textOf(PAGE, given)).toBe(`Hello Zoe & Co

Your tea & cake:

Tea <green>
3.00
Cake
4.50

- a
- b

See it <https://example.com/<x>> or us <https://example.com/a?b=1&c=2>

Top mailto:a@example.com
`);
    const nothing = await textOf(PAGE, { ...given, lines: [], notes: [], url: null });
    expect(nothing).toContain('\nNothing.\n');
    expect(nothing).not.toContain('See');
  });

  it('keeps names and headings as they are written', async () => {
    expect(await textOf('<h2>{{name}} Übersicht</h2>', { name: 'zoë' })).toBe('zoë Übersicht\n');
  });

  it('is written by hand where a condition would be lost in it', async () => {
    const lost = '<p>{{#if a}}</p><div style="display:none">{{/if}}{{a}}</div><p>{{a}}</p>';
    expect(await refusal({ ...LEAST, 'html.hbs': lost })).toBe(
      'html.hbs:1: Expected #if to stand where it is seen, got it where text has nothing: write the text part by hand, text.hbs.',
    );
  });
});

describe('the text that is written by hand', () => {
  const page = `<div style="display:none">{{teaser}}</div><p style="color:{{color}}">{{name}}</p>
    <a href="{{link}}">x</a><a href="https://example.com/shop?a=1&amp;b=2">shop</a><a href="https://example.com/t/{{token}}">t</a>`;
  const all = '{{name}} {{link}} https://example.com/shop?a=1&b=2 https://example.com/t/{{token}}';
  const said = (text: string) => refusal({ ...LEAST, 'html.hbs': page, 'text.hbs': text });

  it('is taken where it says what is seen of the HTML', async () => {
    expect(await said(all)).toBe('nothing: it was written');
  });

  it.each([
    [
      '{{name}} ',
      /^text\.hbs:1: Expected the text to say what the HTML says, got no \{\{name\}\} \(html\.hbs:1\): add it, or remove/,
    ],
    ['{{link}} ', /got no \{\{link\}\} \(html\.hbs:2\)/],
    ['{{token}}', /got no \{\{token\}\} \(html\.hbs:2\)/],
    [
      'https://example.com/shop?a=1&b=2 ',
      /Expected the text to have each link of html\.hbs, got no https:\/\/example\.com\/shop\?a=1&b=2: add/,
    ],
  ])('is refused without %s', async (part, sentence) => {
    expect(await said(all.replace(part, ''))).toMatch(sentence);
  });

  it('is of a language: a word of it counts with its variables', async () => {
    const files = { 'words.json': '{"hi":"Hi {{name}}"}', 'de/words.json': '{"hi":"Hallo"}' };
    expect(await refusal({ ...LEAST, ...files, 'text.hbs': '{{words.hi}}' })).toMatch(/got no \{\{name\}\}/);
  });
});
