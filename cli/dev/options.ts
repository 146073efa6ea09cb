import { parseArgs } from 'node:util';

/** What `npm start` is told on its command line. */
export interface StartOptions {
  /** Ids 1 to `items`. */
  readonly items: number;
  readonly chains: number;
  /** Mails per second that the account may send. */
  readonly rate: number;
  readonly seed: number;
  /** 0 takes any free port. */
  readonly port: number;
  /** No port was asked for: any other will do if this one is taken. */
  readonly portIsDefault: boolean;
  /** Directory that keeps the ledger, the inbox and the execution. */
  readonly keep?: string;
  readonly resume: boolean;
  readonly json: boolean;
  readonly serve: boolean;
}

/** A mistake on the command line: its message is all that is shown. */
export class UsageError extends Error {}

interface NumberOption {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
  readonly unit: string;
}

const NUMBERS: Readonly<Record<'items' | 'chains' | 'rate' | 'seed' | 'port', NumberOption>> = {
  items: { fallback: 3000, least: 0, most: 10_000_000, unit: 'a number of ids' },
  chains: { fallback: 10, least: 1, most: 40, unit: 'a number of chains' },
  rate: { fallback: 250, least: 1, most: 10_000, unit: 'a number of mails per second' },
  seed: { fallback: 1, least: 0, most: 4_294_967_295, unit: 'a seed' },
  port: { fallback: 4510, least: 0, most: 65_535, unit: 'a port' },
};

export const HELP = `Runs the job weekly-digest on worker chains, on this machine, without an AWS
account.

  npm start -- [options]

  --items N     ids 1 to N are worked through (${NUMBERS.items.fallback})
  --chains N    worker chains, 1 to 40 (${NUMBERS.chains.fallback})
  --rate N      mails per second that the local SES account may send; a run
                takes 80 % of it (${NUMBERS.rate.fallback})
  --seed N      other recipients, the same for the same seed (${NUMBERS.seed.fallback})
  --port N      port of the page and the endpoints, on loopback; 0 takes any
                free one (${NUMBERS.port.fallback}, or a free one if it is taken)
  --keep DIR    keeps the ledger and the inbox in DIR
  --resume      goes on with the unfinished run in the --keep directory
  --json        ends stdout with the report as one JSON object; progress
                goes to stderr
  --serve       keeps the page and the endpoints up after the run
  --help        shows this

Exit codes: 0 everybody is done or skipped; 1 the run failed or was stopped from
elsewhere; 2 the command line is wrong; 3 the run succeeded, but items are
unprocessed or in doubt: the report says how to list them; 130 Ctrl-C.

An AWS_ENDPOINT_URL_SFN, _LAMBDA, _SES or _DYNAMODB in the environment replaces
that embedded service.
`;

/** Reads the command line. `'help'` if help was asked for. @throws UsageError with one sentence */
export function readOptions(args: readonly string[]): StartOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.resume && values.keep === undefined) {
    throw new UsageError(
      'Expected --resume together with --keep DIR, got no directory: name the one that the run was started with.',
    );
  }
  return {
    items: number('items', values.items),
    chains: number('chains', values.chains),
    rate: number('rate', values.rate),
    seed: number('seed', values.seed),
    port: number('port', values.port),
    portIsDefault: values.port === undefined,
    ...(values.keep !== undefined && { keep: directory(values.keep) }),
    resume: values.resume ?? false,
    json: values.json ?? false,
    serve: values.serve ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: joinNegatives(args),
      options: {
        items: text,
        chains: text,
        rate: text,
        seed: text,
        port: text,
        keep: text,
        resume: flag,
        json: flag,
        serve: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}: see npm start -- --help.`);
  }
}

/** `parseArgs` takes the number in `--items -5` for an option; it must get to our own check, which can say what is wrong. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const before = joined.at(-1);
    if (before?.match(/^--\w+$/) && /^-\d/.test(argument)) joined[joined.length - 1] = `${before}=${argument}`;
    else joined.push(argument);
  }
  return joined;
}

function number(name: keyof typeof NUMBERS, value: string | undefined): number {
  const { fallback, least, most, unit } = NUMBERS[name];
  if (value === undefined) return fallback;
  const given = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (given >= least && given <= most) return given;
  throw new UsageError(
    `Expected --${name} to be ${unit} from ${least} to ${most}, got ${value === '' ? 'nothing' : value}: for example --${name} ${fallback}.`,
  );
}

function directory(value: string): string {
  if (value !== '') return value;
  throw new UsageError(
    'Expected --keep to be followed by a directory, got nothing: for example --keep .worker-chains/kept.',
  );
}
