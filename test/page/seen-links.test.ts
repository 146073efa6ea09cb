import { type ChainRecord, NOBODY } from '../../functions/ledger/records';
import { AttemptsInHistory } from '../../page/attempts-in-history';
import { SeenLinks } from '../../page/seen-links';
import type { HistoryEvent } from '../../page/view';

const at = (second: number) => new Date(second * 1000).toISOString();

/** Attempts after these events, each with its second and the id of the one before it; ids count from 1. */
function attemptsAfter(
  ...events: readonly (readonly [type: string, second: number, previous: number, details?: object])[]
) {
  const attempts = new AttemptsInHistory();
  events.forEach(([type, second, previousEventId, details = {}], index) => {
    attempts.apply({ id: index + 1, type, timestamp: at(second), previousEventId, ...details } as HistoryEvent);
  });
  return attempts;
}

const scheduled = (chainId: number, epoch: number) => ({
  taskScheduledEventDetails: {
    parameters: JSON.stringify({ FunctionName: 'f', Payload: { runId: 'r', chainId, epoch, link: 0 } }),
  },
});
const failed = (error: string) => ({ taskFailedEventDetails: { error } });

describe('the attempts in a history', () => {
  it('begin with their tasks and end with them, each chain with its own', () => {
    const attempts = attemptsAfter(
      ['TaskScheduled', 1, 0, scheduled(0, 0)],
      ['TaskScheduled', 2, 0, scheduled(1, 0)],
      ['TaskStarted', 3, 1],
      ['TaskStarted', 3, 2],
      ['TaskSubmitted', 4, 3],
      ['TaskSucceeded', 9, 5],
      ['TaskTimedOut', 12, 4],
      ['TaskScheduled', 13, 7, scheduled(1, 1)],
    );
    expect(attempts.of(0)).toEqual([{ chainId: 0, epoch: 0, startedAt: 1000, endedAt: 9000, outcome: 'returned' }]);
    expect(attempts.of(1)).toEqual([
      { chainId: 1, epoch: 0, startedAt: 2000, endedAt: 12_000, outcome: 'timed-out' },
      { chainId: 1, epoch: 1, startedAt: 13_000 },
    ]);
    expect(attempts.of(2)).toEqual([]);
  });

  it.each([
    ['Chain.Crashed', 'died'],
    ['Chain.Parked', 'returned'],
    ['Chain.QuotaExhausted', 'threw'],
  ])('that fail with %s: the last link %s', (error, outcome) => {
    const [attempt] = attemptsAfter(['TaskScheduled', 1, 0, scheduled(0, 0)], ['TaskFailed', 2, 1, failed(error)]).of(
      0,
    );
    expect(attempt).toMatchObject({ endedAt: 2000, outcome });
  });

  it('end with their execution', () => {
    const [attempt] = attemptsAfter(['TaskScheduled', 1, 0, scheduled(0, 0)], ['ExecutionAborted', 5, 0]).of(0);
    expect(attempt).toMatchObject({ endedAt: 5000, outcome: 'returned' });
  });

  it('are not made up from the tasks of other functions, nor from what Step Functions has cut', () => {
    const parameters = ['{"FunctionName":"f","Payload":{"job":"j"}}', '{"FunctionName":"f","Payl', 'null'];
    const events = parameters.map(
      (text) => ['TaskScheduled', 1, 0, { taskScheduledEventDetails: { parameters: text } }] as const,
    );
    expect(attemptsAfter(...events).of(0)).toEqual([]);
  });
});

const NOTHING = { done: 0, skipped: 0, unprocessed: 0, inDoubt: 0 };
const chain = (more: Partial<ChainRecord>) => ({
  chainId: 3,
  epoch: 0,
  link: 0,
  owner: 'request#n',
  ...NOTHING,
  ...more,
});

describe('what a link has settled', () => {
  const first = { chainId: 3, epoch: 0, startedAt: 1000 };
  const looked = (...looks: readonly (readonly [second: number, seen: Partial<ChainRecord>])[]) => {
    const seen = new SeenLinks();
    for (const [second, more] of looks) seen.observe(second * 1000, [chain(more)]);
    return seen;
  };
  const doneBy = (bars: ReturnType<SeenLinks['of']>) => bars.map(({ settled }) => settled?.done);

  it('is what its chain had more when the next one was seen than when it began', () => {
    const seen = looked(
      [2, { done: 3 }],
      [5, { link: 1, done: 40, skipped: 2 }],
      [9, { link: 2, done: 90, skipped: 2 }],
    );
    expect(seen.of(first).map(({ settled }) => settled)).toEqual([
      { ...NOTHING, done: 40, skipped: 2 },
      { ...NOTHING, done: 50 },
      undefined,
    ]);
  });

  it('is known of the last one once somebody has looked after its end', () => {
    const ended = { ...first, endedAt: 10_000, outcome: 'returned' } as const;
    expect(doneBy(looked([2, {}], [5, { link: 1, done: 40 }], [9, { link: 1, done: 70 }]).of(ended))).toEqual([
      40,
      undefined,
    ]);
    expect(doneBy(looked([2, {}], [5, { link: 1, done: 40 }], [11, { link: 1, done: 75 }]).of(ended))).toEqual([
      40, 35,
    ]);
  });

  it('is the sum of several where nobody saw them hand over', () => {
    const ended = { ...first, endedAt: 10_000, outcome: 'returned' } as const;
    expect(looked([11, { link: 4, done: 75 }]).of(ended)).toMatchObject([
      { severalLinks: true, settled: { done: 75 } },
    ]);
  });

  it('begins, in a later attempt, with what the one before was seen to leave', () => {
    const before = { ...first, endedAt: 6000, outcome: 'died' } as const;
    const later = { chainId: 3, epoch: 1, startedAt: 8000, endedAt: 12_000, outcome: 'returned' } as const;
    const looks = [
      [2, {}],
      [7, { done: 40 }],
      [9, { epoch: 1, done: 45, inDoubt: 4 }],
      [13, { epoch: 1, done: 90, inDoubt: 4 }],
    ] as const;
    const seen = looked(...looks);
    expect(seen.of(before)).toMatchObject([{ settled: { done: 40 } }]);
    expect(seen.of(later, before).map(({ settled }) => settled)).toEqual([{ ...NOTHING, done: 50, inDoubt: 4 }]);
    const nobodyLooked = looked(...looks.filter(([second]) => second !== 7));
    expect(nobodyLooked.of(later, before)[0]).not.toHaveProperty('settled');
  });

  it('is not told where evidence has taken items out of doubt meanwhile', () => {
    const seen = looked([2, { inDoubt: 4 }], [5, { link: 1, inDoubt: 4 }], [9, { link: 2, done: 4 }]);
    expect(seen.of(first).map(({ settled }) => settled)).toEqual([{ ...NOTHING, inDoubt: 4 }, undefined, undefined]);
  });
});

describe('the links of an attempt', () => {
  const attempt = { chainId: 3, epoch: 0, startedAt: 1000 };
  const linksSeen = (...sightings: readonly (readonly [second: number, link: number])[]) => {
    const seen = new SeenLinks();
    for (const [second, link] of sightings) seen.observe(second * 1000, [chain({ link, owner: `request-${link}#n` })]);
    return seen;
  };
  /** Without `settled`: nothing was. */
  const barsOf = (seen: SeenLinks, ...attempts: Parameters<SeenLinks['of']>) =>
    seen.of(...attempts).map(({ settled, ...bar }) => {
      expect(settled ?? NOTHING).toEqual(NOTHING);
      return bar;
    });

  it('are whole where every handoff was seen', () => {
    expect(barsOf(linksSeen([2, 0], [3, 0], [5, 1], [9, 2]), attempt)).toEqual([
      { link: 0, epoch: 0, startedAt: 1000, endedAt: 5000, outcome: 'returned', requestId: 'request-0' },
      { link: 1, epoch: 0, startedAt: 5000, endedAt: 9000, outcome: 'returned', requestId: 'request-1' },
      { link: 2, epoch: 0, startedAt: 9000, requestId: 'request-2' },
    ]);
  });

  it('name the invocation that holds the chain, as soon as one does', () => {
    const seen = new SeenLinks();
    seen.observe(2000, [chain({ owner: NOBODY })]);
    expect(seen.of(attempt)).toEqual([{ link: 0, epoch: 0, startedAt: 1000 }]);
    seen.observe(3000, [chain({ owner: 'request#n' })]);
    seen.observe(4000, [chain({ owner: NOBODY })]);
    expect(seen.of(attempt)).toMatchObject([{ requestId: 'request' }]);
  });

  it('are one bar for several where nobody looked', () => {
    expect(barsOf(linksSeen([20, 4], [30, 7]), attempt)).toEqual([
      { link: 0, epoch: 0, startedAt: 1000, endedAt: 30_000, outcome: 'returned', severalLinks: true },
      { link: 5, epoch: 0, startedAt: 30_000, severalLinks: true },
    ]);
  });

  it('are one bar for the whole of an attempt that had ended before', () => {
    const ended = { ...attempt, endedAt: 60_000, outcome: 'died' } as const;
    expect(new SeenLinks().of(ended)).toEqual([
      { link: 0, epoch: 0, startedAt: 1000, endedAt: 60_000, outcome: 'died', severalLinks: true },
    ]);
    expect(linksSeen([70, 2]).of(ended)).toMatchObject([{ link: 0, outcome: 'died', severalLinks: true }]);
  });

  it('are not told apart by a look after the end, which tells only whether there was another', () => {
    const ended = { ...attempt, endedAt: 60_000, outcome: 'returned' } as const;
    const bars = (...sightings: readonly (readonly [second: number, link: number])[]) =>
      linksSeen(...sightings)
        .of(ended)
        .map(({ link, endedAt, severalLinks = false }) => [link, endedAt, severalLinks]);
    expect(bars([20, 0], [30, 1], [61, 1])).toEqual([
      [0, 30_000, false],
      [1, 60_000, false],
    ]);
    expect(bars([20, 0], [30, 1], [61, 2])).toEqual([
      [0, 30_000, false],
      [1, 60_000, true],
    ]);
    expect(bars([20, 0], [30, 1])).toEqual([
      [0, 30_000, false],
      [1, 60_000, true],
    ]);
    expect(bars([61, 0])).toEqual([[0, 60_000, false]]);
  });
});
