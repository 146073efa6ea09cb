import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ERROR_CODES } from '../../functions/contract/names';
import { anchors, codeSpans, type Document, documents, ROOT, readDocument } from './documents';

const TOP = /^(functions|cdk|local|page|cli|examples|test|docs|statemachine|\.ci)\//;
const SCRIPTS = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
);
const CODES = Object.values<string>(ERROR_CODES);

/** Files that a document tells the reader to make. */
const TO_BE_WRITTEN = ['functions/jobs/quiet-week.ts', 'cdk/quiet-week-stack.ts', 'functions/sources/named.ts'];

function brokenLinks(document: Document): string[] {
  const broken: string[] = [];
  for (const [, target = ''] of document.prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z][a-z+.-]*:/.test(target)) continue;
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? document.path : normalize(join(dirname(document.path), file));
    if (!existsSync(join(ROOT, path))) broken.push(`${target}: there is no ${path}`);
    else if (anchor !== undefined && !anchors(readDocument(path)).has(anchor)) {
      broken.push(`${target}: ${path} has no heading #${anchor}`);
    }
  }
  return broken;
}

function brokenPaths(document: Document): string[] {
  return codeSpans(document)
    .map((span) => span.replace(/:\d+$/, ''))
    .filter((span) => TOP.test(span) && !/[*\s…{]/.test(span) && !TO_BE_WRITTEN.includes(span))
    .filter((path) => !existsSync(join(ROOT, path)) || path.endsWith('/') !== isDirectory(path));
}

function isDirectory(path: string): boolean {
  return statSync(join(ROOT, path)).isDirectory();
}

function brokenScripts({ text }: Document): string[] {
  const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)];
  return named.map(([, script, short]) => script ?? short ?? '').filter((script) => !SCRIPTS.includes(script));
}

/** Lines such as: - `test/a.test.ts`: “a name”; “another” */
function brokenTestNames({ prose }: Document): string[] {
  return [...prose.matchAll(/^- `(test\/[^`]+\.ts)`: (.+)$/gm)].flatMap(([, path = '', names = '']) => {
    const source = readFileSync(join(ROOT, path), 'utf8').replaceAll("\\'", "'");
    return [...names.matchAll(/“([^”]+)”/g)]
      .map(([, name = '']) => name)
      .filter((name) => !source.includes(name))
      .map((name) => `${path} has no “${name}”`);
  });
}

function unknownCodes(document: Document): string[] {
  return codeSpans(document).filter((span) => /^(Chain|Run)\.[A-Z]\w+$/.test(span) && !CODES.includes(span));
}

describe.each(documents().map((document) => [document.path, document] as const))('%s', (_, document) => {
  test('links to files and headings that exist', () => {
    expect(brokenLinks(document)).toEqual([]);
  });

  test('names files and directories that exist', () => {
    expect(brokenPaths(document)).toEqual([]);
  });

  test('names scripts that package.json has', () => {
    expect(brokenScripts(document)).toEqual([]);
  });

  test('quotes tests by the names that they have', () => {
    expect(brokenTestNames(document)).toEqual([]);
  });

  test('spells error codes as the functions do', () => {
    expect(unknownCodes(document)).toEqual([]);
  });
});

test('how-it-works tells of every error code', () => {
  const spans = codeSpans(readDocument('docs/how-it-works.md'));
  expect(CODES.filter((code) => !spans.includes(code))).toEqual([]);
});

test('promises quotes tests of each of the seven promises', () => {
  const sections = readDocument('docs/promises.md')
    .prose.split(/^## (?=\d)/m)
    .slice(1);
  expect(sections.map((section) => section.match(/^- `test\//gm)?.length ?? 0).every((count) => count >= 3)).toBe(true);
  expect(sections).toHaveLength(7);
});

test('the index of decisions links to each of them', () => {
  const { prose } = readDocument('docs/decisions/README.md');
  const missing = documents()
    .map(({ path }) => path)
    .filter((path) => path.startsWith('docs/decisions/') && !path.endsWith('/README.md'))
    .filter((path) => !prose.includes(`(${path.slice('docs/decisions/'.length)})`));
  expect(missing).toEqual([]);
});

describe('what a broken document would be told', () => {
  const broken = (text: string): Document => ({ path: 'docs/broken.md', text, prose: text });

  test('a link that leads nowhere, and a heading that is not there', () => {
    expect(brokenLinks(broken('[a](gone.md) [b](../README.md#gone) [c](../README.md#quick-start) [d](#gone)'))).toEqual(
      [
        'gone.md: there is no docs/gone.md',
        '../README.md#gone: README.md has no heading #gone',
        '#gone: there is no docs/broken.md',
      ],
    );
  });

  test('a file, a directory, a script, a test name and an error code that do not exist', () => {
    expect(brokenPaths(broken('`functions/gone.ts` `functions/chain` `functions/chain/` `docs/*.md`'))).toEqual([
      'functions/gone.ts',
      'functions/chain',
    ]);
    expect(brokenScripts(broken('npm run gone, npm run check, npm ci && npm test'))).toEqual(['gone']);
    expect(brokenTestNames(broken('- `test/docs/links.test.ts`: “links to files and headings that exist”'))).toEqual(
      [],
    );
    expect(brokenTestNames(broken(`- \`test/docs/documents.ts\`: “${'gone'}”`))).toHaveLength(1);
    expect(unknownCodes(broken('`Chain.Gone` `Chain.Crashed` `Run.InvalidInput`'))).toEqual(['Chain.Gone']);
  });
});
