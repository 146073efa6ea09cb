import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '../../cli/routes';
import { said } from '../cli/in-process';
import { codeSpans, type Document, ROOT } from './documents';

/** A call of the command `worker-chains` in a document. */
interface Call {
  readonly name: string;
  readonly flags: readonly string[];
}

/** In blocks of code and in spans, not in running text: "the domain of worker-chains" is no call. */
const CALL = /(?:npm (?:--silent )?run cli --|worker-chains) ([a-z]+)([^\n`|]*)/g;
/** Programs that are not ours. */
const OTHERS = ['aws', 'cdk', 'node', 'npm', 'npx'];
/** Scripts of `package.json` with flags of their own: a flag that stands alone may be theirs. */
const SCRIPTS = ['test/simulation/cli.ts', 'test/bench/main.ts', 'test/scenarios/smoke-command.ts'];
const COMMANDS = [...routes.getAllEntries()].map(({ name }) => name['convert-camel-to-kebab']);

/** What is code in a document: its fenced blocks, and its spans. */
function codeOf(document: Pick<Document, 'text' | 'prose'>): string {
  const blocks = [...document.text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  return [...blocks, ...codeSpans(document)].join('\n');
}

function flagsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<=^|\s|\[)--[a-z][a-z-]*/g)].map(([flag]) => flag);
}

/** Calls by the whole name of the command: `worker-chains plan`, `npm run cli -- plan`. */
export function callsIn(document: Pick<Document, 'text' | 'prose'>): readonly Call[] {
  return [...codeOf(document).matchAll(CALL)].map(([, name = '', rest = '']) => ({ name, flags: flagsIn(rest) }));
}

/** Spans that say a command without its name, `tune RUN --rate N`, or a flag alone, `--rate N`. */
export function shortCallsIn(document: Pick<Document, 'prose'>): readonly (Call | Pick<Call, 'flags'>)[] {
  return codeSpans(document).flatMap((span): readonly (Call | Pick<Call, 'flags'>)[] => {
    if (span.startsWith('--')) return [{ flags: flagsIn(span) }];
    const [, name, rest = ''] = /^([a-z]+) (?:[A-Z][\w-]* )*(--[a-z].*)$/.exec(span) ?? [];
    return name === undefined || OTHERS.includes(name) ? [] : [{ name, flags: flagsIn(rest) }];
  });
}

const helps = new Map<string, Promise<string | undefined>>();

/** What a command says of itself; undefined where there is none of this name. */
function helpOf(name: string): Promise<string | undefined> {
  const known = helps.get(name) ?? said([name, '--help']).then(({ code, stdout }) => (code === 0 ? stdout : undefined));
  helps.set(name, known);
  return known;
}

let explained: string | undefined;

/** What the scripts say of themselves, with the code around it. */
function scripts(): string {
  explained ??= SCRIPTS.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
  return explained;
}

function hasFlag(help: string, flag: string): boolean {
  return new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(help);
}

/** Names and flags that no command has. A flag without a command may be any command's. */
export async function unknownIn(calls: readonly (Call | Pick<Call, 'flags'>)[]): Promise<readonly string[]> {
  const unknown: string[] = [];
  for (const call of calls) {
    const names = 'name' in call ? [call.name] : COMMANDS;
    const found = (await Promise.all(names.map(helpOf))).filter((help) => help !== undefined);
    if (!('name' in call)) found.push(scripts());
    if (found.length === 0) unknown.push(...names);
    else unknown.push(...call.flags.filter((flag) => !found.some((help) => hasFlag(help, flag))));
  }
  return unknown;
}
