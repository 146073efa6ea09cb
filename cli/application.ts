import {
  type Application,
  ArgumentParseError,
  buildApplication,
  EnumValidationError,
  FlagNotFoundError,
  proposeCompletions,
  type RouteMap,
  run,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from '@stricli/core';
import { packageVersion } from '../cdk/package-files';
import { Failure, FailureInLines, UsageError } from './command-line';
import { type Context, EmptyWord } from './command-parts';
import { awsFailure } from './deployment/aws-failure';
import { inColumns } from './help-columns';
import { printable, printableError } from './printable';
import { helpOf } from './recommended-command';

/** Exit codes beside those of the commands themselves: a wrong command line; anything else. */
const USAGE = 2;
const FAILURE = 1;

export const PROGRAM = 'worker-chains';

/** Where help and sentences go. */
export interface Streams {
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
}

/**
 * Runs the command that `args` name. Answers the exit code: what the command answers; 2 where the command line is wrong,
 * 1 where it fails, each with one sentence on stderr.
 */
export async function call(routes: RouteMap<Context>, args: readonly string[], streams: Streams): Promise<number> {
  const application = applicationOf(routes, args[0] ?? '');
  let said = false;
  const { stdout, stderr } = streams;
  const process: Context['process'] = {
    stdout: { write: (text) => stdout.write(inColumns(text)) },
    stderr: {
      // One mistake at a time: the next one may follow from it.
      write: (text) => {
        if (!said) stderr.write(text);
        said = true;
      },
    },
    exitCode: undefined,
  };
  await run(application, args.flatMap(splitEmpty), { process });
  const code = Number(process.exitCode ?? 0);
  // The library's own codes are negative: a command or an argument that is not understood, or else a defect.
  if (code >= 0) return code;
  return code === -4 || code === -5 ? USAGE : FAILURE;
}

/** What may stand in place of the last word. */
export async function completions(routes: RouteMap<Context>, given: readonly string[]): Promise<readonly string[]> {
  const proposals = await proposeCompletions(applicationOf(routes, given[0] ?? ''), given, { process });
  return proposals.map(({ completion }) => completion);
}

function applicationOf(routes: RouteMap<Context>, command: string): Application<Context> {
  const help = helpOf(routes.getRoutingTargetForInput(command) ? command : undefined);
  return buildApplication<Context>(routes, {
    name: PROGRAM,
    versionInfo: { getCurrentVersion: async () => packageVersion() },
    // Behind `--` everything is an operand: a run may be named like an option.
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true, onlyRequiredInUsageLine: true, caseStyle: 'convert-camel-to-kebab' },
    localization: {
      text: {
        ...text_en,
        briefs: { ...text_en.briefs, argumentEscapeSequence: 'what stands behind it is no option' },
        noCommandRegisteredForInput: ({ input, corrections }) => {
          const near = corrections.map((one) => one.replaceAll('`', '')).join(' or ');
          return printable(`Expected a command, got ${input}: ${near === '' ? '' : `perhaps ${near}, or `}${help}.`);
        },
        exceptionWhileParsingArguments: (error) => printable(sentenceOf(error, command, help)),
        exceptionWhileRunningCommand: textOf,
        exceptionWhileLoadingCommandFunction: textOf,
        commandErrorResult: textOf,
      },
    },
    determineExitCode: (error) => (error instanceof UsageError ? USAGE : FAILURE),
  });
}

/** What is wrong with an argument. */
function sentenceOf(error: unknown, command: string, help: string): string {
  if (error instanceof ArgumentParseError) {
    const { exception, externalFlagNameOrPlaceholder: what } = error;
    if (exception instanceof EmptyWord)
      return nothingFor(exception.isOption ? `--${what}` : command, exception.follows, help);
    return exception instanceof Error ? exception.message : String(exception);
  }
  if (error instanceof EnumValidationError) {
    const values = [error.values.slice(0, -1).join(', '), error.values.at(-1)]
      .filter((part) => part !== '')
      .join(' or ');
    return `Expected --${error.externalFlagName} to be ${values}, got ${error.input === '' ? 'nothing' : error.input}.`;
  }
  if (error instanceof FlagNotFoundError) return `Unknown option '--${error.input}': ${help}.`;
  if (error instanceof UnsatisfiedFlagError) return nothingFor(`--${error.externalFlagName}`, 'a value', help);
  if (error instanceof UnexpectedFlagError) return `Expected --${error.externalFlagName} once, got it twice: ${help}.`;
  if (error instanceof UnexpectedPositionalError) return `Unexpected argument '${error.input}': ${help}.`;
  if (error instanceof UnsatisfiedPositionalError) {
    return nothingFor(command, error.placeholder, help);
  }
  return `${(error as Error).message}: ${help}.`;
}

function nothingFor(what: string, follows: string, help: string): string {
  return `Expected ${what} to be followed by ${follows}, got nothing: ${help}.`;
}

/** A failure of the command itself. */
function textOf(thrown: unknown): string {
  const error = awsFailure(thrown) ?? thrown;
  if (error instanceof FailureInLines) return error.message.split('\n').map(printable).join('\n');
  return error instanceof UsageError || error instanceof Failure ? printable(error.message) : printableError(error);
}

/** `--name=` says that the value is empty; the library would take it for a word, which it is behind `--`. */
function splitEmpty(argument: string, index: number, all: readonly string[]): string[] {
  if (all.indexOf('--') >= 0 && all.indexOf('--') < index) return [argument];
  return /^--[a-z][a-z-]*=$/.test(argument) ? [argument.slice(0, -1), ''] : [argument];
}
