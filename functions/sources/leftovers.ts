import { invalidInput } from '../contract/errors';
import type { Leftover } from '../contract/outcomes';
import type { ItemId, RunInput } from '../contract/payloads';
import {
  type Cursor,
  LEFTOVERS,
  type LeftoversPlan,
  type Partition,
  type Source,
  type SourcePlan,
} from '../contract/source';
import type { Ledger } from '../ledger/ledger';

/**
 * The items that an earlier run left over: `unprocessedOf` or `inDoubtOf` in the run's input. A cursor is the ledger
 * position of the last item that was passed; '' comes before the first.
 */
export function leftovers(ledger: Ledger): Source {
  async function* walk(of: string, outcome: Leftover) {
    let after: string | undefined;
    do {
      const page = await ledger.listItems(of, after === undefined ? {} : { after });
      for (const item of page.items) if (item.outcome === outcome) yield item;
      after = page.next;
    } while (after !== undefined);
  }

  return {
    kind: LEFTOVERS,

    async plan(input: RunInput): Promise<LeftoversPlan> {
      const outcome = input.unprocessedOf === undefined ? 'in-doubt' : 'unprocessed';
      const of = input.unprocessedOf ?? input.inDoubtOf ?? '';
      const run = await ledger.readRun(of);
      const field = outcome === 'unprocessed' ? 'unprocessedOf' : 'inDoubtOf';
      if (run?.job !== input.job) {
        throw invalidInput(
          `Expected \`${field}\` to be a run of the job ${input.job}, got "${of}"${run ? `, a run of ${run.job}` : ', which the ledger does not know'}: take the run's id from its execution's name.`,
        );
      }
      // A run that may go on may leave more behind, in the middle of what another run had taken over.
      if (run.status !== 'reconciled') {
        throw invalidInput(
          `Expected \`${field}\` to be a run that has come to its end, got "${of}", which is ${run.status}: redrive its execution or resume it first.`,
        );
      }
      let items = 0;
      let end = '';
      for await (const item of walk(of, outcome)) {
        items += 1;
        end = item.position;
      }
      return { of, outcome, start: '', end, items };
    },

    async split(plan: SourcePlan, chains: number): Promise<readonly Partition[]> {
      const { of, outcome, items } = plan as LeftoversPlan;
      const partitions: Partition[] = [];
      const count = Math.min(chains, items);
      let start = '';
      let seen = 0;
      for await (const { position } of walk(of, outcome)) {
        seen += 1;
        const before = partitions.reduce((sum, partition) => sum + partition.items, 0);
        // Sizes that differ by at most one, the larger ones first.
        const size = Math.ceil((items - before) / (count - partitions.length));
        if (seen - before < size) continue;
        partitions.push({ start, end: position, items: size });
        start = position;
      }
      return partitions;
    },

    async read(plan: SourcePlan, cursor: Cursor, end: Cursor, limit: number) {
      const { of, outcome } = plan as LeftoversPlan;
      const page = await ledger.listItems(of, { limit, ...(cursor === '' ? {} : { after: String(cursor) }) });
      const within = page.items.filter(({ position }) => position <= String(end));
      const ids: ItemId[] = within.filter((item) => item.outcome === outcome).map(({ id }) => id);
      // The page may end with items that are passed over: its own position counts, not that of its last item.
      const ended = within.length < page.items.length || page.next === undefined || page.next >= String(end);
      return { ids, next: ended ? end : page.next };
    },

    compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
  };
}
