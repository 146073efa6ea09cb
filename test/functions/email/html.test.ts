import * as fc from 'fast-check';
import { html } from '../../../functions/email/html';

describe('html', () => {
  test('escapes what is interpolated, in text and in quoted attributes', () => {
    const attack = `"><script>alert('x')</script>&`;

    expect(html`<a title="${attack}">${attack}</a>`.toString()).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  test('takes markup made by itself as it is, alone or in a list', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);

    expect(html`<ul>${items}</ul>${html`<hr>`}${7}`.toString()).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>7');
  });

  test('leaves no markup character of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '$') }), async (text) => {
        expect(html`${text}`.toString().replace(/&(amp|lt|gt|quot|#39);/g, '')).toMatch(/^[a$]*$/);
      }),
    );
  });

  test('escapes the elements of a list that came from data', () => {
    const data = JSON.parse('["<script>alert(1)</script>", ["<b>"], 7]');

    expect(html`${data}`.toString()).toBe('&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;7');
  });

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [{ markup: '<b>' }, 'object'],
    [{ toString: () => '<b>' }, 'object'],
    [true, 'boolean'],
    [[undefined], 'undefined'],
    [new Date(Number.NaN), 'object'],
  ])('refuses %p', (value, got) => {
    expect(() => html`<p>${value as string}</p>`).toThrow(
      `Expected text, a number or Html in a mail, got ${got}: look at what is interpolated.`,
    );
  });
});
