import { type CodeFile, codeFiles, readDocument } from '../docs/documents';

/** What the author of a job copies from the documents, in the order in which they are told of it. */
const PATHS = ['jobs/hello.ts', 'app.ts', 'cdk.json', 'jobs/hello.test.ts'] as const;

export type AuthorPath = (typeof PATHS)[number];

/** The author's files, by path in their own repository. @throws Error if the documents do not have one of them */
export function authorFiles(): Readonly<Record<AuthorPath, string>> {
  const readme = readDocument('README.md');
  const copied: readonly CodeFile[] = [
    ...codeFiles(readme),
    ...codeFiles(readDocument('docs/testing-a-job.md')),
    { path: 'cdk.json', code: /^`cdk\.json` .*\n\n```json\n([\s\S]*?)^```$/m.exec(readme.text)?.[1] ?? '' },
  ];
  const files = PATHS.map((path) => {
    const code = copied.find((file) => file.path === path)?.code;
    if (code) return [path, code] as const;
    throw new Error(
      `Expected the documents to have a block of code for ${path}, got none: write what an author copies.`,
    );
  });
  return Object.fromEntries(files) as Record<AuthorPath, string>;
}

/** The templates of docs/templates.md, by path in their author's repository. @throws Error if it has none */
export function mailFiles(): Readonly<Record<string, string>> {
  const { text } = readDocument('docs/templates.md');
  const files = [...text.matchAll(/`(mails\/bill\/\S+)`[^\n]*\n\n```\w+\n([\s\S]*?)^```$/gm)];
  if (files.length === 0) throw new Error('Expected docs/templates.md to have the files of mails/bill, got none.');
  return Object.fromEntries(files.map(([, path, code]) => [path, code] as [string, string]));
}
