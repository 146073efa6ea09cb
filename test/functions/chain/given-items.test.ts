import type { ItemRef, Source, SourceItem } from '../../../functions/contract/source';
import { leftovers } from '../../../functions/sources/leftovers';
import { list } from '../../../functions/sources/list';
import { CARRIED, ChainWorld, comeOut, done, idsOf, nextOf, UNPROCESSED } from './chain-world';
import { range, sourceWith } from './fixture';

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

describe('what a chain was given', () => {
  it('is counted once for every item, however often it is claimed, carried and taken up', async () => {
    const link = await world.linkIn({ run: { chunkItems: 10 } });
    const chunk = await nextOf(link);
    const first = await link.chain.claim(chunk, 4);
    expect(await world.stored()).toMatchObject({ given: 10, carry: range(5, 10) });
    await comeOut(link, first, [CARRIED, CARRIED, ...done([3, 4])]);
    await comeOut(link, await link.chain.claim(await nextOf(link)), done(range(1, 8)));
    await link.chain.settle('interrupted');

    expect(await world.stored()).toMatchObject({ given: 10, done: 10, carry: [] });
  });

  it('is taken from the counts where a version before this one wrote the chain', async () => {
    const before = await world.linkIn({ run: { chunkItems: 4 } });
    const items = await before.chain.claim(await nextOf(before));
    await comeOut(before, items.slice(0, 3), [...done([1]), UNPROCESSED, CARRIED]);
    await before.chain.settle('running');
    await world.withoutGiven();

    expect(await world.stored()).toMatchObject({ given: 4, done: 1, unprocessed: 1, carry: [3] });
    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    await link.recover();
    await comeOut(link, await link.chain.claim(await nextOf(link)), done([3]));
    await comeOut(link, await link.chain.claim(await nextOf(link)), done(range(5, 8)));
    await link.chain.settle('interrupted');

    expect(await world.stored()).toMatchObject({ given: 8, done: 6, unprocessed: 1, inDoubt: 1 });
  });
});

describe('a source that may change', () => {
  const growing = sourceWith({
    frozen: false,
    read: async (_, cursor, __, limit) => ({ ids: range(1, limit), next: Number(cursor) + 1 }),
  });

  it('may give more than was planned, though not without end', async () => {
    const link = await world.linkIn({ run: { chunkItems: 100 }, job: { source: growing } });
    for (let given = 0; given < 1100; given += 100) {
      const chunk = await nextOf(link);
      link.reader.guardItems(chunk);
      await comeOut(link, await link.chain.claim(chunk), done(idsOf(chunk)));
    }

    const chunk = await nextOf(link);
    expect(() => link.reader.guardItems(chunk)).toThrow(
      expect.objectContaining({
        code: 'Chain.Runaway',
        message: 'The source id-range of chain 0 was planned with 50 items, but it answered 1200.',
      }),
    );
  });

  it('may go on after a redrive: what was given before is known by then', async () => {
    const before = await world.linkIn({ run: { chunkItems: 100 }, job: { source: growing } });
    for (let given = 0; given < 1100; given += 100) {
      const chunk = await nextOf(before);
      await comeOut(before, await before.chain.claim(chunk), done(idsOf(chunk)));
    }
    await before.chain.settle('interrupted');
    const link = await world.linkIn({ epoch: 1000, run: { chunkItems: 100 }, job: { source: growing } });

    const chunk = await nextOf(link);
    expect(() => link.reader.guardItems(chunk)).not.toThrow();
  });
});

describe('items that their source brings with their data', () => {
  const PLAN = { start: 1, end: 51, items: 50 };
  /** Rows at places of their own; the third line cannot be read. */
  function rows() {
    const asked: (readonly ItemRef[])[] = [];
    const item = (place: number): SourceItem =>
      place === 3
        ? { id: 'line 3', place, fault: { code: 'Line.Malformed', message: 'Line 3 has two columns.' } }
        : { id: `u${place % 5}`, place, data: `row ${place}` };
    const source: Source = sourceWith({
      kind: 'id-range',
      read: async (_, cursor, end, limit) => {
        const next = Math.min(Number(cursor) + limit, Number(end));
        return { items: range(Number(cursor), next - 1).map(item), next };
      },
      load: async (_plan, items) => {
        asked.push(items);
        return items.filter(({ place }) => place !== 2).map(({ place }) => item(Number(place)));
      },
    });
    return { source, asked };
  }

  it('are not read a second time, but where they are carried: then by their places', async () => {
    const { source, asked } = rows();
    const link = await world.linkIn({ run: { chunkItems: 6 }, job: { source, load: undefined as never } });
    const chunk = await nextOf(link);
    expect(chunk.items).toEqual([
      { id: 'u1', place: 1, data: 'row 1' },
      { id: 'u2', place: 2, data: 'row 2' },
      {
        id: 'line 3',
        place: 3,
        data: undefined,
        fault: { code: 'Line.Malformed', message: 'Line 3 has two columns.' },
      },
      { id: 'u4', place: 4, data: 'row 4' },
      { id: 'u0', place: 5, data: 'row 5' },
      // The same id at another place is another item.
      { id: 'u1', place: 6, data: 'row 6' },
    ]);
    expect(asked).toEqual([]);
    const claimed = await link.chain.claim(chunk);
    expect((await world.stored()).claim?.ids[5]).toEqual({ id: 'u1', place: 6 });
    await comeOut(link, claimed, [CARRIED, CARRIED, UNPROCESSED, ...done([4, 5]), CARRIED]);
    await link.chain.settle('running');
    expect(await world.stored()).toMatchObject({
      carry: [
        { id: 'u1', place: 1 },
        { id: 'u2', place: 2 },
        { id: 'u1', place: 6 },
      ],
    });

    expect((await nextOf(link)).items).toEqual([
      { id: 'u1', place: 1, data: 'row 1' },
      { id: 'u2', place: 2, data: undefined },
      { id: 'u1', place: 6, data: 'row 6' },
    ]);
    expect(asked).toEqual([
      [
        { id: 'u1', place: 1 },
        { id: 'u2', place: 2 },
        { id: 'u1', place: 6 },
      ],
    ]);
  });

  it('are loaded by a job that wants other data of them, which then has a word on every one that can be read', async () => {
    const { source, asked } = rows();
    const load = jest.fn(async (ids: readonly unknown[]) => new Map(ids.map((id) => [id, `loaded ${String(id)}`])));
    const link = await world.linkIn({ run: { chunkItems: 3 }, job: { source, load: load as never } });

    expect((await nextOf(link)).items.map(({ data }) => data)).toEqual(['loaded u1', 'loaded u2', undefined]);
    expect(load.mock.calls).toEqual([[['u1', 'u2']]]);
    expect(asked).toEqual([]);
  });

  it('are found again by a run over what was left over, in doubt after a crash or unprocessed', async () => {
    const { source, asked } = rows();
    const job = { source, load: undefined as never };
    const dead = await world.linkIn({ run: { chunkItems: 6 }, job });
    const claimed = await dead.chain.claim(await nextOf(dead));
    await comeOut(dead, claimed.slice(5), [UNPROCESSED]);
    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 6 }, job });
    await link.recover();
    await world.ledger.setRunStatus('run-1', 'reconciled');

    const again = leftovers(world.ledger, source);
    const plan = await again.plan({ job: 'greeting', inDoubtOf: 'run-1' });
    const page = await again.read(plan, '', plan.end, 25);
    expect(plan).toMatchObject({ items: 5, origin: { start: 1 } });
    expect(page.items).toEqual([1, 2, 3, 4, 5].map((place) => expect.objectContaining({ place })));
    await again.load?.(plan, page.items ?? []);
    expect(asked).toEqual([page.items]);
    const unprocessed = await again.plan({ job: 'greeting', unprocessedOf: 'run-1' });
    expect((await again.read(unprocessed, '', unprocessed.end, 25)).items).toEqual([{ id: 'u1', place: 6 }]);
  });

  it('are asked for by id where the input lists them', async () => {
    const load = jest.fn(async () => []);
    const source = list({ own: { load } });

    await source.load?.(PLAN, [{ id: 7 }]);

    expect(load.mock.calls).toEqual([[undefined, [{ id: 7 }]]]);
    expect(list({ own: {} }).load).toBeUndefined();
  });
});
