import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** A Markdown file of this repository. */
export interface Document {
  /** Path from the repository's root. */
  readonly path: string;
  readonly text: string;
  /** The text without its fenced blocks, line by line. */
  readonly prose: string;
}

/** README, changelog and everything under docs/. */
export function documents(): readonly Document[] {
  const nested = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const paths = ['README.md', 'CHANGELOG.md', ...nested.map((path) => join('docs', path))];
  return paths.filter((path) => path.endsWith('.md')).map(readDocument);
}

export function readDocument(path: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path: relative(ROOT, join(ROOT, path)), text, prose: text.replace(/^```[^\n]*\n[\s\S]*?^```$/gm, '') };
}

/** A fenced block of TypeScript that begins with the path of the file that it would be: `// functions/jobs/x.ts`. */
export interface CodeFile {
  readonly path: string;
  readonly code: string;
}

export function codeFiles({ text }: Pick<Document, 'text'>): readonly CodeFile[] {
  return [...text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```$/gm)].map(([, path = '', code = '']) => ({
    path,
    code,
  }));
}

/** The anchors that GitHub makes of a document's headings; a heading that comes again gets a number. */
export function anchors({ prose }: Pick<Document, 'prose'>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replace(/ /g, '-');
    let anchor = slug;
    for (let again = 1; found.has(anchor); again++) anchor = `${slug}-${again}`;
    found.add(anchor);
  }
  return found;
}

/** What stands in backticks in running text. */
export function codeSpans({ prose }: Pick<Document, 'prose'>): readonly string[] {
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}
