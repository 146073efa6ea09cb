import { ITEM_POSITION } from '../functions/ledger/items';
import { UsageError } from './command-line';
import type { DeployedFlags, JsonFlag } from './command-parts';
import { findRun } from './deployment/find-run';
import { openDeployment } from './deployment/open-deployment';
import { moment, print, printTable, say } from './output';

export interface PageFlags extends DeployedFlags, JsonFlag {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

const USUAL_PAGE = 100;

interface LeftoversFlags extends PageFlags {
  readonly outcome?: 'unprocessed' | 'in-doubt' | undefined;
}

/**
 * `worker-chains leftovers`. Answers the exit code.
 *
 * @throws UsageError where the deployment does not know the run
 */
export async function leftovers({ outcome, json, ...flags }: LeftoversFlags, reference: string): Promise<number> {
  const opened = await openDeployment(flags);
  const { runId } = await findRun(reference, opened);
  const page = await opened.ledger.listItems(runId, pageOf(flags, ITEM_POSITION));
  const items = page.items.filter((item) => outcome === undefined || item.outcome === outcome);
  if (json) {
    for (const item of items) print({ ...item, at: new Date(item.at).toISOString() });
    if (page.next !== undefined) print({ next: page.next });
    return 0;
  }
  printTable(
    ['item', 'outcome', 'code', 'message', 'chain', 'at'],
    items.map(({ id, code, message, chainId, at, ...item }) => [
      JSON.stringify(id),
      ...[item.outcome, code, message, chainId, moment(at)],
    ]),
  );
  sayMore(page, items.length);
  return 0;
}

/**
 * What a page is asked for with.
 *
 * @param position that a page of these may end at
 * @throws UsageError where none does
 */
export function pageOf({ limit = USUAL_PAGE, after }: PageFlags, position: RegExp) {
  if (after !== undefined && !position.test(after)) {
    throw new UsageError(
      `Expected --after to be where a page has ended, as its last line says, got ${after || 'nothing'}.`,
    );
  }
  return { limit, ...(after !== undefined && { after }) };
}

/** Ends a page for people. */
export function sayMore({ next }: { readonly next?: string }, shown: number): void {
  if (next !== undefined) say(`There is more: --after ${next}`);
  else if (shown === 0) say('None.');
}
