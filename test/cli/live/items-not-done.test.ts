import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { writeItemsCsv } from '../../../cli/live/items-csv';
import { type ItemNotDone, itemsNotDone } from '../../../cli/live/items-not-done';
import type { LeftoverItem } from '../../../functions/ledger/items';
import type { Ledger } from '../../../functions/ledger/ledger';
import type { PostponedItem } from '../../../functions/ledger/postponed';
import { positionOf } from '../../../functions/ledger/postponed';
import type { ChainRecord, ItemRecord } from '../../../functions/ledger/records';

interface Held {
  readonly chains?: readonly Partial<ChainRecord>[];
  readonly leftovers?: readonly Partial<LeftoverItem>[];
  /** By chunk, then by index. */
  readonly recorded?: Readonly<Record<number, Readonly<Record<number, ItemRecord['outcome']>>>>;
  readonly postponed?: readonly PostponedItem[];
}

/** A ledger that holds this, two records to a page. */
function ledgerWith({ chains = [], leftovers = [], recorded = {}, postponed = [] }: Held): Ledger {
  return {
    readChains: async () => chains.map((chain) => ({ runId: 'run', carry: [], claim: null, link: 4, ...chain })),
    async listItems(_runId: string, { after = '0', limit = 0 }) {
      const next = Number(after) + limit;
      return { items: leftovers.slice(Number(after), next), ...(next < leftovers.length && { next: String(next) }) };
    },
    async readChunkItems(_runId: string, _chainId: number, chunk: number) {
      const outcomes = Object.entries(recorded[chunk] ?? {});
      return new Map(outcomes.map(([index, outcome]) => [Number(index), { outcome }]));
    },
    postponed: {
      async read(_runId: string, _chainId: number, limit: number, after?: string) {
        const left = postponed.filter((item) => after === undefined || positionOf(item) > after);
        return { items: left.slice(0, limit), isLast: left.length <= limit };
      },
    },
  } as unknown as Ledger;
}

async function listed(held: Held): Promise<ItemNotDone[]> {
  const items: ItemNotDone[] = [];
  for await (const item of itemsNotDone(ledgerWith(held), 'run', 2)) items.push(item);
  return items;
}

const leftover = (id: number, change: Partial<LeftoverItem> = {}): Partial<LeftoverItem> => ({
  ...{ id, outcome: 'unprocessed', code: 'Code', message: 'Why.', chainId: 1, link: 2, at: 1000 },
  ...change,
});

describe('the items of a run that are not done', () => {
  it('are those left over, page by page, without those that were in doubt and turned out to be done', async () => {
    const settled = { because: 'Send event', messageId: 'm', at: 1 };
    const leftovers = [1, 2, 3, 4, 5].map((id) => leftover(id, id === 3 ? { outcome: 'in-doubt', settled } : {}));
    expect(await listed({ leftovers })).toEqual(
      [1, 2, 4, 5].map((id) => ({
        ...{ id, outcome: 'unprocessed', code: 'Code', message: 'Why.', chain: 1, link: 2, at: 1000 },
      })),
    );
  });

  it('are also what a chain holds that has not finished: claimed and not recorded, carried, postponed', async () => {
    const due = Date.parse('2026-03-02T06:00:00Z');
    const postponed = [20, 21, 22].map((id, index) => ({ id, due, chunk: 1, index }));
    const chain = {
      chainId: 0,
      claim: { chunk: 9, ids: [10, 11, 12, 13], stragglers: [{ id: 8, chunk: 7, index: 3 }] },
      carry: [14, { id: 'fifteen', place: 3 }],
      postponed: 3,
    };
    const recorded = { 9: { 1: 'unprocessed', 2: 'carried', 3: 'done' } } as const;
    expect((await listed({ chains: [chain], recorded, postponed })).map(({ id, outcome }) => [id, outcome])).toEqual([
      [8, 'claimed'],
      [10, 'claimed'],
      [12, 'claimed'],
      [14, 'not-begun'],
      ['fifteen', 'not-begun'],
      [20, 'postponed'],
      [21, 'postponed'],
      [22, 'postponed'],
    ]);
  });

  it('are none of a chain that has finished', async () => {
    const claim = { chunk: 1, ids: [1], stragglers: [] };
    expect(await listed({ chains: [{ chainId: 0, status: 'finished', claim }] })).toEqual([]);
  });
});

describe('as CSV', () => {
  const directory = mkdtempSync(join(tmpdir(), 'items-csv-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  async function csvOf(items: AsyncIterable<ItemNotDone>): Promise<{ readonly text: string; readonly count: number }> {
    const path = join(directory, 'items.csv');
    const count = await writeItemsCsv(path, items);
    return { text: readFileSync(path, 'utf8'), count };
  }

  async function* these(...items: ItemNotDone[]): AsyncGenerator<ItemNotDone> {
    yield* items;
  }

  it('come with a head, even if there are none', async () => {
    expect(await csvOf(these())).toEqual({ text: 'id,outcome,code,message,chain,link,at\r\n', count: 0 });
  });

  it('are a record each for readers to whom any end of a line ends one, and no cell begins a formula', async () => {
    const part = fc.constantFrom('\n', '\r', '\r\n', '"', ',', ';', '=1+1', '-2', '@a', '\t', 'x', ' ', '＝1', '\0');
    const texts = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(texts, texts), { minLength: 1, maxLength: 4 }), async (pairs) => {
        const items = pairs.map(([id, message]) => ({ id, message, outcome: 'unprocessed', chain: 1 }) as ItemNotDone);
        const { text } = await csvOf(these(...items));
        const [, ...records] = parse(text, { record_delimiter: ['\r\n', '\n', '\r'] }) as string[][];
        const plain = (cell = '') => cell.replace(/^'/, '');
        expect(records.map(([id, , , message]) => [plain(id), plain(message)])).toEqual(pairs);
        expect(records.flat().filter((cell) => /^[=+\-@\t\r\n＝]/.test(cell))).toEqual([]);
      }),
    );
  });

  it('survive whatever stands in them, and are no formulas', async () => {
    const message = 'He said "no",\nthen left; é';
    const { text, count } = await csvOf(
      these(
        { id: '=HYPERLINK("http://x")', outcome: 'unprocessed', code: '@code', message, chain: 3, link: 0, at: 0 },
        { id: -5, outcome: 'claimed', chain: 3 },
      ),
    );
    expect(count).toBe(2);
    expect(parse(text)).toEqual([
      ['id', 'outcome', 'code', 'message', 'chain', 'link', 'at'],
      [`'=HYPERLINK("http://x")`, 'unprocessed', "'@code", message, '3', '0', '1970-01-01T00:00:00.000Z'],
      ['-5', 'claimed', '', '', '3', '', ''],
    ]);
  });

  it('are written as they come: no more than a few are ahead of the file', async () => {
    const file = join(directory, 'items.csv');
    let most = 0;
    async function* many(): AsyncGenerator<ItemNotDone> {
      for (let id = 0; id < 20_000; id++) {
        if (id % 100 === 0) most = Math.max(most, id * 1000 - (statSync(file, { throwIfNoEntry: false })?.size ?? 0));
        yield { id, outcome: 'unprocessed', message: 'x'.repeat(1000), chain: 0 };
      }
    }
    rmSync(file, { force: true });
    expect((await csvOf(many())).count).toBe(20_000);
    // In bytes. All of them together are 20 MB.
    expect(most).toBeLessThan(2_000_000);
  });
});
