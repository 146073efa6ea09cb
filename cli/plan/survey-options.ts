import { UsageError } from '../command-line';

/** What `plan` and `preview` have in common: which run is meant, and where its functions are. */
export interface SurveyOptions {
  readonly job?: string;
  /** Name of a deployed stack. @default - the app of this directory, on an engine of this process */
  readonly stack?: string;
  /** Fields of the run's input that differ from what the schedule would start. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Name of the schedule whose run is meant. @default - as in dev */
  readonly schedule?: string;
  readonly items?: number;
  readonly chains?: number;
  readonly rate?: number;
  readonly seed?: string;
  readonly random: number;
}

/** The options as they were read, undefined where nothing was said. */
export interface SurveyFlags {
  readonly stack?: string | undefined;
  readonly input?: string | undefined;
  readonly schedule?: string | undefined;
  readonly items?: number | undefined;
  readonly chains?: number | undefined;
  readonly rate?: number | undefined;
  readonly seed?: string | undefined;
  readonly random?: number | undefined;
}

/**
 * The common options, of what was given on a command line.
 *
 * @throws UsageError where they are wrong
 */
export function surveyOptions(given: SurveyFlags, job: string | undefined): SurveyOptions {
  const { stack, input, schedule, items, chains, rate, seed, random } = given;
  const local = (['schedule', 'items', 'chains', 'rate', 'seed', 'random'] as const).find(
    (name) => given[name] !== undefined,
  );
  if (stack !== undefined && local !== undefined) {
    throw new UsageError(
      `Expected no --${local} beside --stack, whose data and account are real, got both: say it in --input, or leave it out.`,
    );
  }
  return {
    ...(job !== undefined && { job }),
    ...(stack !== undefined && { stack }),
    input: jsonObject('--input', input),
    ...(schedule !== undefined && { schedule }),
    ...(items !== undefined && { items }),
    ...(chains !== undefined && { chains }),
    ...(rate !== undefined && { rate }),
    ...(seed !== undefined && { seed }),
    random: random ?? 1,
  };
}

/** @throws UsageError where it is no object in JSON */
export function jsonObject(what: string, text = '{}'): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`Expected ${what} to be an object in JSON, got ${text}: for example ${what} '{"rate": 100}'.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
