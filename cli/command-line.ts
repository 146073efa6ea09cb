import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** A mistake on the command line: its message is all that is shown. */
export class UsageError extends Error {}

/**
 * Something outside of the command failed, the user's app for instance: the message, of one line or more, is all that
 * is shown.
 */
export class Failure extends Error {}

interface CommandLine<Options extends ParseArgsOptionsConfig> {
  /** What follows the program's name: `dev`; empty for the program itself. */
  readonly command: string;
  readonly options: Options;
  /** Most words beside the options. */
  readonly words: number;
}

/**
 * Reads what follows a command: typed by its options, and the words beside them. node:util does that, and a library
 * would have to be taught the sentences and the help that are here: docs/decisions/0019-the-command.md.
 *
 * @throws UsageError where an option or a word is not expected there
 */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { command, options, words }: CommandLine<Options>,
) {
  const config = { args: joinNegatives(args), options, allowPositionals: true, strict: true } satisfies ParseArgsConfig;
  const { values, positionals } = parsed(() => parseArgs(config), command);
  const stray = positionals[words];
  if (stray !== undefined) throw new UsageError(`Unexpected argument '${stray}': see ${help(command)}.`);
  return { values, words: positionals };
}

function parsed<Result>(parse: () => Result, command: string): Result {
  try {
    return parse();
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}: see ${help(command)}.`);
  }
}

function help(command: string): string {
  return ['worker-chains', command, '--help'].filter((word) => word !== '').join(' ');
}

/**
 * `parseArgs` takes the number in `--items -5` for an option; it must get to our own check, which can say what is
 * wrong.
 */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const before = joined.at(-1);
    if (before?.match(/^--\w+$/) && /^-\d/.test(argument)) joined[joined.length - 1] = `${before}=${argument}`;
    else joined.push(argument);
  }
  return joined;
}

/** How a person calls this program here: in its own repository it is not installed. */
export function programName(): string {
  return process.argv[1]?.endsWith('.ts') ? 'npm run cli --' : 'npx worker-chains';
}
