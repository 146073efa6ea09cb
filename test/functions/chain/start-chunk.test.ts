import { startChunk } from '../../../functions/chain/start-chunk';
import type { ChunkCallContext } from '../../../functions/contract/chunk-job';
import type { Job } from '../../../functions/contract/job';
import type { ItemOutcome } from '../../../functions/contract/outcomes';
import { throttled } from '../../../functions/contract/verdicts';
import { claimedItems } from '../../../functions/ledger/records';
import { greeting, range } from './fixture';
import { LinkWorld } from './link-world';

let world: LinkWorld;
let chunks: { readonly ids: readonly number[]; readonly at: number }[];

beforeEach(() => {
  world = new LinkWorld();
  chunks = [];
});

/** A job that calls its API once for each chunk. */
function bulk(attempt: (context: ChunkCallContext) => unknown = () => undefined, change: Partial<Job> = {}): Job {
  return greeting({
    providers: { api: { rate: 1000 } },
    processChunk: async (items, { call }) => {
      chunks.push({ ids: items.map(({ id }) => Number(id)), at: world.clock.now() });
      await call('api', attempt);
    },
    ...change,
  });
}

describe('a link of a job that processes chunks', () => {
  it('claims and starts whole chunks, one permit for each', async () => {
    world.job = bulk();
    // Two chains: a call a second in each.
    await world.store({ rate: 2, chunkItems: 20 });
    const from = world.clock.now();

    expect(await world.link()).toMatchObject({ end: 'finished', done: 50, chunks: 3 });
    expect(chunks.map(({ ids }) => ids)).toEqual([range(1, 20), range(21, 40), range(41, 50)]);
    const between = chunks.map(({ at }) => at - from);
    expect((between[1] as number) - (between[0] as number)).toBeCloseTo(1000, -2);
    expect((between[2] as number) - (between[1] as number)).toBeCloseTo(1000, -2);
  });

  it('takes up first what a chunk before left over', async () => {
    let first = true;
    world.job = bulk(() => undefined, {
      processChunk: (items) => {
        chunks.push({ ids: items.map(({ id }) => Number(id)), at: world.clock.now() });
        const verdicts = items.map(({ id }) => (first && Number(id) % 2 === 0 ? throttled() : ('done' as const)));
        first = false;
        return verdicts;
      },
    });
    await world.store({ chunkItems: 10 });

    expect(await world.link()).toMatchObject({ end: 'finished', done: 50 });
    // The chunk that was read ahead may come before them.
    expect(chunks.flatMap(({ ids }) => ids).filter((id) => id === 2)).toHaveLength(2);
    expect(chunks.flatMap(({ ids }) => ids)).toHaveLength(55);
  });

  it('has one chunk in doubt when it dies, and none where the provider knows the keys', async () => {
    for (const [idempotent, inDoubt] of [
      [false, 20],
      [true, 0],
    ] as const) {
      world = new LinkWorld();
      world.job = bulk(() => new Promise(() => {}), {
        providers: { api: { rate: 1000, idempotent, timeoutSeconds: 60 } },
      });
      await world.store({ chunkItems: 20, heartbeatSeconds: 5 });
      void world.start();
      await world.clock.advance(10_000);
      expect(claimedItems(await world.chain())).toHaveLength(20);
      world.dead.add('token-0');
      await world.clock.advance(1);

      world.job = bulk(undefined, { providers: { api: { rate: 1000, idempotent } } });
      const report = await world.link({ epoch: 1, taskToken: 'token-1' });

      expect(report).toMatchObject({ end: 'finished', inDoubt, done: 50 - inDoubt });
    }
  });
});

describe('of the items of a claim', () => {
  const items = ['a', 'b', 'c'].map((id, index) => ({ id, chunk: 1, index }));

  it.each([
    ['those whose windows are open are processed together', ['a', 'c'], ['done', 'carried', 'done'], 0],
    ['none is, and the permit given back, where all are closed', [], ['carried', 'carried', 'carried'], 1],
  ])('%s', async (_, open, expected, refunds) => {
    const pace = { permit: async () => true, refund: jest.fn() };
    const process = jest.fn(async (all: typeof items) => all.map((): ItemOutcome => ({ outcome: 'done' })));
    const outcomes: Promise<ItemOutcome>[] = [];

    await startChunk(items, {
      ...{ pace, process: process as never, mayStart: () => true, isOpen: ({ id }) => open.includes(id) },
      onItem: (_item, outcome) => outcomes.push(outcome),
    });

    expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual(expected);
    expect(process.mock.calls.map(([all]) => all.map(({ id }) => id))).toEqual(open.length > 0 ? [open] : []);
    expect(pace.refund).toHaveBeenCalledTimes(refunds);
  });
});
