import fc from 'fast-check';
import { OUTCOMES } from '../../page/client/outcome-words';
import { linesOf } from '../../page/client/rate-lines';
import { binMilliseconds, binsOf, longestGap } from '../../page/client/throughput-bins';
import { Throughput } from '../../page/throughput';
import type { ThroughputSample } from '../../page/view';

const NOTHING = { done: 0, skipped: 0, unprocessed: 0, inDoubt: 0, throttles: 0 };

/** Looks at a run, each with what came out since the one before. */
const looks = fc.array(
  fc.record({
    after: fc.integer({ min: 1, max: 90_000 }),
    done: fc.integer({ min: 0, max: 50 }),
    skipped: fc.integer({ min: 0, max: 3 }),
    unprocessed: fc.integer({ min: 0, max: 3 }),
    inDoubt: fc.integer({ min: 0, max: 3 }),
    throttles: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 300 },
);

type Look = ThroughputSample;

/** The same as sums since the beginning. */
function summed(steps: readonly ({ readonly after: number } & typeof NOTHING)[]): readonly Look[] {
  let last: Look = { at: 1_000_000, ...NOTHING };
  return steps.map(({ after, ...more }) => {
    const add = (key: keyof typeof NOTHING) => last[key] + more[key];
    last = {
      at: last.at + after,
      done: add('done'),
      skipped: add('skipped'),
      unprocessed: add('unprocessed'),
      inDoubt: add('inDoubt'),
      throttles: add('throttles'),
    };
    return last;
  });
}

function seen(samples: readonly Look[], most?: number): Throughput {
  const throughput = new Throughput(most);
  throughput.begin(1_000_000);
  for (const { at, ...look } of samples) throughput.observe(at, look);
  return throughput;
}

describe('the looks at a run', () => {
  it('keep the first and the last, in order, and never more than they may', () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 4, max: 60 }), (steps, most) => {
        const given = summed(steps);
        const { samples } = seen(given, most);
        expect(samples.length).toBeLessThanOrEqual(most);
        expect(samples[0]).toEqual({ at: 1_000_000, ...NOTHING });
        expect(samples.at(-1)).toEqual(given.at(-1));
        expect(samples.map(({ at }) => at)).toEqual([...samples.map(({ at }) => at)].sort((a, b) => a - b));
      }),
    );
  });

  it('say by two of them that nothing happened, and by a third what was allowed from then on', () => {
    const throughput = new Throughput();
    for (const at of [1, 2, 3, 4]) throughput.observe(at, { ...NOTHING, allowedPerSecond: 9 });
    expect(throughput.samples.map(({ at }) => at)).toEqual([1, 4]);
    throughput.observe(5, { ...NOTHING, allowedPerSecond: 0 });
    expect(throughput.samples.map(({ at, allowedPerSecond }) => [at, allowedPerSecond])).toEqual([
      [1, 9],
      [4, 9],
      [5, 0],
    ]);
  });

  it('leave out one that is not later than the one before', () => {
    const throughput = new Throughput();
    throughput.observe(5, { ...NOTHING, done: 1 });
    throughput.observe(5, { ...NOTHING, done: 2 });
    throughput.observe(4, { ...NOTHING, done: 3 });
    expect(throughput.samples).toEqual([{ at: 5, ...NOTHING, done: 1 }]);
  });
});

describe('the bins of the plot', () => {
  it('hold exactly the items and throttles of the run, whatever their width', () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 1, max: 500 }), (steps, seconds) => {
        const { samples } = seen(summed(steps));
        const [first, last] = [samples[0] as Look, samples.at(-1) as Look];
        const bins = binsOf(samples, first.at, last.at, seconds * 1000);
        for (const outcome of OUTCOMES) {
          const items = bins.reduce((sum, bin, index) => {
            const end = bins[index + 1]?.at ?? last.at;
            return sum + (bin.perSecond[outcome] * (end - bin.at)) / 1000;
          }, 0);
          expect(items).toBeCloseTo(last[outcome], 5);
        }
        expect(bins.reduce((sum, { throttles }) => sum + throttles, 0)).toBeCloseTo(last.throttles, 5);
      }),
    );
  });

  it('begin with the axis, and end with what has been seen', () => {
    const samples = [0, 10, 20].map((second) => ({ at: second * 1000, ...NOTHING, done: second * 4 }));
    const bins = binsOf(samples, 8000, 60_000, 5000);
    expect(bins.map(({ at, perSecond }) => [at, perSecond.done])).toEqual([
      [5000, 4],
      [10_000, 4],
      [15_000, 4],
    ]);
  });

  it('carry what was allowed at the look that ends them', () => {
    const samples = [
      { at: 0, ...NOTHING },
      { at: 2000, ...NOTHING, done: 4, allowedPerSecond: 9 },
      { at: 4000, ...NOTHING, done: 4, allowedPerSecond: 0 },
    ];
    expect(binsOf(samples, 0, 4000, 2000).map(({ allowedPerSecond }) => allowedPerSecond)).toEqual([9, 0]);
  });

  it('are none of a run that was not looked at twice', () => {
    expect(binsOf([], 0, 1000, 1000)).toEqual([]);
    expect(binsOf([{ at: 0, ...NOTHING }], 0, 1000, 1000)).toEqual([]);
  });

  it.each([
    [60_000, 600, 1000],
    [60_000, 100, 5000],
    [0, 0, 1000],
    [1000 * 86_400_000, 600, 12 * 86_400_000],
  ])('are of a round width: %d ms on %d pixels make %d ms', (span, width, step) => {
    expect(binMilliseconds(0, span, width)).toBe(step);
  });
});

it('finds when nobody looked for the longest time', () => {
  expect(longestGap([0, 1, 8, 10].map((at) => ({ at, ...NOTHING })))).toEqual({ at: 1, gap: 7 });
  expect(longestGap([])).toBeUndefined();
});

it.each([
  [1.12, [0, 0.5, 1]],
  [134, [0, 50, 100]],
  [4.4, [0, 2, 4]],
  [560, [0, 200, 400]],
])('draws lines up to %d items a second at %j', (top, lines) => {
  expect(linesOf(top)).toEqual(lines);
});
