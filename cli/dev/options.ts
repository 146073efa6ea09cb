import { MOST_CHAINS } from '../../functions/contract/map-mode';
import { readCommandLine, UsageError } from '../command-line';

/** What `worker-chains dev` is told on its command line. */
export interface DevOptions {
  /** Name of a job, or path of its construct. @default - the only one of the app */
  readonly job?: string;
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
}

interface NumberOption {
  /** What is taken where nothing is said; without it, what is deployed. */
  readonly fallback?: number;
  readonly example: number;
  readonly least: number;
  readonly most: number;
  readonly unit: string;
}

const NUMBERS: Readonly<Record<'items' | 'chains' | 'rate' | 'random' | 'port', NumberOption>> = {
  items: { example: 3000, least: 0, most: 10_000_000, unit: 'a number of ids' },
  chains: { example: 10, least: 1, most: MOST_CHAINS.distributed, unit: 'a number of chains' },
  rate: { example: 250, least: 1, most: 10_000, unit: 'a number of mails per second' },
  random: { fallback: 1, example: 1, least: 0, most: 4_294_967_295, unit: 'a whole number' },
  port: { fallback: 4510, example: 4510, least: 0, most: 65_535, unit: 'a port' },
};

export const HELP = `Runs a job of the app in this directory on worker chains, on this machine,
without an AWS account: the app is synthesized as cdk.json says, and everything
that its stacks hold for chains runs on an embedded engine.

  worker-chains dev [JOB] [options]

  JOB           name of a job, or path of its construct in the app; needed where
                there are several. The run is what its schedule would start now

  --items N     only the first N of the scheduled run's ids, or ids 1 to N
  --chains N    worker chains, 1 to ${MOST_CHAINS.inline}, instead of the scheduled run's; to ${MOST_CHAINS.distributed}
                where the job's mapMode is distributed
  --rate N      mails per second that the local SES account may send (${NUMBERS.rate.example}, or
                the scheduled run's rate if that is more); a run takes a share
  --bounces X   share of the addresses that bounce for good, 0 to 1 (0); what
                becomes of mails shows where the job names a configuration set
  --complaints X
                share of the addresses that complain, 0 to 1 (0)
  --seed FILE   module whose default export makes what the job reads, before the
                run: async ({ job, ids, items, environment, random }) => …
  --random N    a number for that module: other data, the same for the same
                number (${NUMBERS.random.fallback})
  --port N      port of the page and the endpoints, on loopback; 0 takes any
                free one (${NUMBERS.port.fallback}, or a free one if it is taken)
  --keep DIR    keeps tables, objects and the inbox in DIR
  --resume      goes on with the unfinished run in the --keep directory
  --json        ends stdout with the report as one JSON object; progress
                goes to stderr
  --serve       keeps the page and the endpoints up after the run
  --help        shows this

Exit codes: 0 everybody is done or skipped; 1 the run failed or was stopped from
elsewhere; 2 the command line is wrong; 3 the run succeeded, but items are
unprocessed or in doubt: the report says how to list them; 130 Ctrl-C.

An AWS_ENDPOINT_URL_SFN, _LAMBDA, _SES, _DYNAMODB, _S3, _SQS or
_SECRETS_MANAGER in the environment replaces that embedded service.
`;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const OPTIONS = {
  items: TEXT,
  chains: TEXT,
  rate: TEXT,
  bounces: TEXT,
  complaints: TEXT,
  seed: TEXT,
  random: TEXT,
  port: TEXT,
  keep: TEXT,
  resume: FLAG,
  json: FLAG,
  serve: FLAG,
  help: FLAG,
};

/**
 * Reads the command line. `'help'` if help was asked for.
 *
 * @throws UsageError where it is wrong
 */
export function readOptions(args: readonly string[]): DevOptions | 'help' {
  const { values, words } = readCommandLine(args, { command: 'dev', options: OPTIONS, words: 1 });
  if (values.help) return 'help';
  if (values.resume && values.keep === undefined) {
    throw new UsageError(
      'Expected --resume together with --keep DIR, got no directory: name the one that the run was started with.',
    );
  }
  const [job] = words;
  const shares = { ...share('bounces', values.bounces), ...share('complaints', values.complaints) };
  refuseMoreThanAll(shares);
  return {
    ...(job !== undefined && { job }),
    ...number('items', values.items),
    ...number('chains', values.chains),
    ...number('rate', values.rate),
    ...shares,
    ...(values.seed !== undefined && { seed: path('seed', 'a file', values.seed, 'seed.ts') }),
    random: NUMBERS.random.fallback as number,
    ...number('random', values.random),
    port: NUMBERS.port.fallback as number,
    ...number('port', values.port),
    portIsDefault: values.port === undefined,
    ...(values.keep !== undefined && { keep: path('keep', 'a directory', values.keep, '.worker-chains/kept') }),
    resume: values.resume ?? false,
    json: values.json ?? false,
    serve: values.serve ?? false,
  };
}

function number<Name extends keyof typeof NUMBERS>(name: Name, value: string | undefined): { [Of in Name]?: number } {
  const { example, least, most, unit } = NUMBERS[name];
  if (value === undefined) return {};
  const given = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (given >= least && given <= most) return { [name]: given } as { [Of in Name]: number };
  throw new UsageError(
    `Expected --${name} to be ${unit} from ${least} to ${most}, got ${value === '' ? 'nothing' : value}: for example --${name} ${example}.`,
  );
}

/** An address that bounces cannot complain. */
function refuseMoreThanAll({ bounces = 0, complaints = 0 }: Pick<DevOptions, 'bounces' | 'complaints'>): void {
  if (bounces + complaints <= 1) return;
  throw new UsageError(
    `Expected --bounces and --complaints to be at most 1 together, got ${bounces} and ${complaints}: lower one.`,
  );
}

function share<Name extends 'bounces' | 'complaints'>(
  name: Name,
  value: string | undefined,
): { [Of in Name]?: number } {
  if (value === undefined) return {};
  const given = /^(\d+(\.\d+)?|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  if (given <= 1) return { [name]: given } as { [Of in Name]: number };
  throw new UsageError(
    `Expected --${name} to be a share from 0 to 1, got ${value === '' ? 'nothing' : value}: for example --${name} 0.03.`,
  );
}

function path(name: string, kind: string, value: string, example: string): string {
  if (value !== '') return value;
  throw new UsageError(`Expected --${name} to be followed by ${kind}, got nothing: for example --${name} ${example}.`);
}
