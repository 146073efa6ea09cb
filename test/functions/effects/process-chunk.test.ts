import {
  type ChunkContext,
  type ChunkItem,
  type ChunkVerdicts,
  defineJob,
  idRange,
  inDoubt,
  type Provider,
  Refusal,
  rejected,
  skip,
  throttled,
} from 'worker-chains';
import { processItems } from 'worker-chains/testing';

type ProcessChunk = (
  items: readonly ChunkItem<string>[],
  context: ChunkContext,
) => Promise<ChunkVerdicts> | ChunkVerdicts;

const IDS = [1, 2, 3, 4];

/** How the items 1 to 4 come out together; nothing is found for 4. */
async function together(processChunk: ProcessChunk, provider: Partial<Provider> = {}, chunkItems?: number) {
  const job = defineJob<string>({
    name: 'bulk',
    source: idRange(),
    load: async () => new Map(),
    providers: { api: { rate: 10, ...provider } },
    processChunk,
    ...(chunkItems !== undefined && { chunkItems }),
  });
  const rows = new Map(IDS.slice(0, 3).map((id) => [id, `row ${id}`]));
  const { outcomes } = await processItems(job, { ids: IDS, rows });
  expect(outcomes.get(4)).toEqual({ outcome: 'skipped', reason: 'not-found' });
  return [1, 2, 3].map((id) => {
    const outcome = outcomes.get(id);
    return outcome && 'code' in outcome ? `${outcome.outcome} ${outcome.code}` : outcome?.outcome;
  });
}

const DONE = ['done', 'done', 'done'];
const NO_VERDICTS = Array(3).fill('in-doubt NoVerdict');

describe('a chunk', () => {
  it('is processed at once, with the items that have data, and with a key for each of them', async () => {
    const seen: unknown[] = [];
    const outcomes = await together(async (items, { call }) => {
      seen.push(items);
      await call('api', ({ idempotencyKeys }) => seen.push(idempotencyKeys));
    });

    expect(outcomes).toEqual(DONE);
    expect(seen).toEqual([
      [
        { id: 1, data: 'row 1' },
        { id: 2, data: 'row 2' },
        { id: 3, data: 'row 3' },
      ],
      ['run/1/api', 'run/2/api', 'run/3/api'],
    ]);
  });

  it('has no more items than the job says', async () => {
    const sizes: number[] = [];
    await together((items) => void sizes.push(items.length), {}, 2);

    expect(sizes).toEqual([2, 1]);
  });

  it('is told of item by item, in order or by id', async () => {
    const verdicts = ['done', skip('same'), rejected('Broken')] as const;
    const expected = ['done', 'skipped', 'unprocessed Broken'];

    expect(await together(() => verdicts)).toEqual(expected);
    expect(await together((items) => new Map(items.map(({ id }, index) => [id, verdicts[index] as 'done'])))).toEqual(
      expected,
    );
    expect(await together(() => [inDoubt('NoAnswer'), throttled(5), 'done'])).toEqual([
      'in-doubt NoAnswer',
      'carried',
      'done',
    ]);
    expect(await together(() => [new Refusal('quota-exhausted', 'Daily', 'no more'), 'done', 'done'])).toEqual([
      'carried',
      'done',
      'done',
    ]);
  });

  it.each([
    ['a list that is too short', ['done', 'done']],
    ['a list that is too long', ['done', 'done', 'done', 'done']],
    ['a map without them', new Map()],
    [
      'a map by text',
      new Map([
        ['1', 'done'],
        ['2', 'done'],
        ['3', 'done'],
      ]),
    ],
    ['another object', { 1: 'done' }],
    ['null', null],
    ['other words', ['ok', true, undefined]],
  ])('is in doubt where the job answers %s', async (_, answer) => {
    expect(await together(() => answer as never)).toEqual(NO_VERDICTS);
  });

  it('is in doubt for the items that the answer leaves out', async () => {
    expect(await together(() => new Map([[2, 'done']]))).toEqual(['in-doubt NoVerdict', 'done', 'in-doubt NoVerdict']);
  });
});

describe('what becomes of the call of a chunk counts for each of its items', () => {
  const failing =
    (error: unknown): ProcessChunk =>
    (_, { call }) =>
      call('api', () => {
        throw error;
      });

  it.each([
    [rejected('Broken'), 'unprocessed Broken'],
    [inDoubt('NoAnswer'), 'in-doubt NoAnswer'],
    [new TypeError('no'), 'in-doubt TypeError'],
    [new Refusal('quota-exhausted', 'Daily', 'no more'), 'carried'],
  ])('%s', async (error, outcome) => {
    expect(await together(failing(error))).toEqual([outcome, outcome, outcome]);
  });

  it('whatever the job answers then', async () => {
    const hiding: ProcessChunk = async (items, { call }) => {
      await call('api', () => {
        throw inDoubt('NoAnswer');
      }).catch(() => {});
      return items.map(() => 'done');
    };

    expect(await together(hiding)).toEqual(Array(3).fill('in-doubt NoAnswer'));
  });

  it('also where the job throws by itself', async () => {
    const broken: ProcessChunk = () => {
      throw new RangeError('no');
    };
    const half: ProcessChunk = async (_, { call }) => {
      await call('api', () => 1);
      throw new RangeError('no');
    };

    expect(await together(broken)).toEqual(Array(3).fill('unprocessed RangeError'));
    expect(await together(half)).toEqual(Array(3).fill('in-doubt RangeError'));
  });

  it('and it is made again, with the same keys, where it was throttled, or is open and the provider knows the keys', async () => {
    const keys: string[] = [];
    const outcomes = await together(
      async (_, { call }) => {
        await call('api', ({ idempotencyKeys }) => {
          keys.push(idempotencyKeys.join());
          if (keys.length === 1) throw throttled();
          if (keys.length < 4) throw inDoubt('NoAnswer');
        });
      },
      { idempotent: true },
    );

    expect(outcomes).toEqual(DONE);
    expect(keys).toEqual(Array(4).fill('run/1/api,run/2/api,run/3/api'));
  });

  it('and it must be of a provider that the job declares', async () => {
    expect(await together((_, { call }) => call('other', () => undefined))).toEqual(
      Array(3).fill('unprocessed NoSuchProvider'),
    );
  });
});
