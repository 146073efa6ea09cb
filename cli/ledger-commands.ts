import { claimedItems } from '../functions/ledger/records';
import { readCommandLine, UsageError } from './command-line';
import { DEPLOYED, find, help, number, print, TEXT, USUAL, WHERE } from './ledger-access';

const LEFTOVERS_HELP = `Lists the items of a run that are unprocessed or in doubt, one JSON line each,
page by page: the last line of a page says where the next one begins.

  worker-chains leftovers RUN [options]

  --outcome WHAT     unprocessed or in-doubt (both)
  --limit N          items of a page, up to 1000 (100)
  --after POSITION   goes on where a page ended
${DEPLOYED}
${WHERE}`;

const CHAINS_HELP = `Lists the chains of a run: partition, cursor, link, outcomes.

  worker-chains chains RUN [options]

${DEPLOYED}
${WHERE}`;

const MOST_ITEMS_OF_A_PAGE = 1000;
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
  const { ledger, run } = await find('leftovers', words[0], values);
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
  const { ledger, run } = await find('chains', words[0], values);
  for (const chain of await ledger.readChains(run.runId)) {
    const { claim, parkedUntil, ...rest } = chain;
    const isParked = chain.status === 'parked' && parkedUntil !== undefined;
    print({
      ...rest,
      claimed: claimedItems(chain).length,
      updatedAt: new Date(chain.updatedAt).toISOString(),
      ...(isParked && { parkedUntil: new Date(parkedUntil).toISOString() }),
    });
  }
  return 0;
}
