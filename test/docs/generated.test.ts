import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs } from '../../build/generated-docs';
import { codeSpan, markdownTable } from '../../build/markdown-table';
import { ROOT } from './documents';

test.each(generatedDocs().map(({ path, text }) => [path, text]))(
  '%s is what its table in code says: else run `npm run docs`, and commit it',
  (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  },
);

test('a table keeps its columns where a cell has their separator, a line break or a backtick', () => {
  expect(markdownTable(['a', 'b'], [[codeSpan('x|y'), 'one\ntwo']])).toBe(
    '| a | b |\n|---|---|\n| `x\\|y` | one two |',
  );
  expect([codeSpan('a'), codeSpan(' a'), codeSpan('a`b')]).toEqual(['`a`', '`  a `', '`` a`b ``']);
});
