import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../functions/contract/clock';
import { expectedItems } from '../functions/contract/source';
import { Ledger } from '../functions/ledger/ledger';
import { claimedItems, type RunRecord } from '../functions/ledger/records';
import { durationFault, itemsLeft, secondsNeeded } from '../functions/run/time-limits';
import { readCommandLine, UsageError } from './command-line';
import { printable } from './printable';

const WHERE = `RUN is the name of the execution that created the run; NAME is the stack's
output LedgerTableName. AWS_ENDPOINT_URL_DYNAMODB and the usual AWS settings say
where the table is.
`;

const LEFTOVERS_HELP = `Lists the items of a run that are unprocessed or in doubt, one JSON line each,
page by page: the last line of a page says where the next one begins.

  worker-chains leftovers RUN --table NAME [options]

  --outcome WHAT     unprocessed or in-doubt (both)
  --limit N          items of a page, up to 1000 (100)
  --after POSITION   goes on where a page ended

${WHERE}`;

const CHAINS_HELP = `Lists the chains of a run: partition, cursor, link, outcomes.

  worker-chains chains RUN --table NAME

${WHERE}`;

const RATE_HELP = `Changes the items per second of a run while it is on; 0 pauses it. An execution
ends after seven days, paused or not: a rate at which what is left needs longer
is refused.

  worker-chains rate RUN ITEMS_PER_SECOND --table NAME

${WHERE}`;

const MOST_ITEMS_OF_A_PAGE = 1000;
const TEXT = { type: 'string' } as const;
const USUAL = { table: TEXT, help: { type: 'boolean' } } as const;

/**
 * `worker-chains leftovers`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or the ledger does not know the run
 */
export async function leftovers(args: readonly string[]): Promise<number> {
  const options = { ...USUAL, outcome: TEXT, limit: TEXT, after: TEXT };
  const { values, words } = readCommandLine(args, { command: 'leftovers', options, words: 1 });
  if (values.help) return help(LEFTOVERS_HELP);
  const { outcome, limit = '100', after } = values;
  const { ledger, run } = await find('leftovers', words[0], values.table);
  if (outcome !== undefined && outcome !== 'unprocessed' && outcome !== 'in-doubt') {
    throw new UsageError(`Expected --outcome to be unprocessed or in-doubt, got ${outcome}.`);
  }
  const most = number('--limit', limit, MOST_ITEMS_OF_A_PAGE);
  const page = await ledger.listItems(run.runId, { limit: most, ...(after !== undefined && { after }) });
  for (const item of page.items) {
    if (outcome === undefined || item.outcome === outcome) print({ ...item, at: new Date(item.at).toISOString() });
  }
  if (page.next !== undefined) print({ next: page.next });
  return 0;
}

/**
 * `worker-chains chains`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or the ledger does not know the run
 */
export async function chains(args: readonly string[]): Promise<number> {
  const { values, words } = readCommandLine(args, { command: 'chains', options: USUAL, words: 1 });
  if (values.help) return help(CHAINS_HELP);
  const { ledger, run } = await find('chains', words[0], values.table);
  for (const chain of await ledger.readChains(run.runId)) {
    const { claim, ...rest } = chain;
    print({ ...rest, claimed: claimedItems(chain).length, updatedAt: new Date(chain.updatedAt).toISOString() });
  }
  return 0;
}

/**
 * `worker-chains rate`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or the ledger does not know the run
 */
export async function rate(args: readonly string[]): Promise<number> {
  const { values, words } = readCommandLine(args, { command: 'rate', options: USUAL, words: 2 });
  if (values.help) return help(RATE_HELP);
  const { ledger, run } = await find('rate', words[0], values.table);
  const itemsPerSecond = number('the items per second', words[1] ?? '', 1_000_000);
  const left = itemsLeft(await ledger.readChains(run.runId));
  const fault = itemsPerSecond > 0 ? durationFault(left, itemsPerSecond) : undefined;
  if (fault !== undefined) throw new UsageError(fault);
  await ledger.setRate(run.runId, itemsPerSecond);
  const items = expectedItems(left) ?? 0;
  const hoursNeeded = Math.round(secondsNeeded(items, itemsPerSecond) / 36) / 100;
  print({
    runId: run.runId,
    before: run.rate,
    rate: itemsPerSecond,
    itemsLeft: items,
    ...(left.items === undefined && { isEstimate: true }),
    ...(itemsPerSecond > 0 && { hoursNeeded }),
  });
  return 0;
}

async function find(
  command: string,
  runId: string | undefined,
  tableName: string | undefined,
): Promise<{ readonly ledger: Ledger; readonly run: RunRecord }> {
  if (runId === undefined) {
    throw new UsageError(
      `Expected ${command} to be followed by a run, got nothing: see worker-chains ${command} --help.`,
    );
  }
  if (tableName === undefined) {
    throw new UsageError('Expected --table NAME, got nothing: it is the output LedgerTableName of the stack.');
  }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));
  const ledger = new Ledger({ client, tableName, clock, random: Math.random });
  const run = await ledger.readRun(runId);
  if (run) return { ledger, run };
  throw new UsageError(`Expected a run that the ledger knows, got ${runId}: take the name of its execution.`);
}

function number(what: string, value: string, most: number): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`Expected ${what} to be a number from 0 to ${most}, got ${value === '' ? 'nothing' : value}.`);
}

function print(value: object): void {
  process.stdout.write(`${printable(JSON.stringify(value))}\n`);
}

function help(text: string): number {
  process.stdout.write(text);
  return 0;
}
