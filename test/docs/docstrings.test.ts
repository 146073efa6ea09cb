import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const FOLDERS = ['functions', 'local', 'page', 'cli', 'cdk', 'testing', 'examples'];

/**
 * A code in backticks or the name of a class, and under which condition: `@throws `Run.InvalidInput` where …`. What a
 * callback throws is passed on as it is: `@throws what `load` throws`.
 */
const FORM = /^\s*(?:\/\*\*|\*) @throws (?:(?:`[\w.]+`|[A-Z]\w+)[^:]*? where \S|(?:what|the) \S)/;

function misshapen(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const isProse = /(?:\/\*\*|\*) .*(?<!Never )\bThrows (?:`|an? |one )/.test(line);
    const isOther = line.includes('@throws') && !FORM.test(line);
    return isProse || isOther ? [`${file}:${index + 1}: ${line.trim()}`] : [];
  });
}

test('what a function throws is said in one form', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(folder, file)),
  );
  expect(files.flatMap((file) => misshapen(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

test('another form is found', () => {
  const other = [
    '/** Reads a number. Throws a `TypeError` for anything else. */',
    '/** Reads a number. @throws TypeError where it is none */',
    ' * @throws {@link TypeError} one sentence',
    ' * @throws `Run.InvalidInput` if there is none',
  ];
  expect(misshapen('a.ts', other.join('\n'))).toHaveLength(other.length);
  expect(misshapen('a.ts', ' * @throws TypeError where it is no number\n * @throws what `load` throws')).toEqual([]);
});
