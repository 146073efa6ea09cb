import { UsageError } from '../command-line';
import { NUMBERS } from './option-values';

/** What `worker-chains dev` is told on its command line. */
export interface DevOptions {
  /** Name of a job, or path of its construct. @default - the only one of the app */
  readonly job?: string;
  /** Name of the schedule whose run is meant. @default - the first of the job's that is on, otherwise the first */
  readonly schedule?: string;
  /** @default - the items of the scheduled run */
  readonly items?: number;
  /** @default - those of the scheduled run */
  readonly chains?: number;
  /** Mails per second that the account may send. @default - 250, or what the scheduled run asks for if that is more */
  readonly rate?: number;
  /** Share of the addresses that bounce for good, from 0 to 1. @default - 0 */
  readonly bounces?: number;
  /** Share of the addresses that complain, from 0 to 1. @default - 0 */
  readonly complaints?: number;
  /** Module whose default export makes the data that the job reads. */
  readonly seed?: string;
  /** For data that are made up at random: the same number gives the same. */
  readonly random: number;
  /** 0 takes any free port. */
  readonly port: number;
  /** No port was asked for: any other will do if this one is taken. */
  readonly portIsDefault: boolean;
  /** Directory that keeps the ledger, the inbox and what the run was started with. */
  readonly keep?: string;
  readonly resume: boolean;
  readonly json: boolean;
  readonly serve: boolean;
  /** Each execution environment has a thread of its own. */
  readonly isolate: boolean;
}

/** The options as they were read, undefined where nothing was said. */
export interface DevFlags {
  readonly schedule?: string | undefined;
  readonly items?: number | undefined;
  readonly chains?: number | undefined;
  readonly rate?: number | undefined;
  readonly bounces?: number | undefined;
  readonly complaints?: number | undefined;
  readonly seed?: string | undefined;
  readonly random?: number | undefined;
  readonly port?: number | undefined;
  readonly keep?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly serve?: boolean | undefined;
  readonly isolate?: boolean | undefined;
}

/**
 * What the command line says, with what is taken where it says nothing.
 *
 * @throws UsageError where options do not go together
 */
export function devOptions(flags: DevFlags, job?: string): DevOptions {
  const { schedule, items, chains, rate, bounces, complaints, seed, keep } = flags;
  if (flags.resume && keep === undefined) {
    throw new UsageError(
      'Expected --resume together with --keep DIR, got no directory: name the one that the run was started with.',
    );
  }
  refuseMoreThanAll(flags);
  return {
    ...(job !== undefined && { job }),
    ...(schedule !== undefined && { schedule }),
    ...(items !== undefined && { items }),
    ...(chains !== undefined && { chains }),
    ...(rate !== undefined && { rate }),
    ...(bounces !== undefined && { bounces }),
    ...(complaints !== undefined && { complaints }),
    ...(seed !== undefined && { seed }),
    random: flags.random ?? NUMBERS.random.fallback,
    port: flags.port ?? NUMBERS.port.fallback,
    portIsDefault: flags.port === undefined,
    ...(keep !== undefined && { keep }),
    resume: flags.resume ?? false,
    json: flags.json ?? false,
    serve: flags.serve ?? false,
    isolate: flags.isolate ?? false,
  };
}

/** An address that bounces cannot complain. */
function refuseMoreThanAll({ bounces = 0, complaints = 0 }: DevFlags): void {
  if (bounces + complaints <= 1) return;
  throw new UsageError(
    `Expected --bounces and --complaints to be at most 1 together, got ${bounces} and ${complaints}: lower one.`,
  );
}
