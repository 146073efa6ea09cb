import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { templates } from '../../../cli/templates/templates';
import type { CompiledMail } from '../../../functions/email/compiled-mail';
import { type MailTemplate, mailTemplate } from '../../../functions/email/mail-template';

/** The least that a mail is made of. */
export const LEAST = {
  'mail.json': '{ "language": "en" }',
  'subject.hbs': 'Hello {{name}}',
  'html.hbs': '<p>Hello {{name}}</p>\n',
} as const;

const directories: string[] = [];

/** A directory of files, for as long as the tests of a file run. */
export function directoryOf(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'mail-'));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) write(directory, name, text);
  return directory;
}

export function write(directory: string, name: string, text: string): void {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** For the tests of a file: what the command says is not printed, and its directories are gone afterwards. */
export function useDirectories(): void {
  let written: jest.SpyInstance;
  beforeAll(() => {
    written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterAll(() => {
    written.mockRestore();
    removeDirectories();
  });
}

export function removeDirectories(): void {
  for (const directory of directories.splice(0)) {
    for (const path of [directory, ...['.ts', '.compiled.ts', '.mail.ts'].map((ending) => `${directory}${ending}`)]) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** The mail of these files, compiled by the command. */
export async function compiled(files: Readonly<Record<string, string>>): Promise<MailTemplate<object>> {
  const directory = directoryOf(files);
  const out = `${directory}.ts`;
  await templates({ out }, directory);
  const module: { readonly default: CompiledMail } = await import(out);
  return mailTemplate(module.default);
}

/** What the command says of these files, which it must refuse. */
export async function refusal(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = directoryOf(files);
  return templates({ out: `${directory}.ts` }, directory).then(
    () => 'nothing: it was written',
    (error: Error) => error.message.replaceAll(directory, 'mail'),
  );
}
