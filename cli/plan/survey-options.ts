import { UsageError } from '../command-line';
import { number, TEXT } from '../ledger-access';

/** What `plan` and `preview` have in common: which run is meant, and where its functions are. */
export interface SurveyOptions {
  readonly job?: string;
  /** Name of a deployed chain function. @default - the app of this directory, on an engine of this process */
  readonly functionName?: string;
  /** Fields of the run's input that differ from what the schedule would start. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly items?: number;
  readonly chains?: number;
  readonly rate?: number;
  readonly seed?: string;
  readonly random: number;
}

export const SURVEY_HELP = `  JOB             name of a job, or path of its construct in the app; needed where
                  there are several
  --function NAME asks the deployed chain function: the stack's output
                  RunChainFunctionName. Without it, the app of this directory
                  is asked on an engine of this process
  --input JSON    fields of the run's input, beside or instead of those that the
                  schedule gives; with --function all of them but the job
  --items N       as in dev: only the first N of the ids
  --chains N      as in dev
  --rate N        as in dev: mails per second that the local SES account may send
  --seed FILE     as in dev: makes what the job reads
  --random N      as in dev
`;

export const SURVEY_OPTIONS = {
  function: TEXT,
  input: TEXT,
  items: TEXT,
  chains: TEXT,
  rate: TEXT,
  seed: TEXT,
  random: TEXT,
  help: { type: 'boolean' },
} as const;

const MOST_ITEMS = 10_000_000;

type Given = Partial<Record<Exclude<keyof typeof SURVEY_OPTIONS, 'help'>, string>>;

/**
 * The common options, of what was given on a command line.
 *
 * @throws UsageError where they are wrong
 */
export function surveyOptions(command: string, given: Given, [job]: readonly string[]): SurveyOptions {
  const { function: functionName, input, seed, random = '1' } = given;
  if (functionName !== undefined && job === undefined) {
    throw new UsageError(`Expected ${command} with --function to be followed by a job, got nothing: name its job.`);
  }
  const local = (['items', 'chains', 'rate', 'seed', 'random'] as const).find((name) => given[name] !== undefined);
  if (functionName !== undefined && local !== undefined) {
    throw new UsageError(
      `Expected no --${local} beside --function, whose data and account are real, got both: say it in --input, or leave it out.`,
    );
  }
  return {
    ...(job !== undefined && { job }),
    ...(functionName !== undefined && { functionName }),
    input: objectOf(input),
    ...numberOf('items', given.items),
    ...numberOf('chains', given.chains),
    ...numberOf('rate', given.rate),
    ...(seed !== undefined && { seed }),
    random: number('--random', random, 4_294_967_295),
  };
}

function numberOf<Name extends 'items' | 'chains' | 'rate'>(name: Name, value: string | undefined) {
  return value === undefined ? {} : ({ [name]: number(`--${name}`, value, MOST_ITEMS) } as { [Of in Name]: number });
}

function objectOf(text = '{}'): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`Expected --input to be an object in JSON, got ${text}: for example --input '{"rate": 100}'.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
