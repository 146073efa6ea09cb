import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../functions/clients';
import { Ledger } from '../functions/ledger/ledger';
import { claimedItems, type RunRecord } from '../functions/ledger/records';
import { durationFault, itemsLeft, secondsNeeded } from '../functions/run/time-limits';
import { printable, printableError } from './printable';

const HELP = `Looks into the ledger of worker chains, on AWS or on the embedded engine, and changes a run's pace.

  npm run cli -- leftovers RUN --table NAME [--outcome unprocessed|in-doubt] [--limit N] [--after POSITION]
      the items of a run that are unprocessed or in doubt, one JSON line each, page by page:
      the last line of a page says where the next one begins
  npm run cli -- chains RUN --table NAME
      the chains of a run: partition, cursor, link, outcomes
  npm run cli -- rate RUN ITEMS_PER_SECOND --table NAME
      changes the budget of a run while it is on; 0 pauses it. An execution ends after seven days, paused or not:
      a rate at which what is left needs longer is refused

RUN is the name of the execution that created the run; NAME is the stack's output LedgerTableName.
AWS_ENDPOINT_URL_DYNAMODB and the usual AWS settings say where the table is.
`;

/** A mistake on the command line: its message is all that is shown. */
class UsageError extends Error {}

const MOST_ITEMS_OF_A_PAGE = 1000;

async function main(): Promise<void> {
  const { values, positionals } = parse();
  const [command, runId, amount] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(HELP);
    return;
  }
  if (runId === undefined)
    throw new UsageError(`Expected ${command} to be followed by a run, got nothing: see --help.`);
  if (values.table === undefined) {
    throw new UsageError('Expected --table NAME, got nothing: it is the output LedgerTableName of the stack.');
  }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));
  const ledger = new Ledger({ client, tableName: values.table, clock, random: Math.random });
  const run = await ledger.readRun(runId);
  if (!run) throw new UsageError(`Expected a run that the ledger knows, got ${runId}: take the name of its execution.`);
  if (command === 'leftovers') await listLeftovers(ledger, run, values);
  else if (command === 'chains') await listChains(ledger, run);
  else if (command === 'rate') await setRate(ledger, run, amount);
  else throw new UsageError(`Expected leftovers, chains or rate, got ${command}: see --help.`);
}

function parse() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: { table: text, outcome: text, limit: text, after: text, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}: see --help.`);
  }
}

async function listLeftovers(
  ledger: Ledger,
  { runId }: RunRecord,
  { outcome, limit = '100', after }: { outcome?: string; limit?: string; after?: string },
): Promise<void> {
  if (outcome !== undefined && outcome !== 'unprocessed' && outcome !== 'in-doubt') {
    throw new UsageError(`Expected --outcome to be unprocessed or in-doubt, got ${outcome}.`);
  }
  const most = number('--limit', limit, MOST_ITEMS_OF_A_PAGE);
  const page = await ledger.listItems(runId, { limit: most, ...(after !== undefined && { after }) });
  for (const item of page.items) {
    if (outcome === undefined || item.outcome === outcome) print({ ...item, at: new Date(item.at).toISOString() });
  }
  if (page.next !== undefined) print({ next: page.next });
}

async function listChains(ledger: Ledger, { runId }: RunRecord): Promise<void> {
  for (const chain of await ledger.readChains(runId)) {
    const { claim, ...rest } = chain;
    print({ ...rest, claimed: claimedItems(chain).length, updatedAt: new Date(chain.updatedAt).toISOString() });
  }
}

async function setRate(ledger: Ledger, { runId, rate: before }: RunRecord, amount = ''): Promise<void> {
  const rate = number('the items per second', amount, 1_000_000);
  const items = itemsLeft(await ledger.readChains(runId));
  const fault = rate > 0 ? durationFault(items, rate) : undefined;
  if (fault !== undefined) throw new UsageError(fault);
  await ledger.setRate(runId, rate);
  const hoursNeeded = Math.round(secondsNeeded(items, rate) / 36) / 100;
  print({ runId, before, rate, itemsLeft: items, ...(rate > 0 && { hoursNeeded }) });
}

function number(what: string, value: string, most: number): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`Expected ${what} to be a number from 0 to ${most}, got ${value === '' ? 'nothing' : value}.`);
}

function print(value: object): void {
  process.stdout.write(`${printable(JSON.stringify(value))}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error instanceof UsageError ? printable(error.message) : printableError(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
