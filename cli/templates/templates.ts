import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, normalize, relative, resolve, sep } from 'node:path';
import { Failure, UsageError } from '../command-line';
import { helpOf, shellCommand } from '../recommended-command';
import { compileMail, type MailCode } from './compile-mail';
import { MailTree } from './mail-tree';

const KINDS = /\.(ts|mts|js|mjs)$/;

interface TemplatesFlags {
  readonly out?: string | undefined;
  readonly check?: boolean | undefined;
}

/**
 * `worker-chains templates`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the templates are, or where the module is not what they are
 */
export async function templates(flags: TemplatesFlags, given: string): Promise<number> {
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(
      `Expected templates to be followed by the directory of a mail, got ${given}: ${helpOf('templates')}.`,
    );
  }
  // The module stands beside the directory: that has to have a name.
  const directory = /^\.*$/.test(basename(given)) ? resolve(given) : normalize(given);
  const { out = `${directory.replace(/[/\\]$/, '')}.compiled.ts`, check = false } = flags;
  if (!KINDS.test(out)) throw new UsageError(`Expected --out to be a file .ts, .mts, .js or .mjs, got ${out}.`);
  const tree = new MailTree(directory);
  const module = moduleOf(tree, await compileMail(tree), { directory, out });
  if (!check) {
    writeFileSync(out, module);
    process.stdout.write(`${out}: ${tree.languages.join(', ')}\n`);
    return 0;
  }
  const written = existsSync(out) ? readFileSync(out, 'utf8').replaceAll('\r\n', '\n') : undefined;
  if (written === module) return 0;
  throw new Failure(
    `Expected ${out} to be what ${given} is, got ${written === undefined ? 'no such file' : 'another'}: run ${shellCommand('templates', { operands: [given] })}, and commit the file.`,
  );
}

/** The module's text: the same for the same templates, wherever they lie. */
function moduleOf(
  tree: MailTree,
  { variables, languages }: MailCode,
  where: { directory: string; out: string },
): string {
  const from = relative(dirname(resolve(where.out)), resolve(where.directory))
    .split(sep)
    .join('/');
  const isTypeScript = /\.m?ts$/.test(where.out);
  const parts = [...languages].map(
    ([language, { subject, html, text }]) =>
      `    ${JSON.stringify(language)}: {\n      subject: ${subject},\n      html: ${html},\n      text: ${text},\n    },\n`,
  );
  const mail = `{
  format: 1,
  name: ${JSON.stringify(tree.name)},
  language: ${JSON.stringify(tree.language)},
  languages: {
${parts.join('')}  },
}`;
  const note = `// Made by \`worker-chains templates\` of ${from}: change that, and run it again.\n/* eslint-disable */\n`;
  if (!isTypeScript) return `${note}export default ${mail};\n`;
  return `${note}// @ts-nocheck
import type { CompiledMail } from 'worker-chains';

/** What the templates use. */
export interface Variables ${variables}

const mail: CompiledMail<Variables> = ${mail};

export default mail;
`;
}
