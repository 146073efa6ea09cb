import { NOBODY } from '../../functions/ledger/records';
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

describe('the links of an attempt', () => {
  const attempt = { chainId: 3, epoch: 0, startedAt: 1000 };
  const linksSeen = (...sightings: readonly (readonly [second: number, link: number])[]) => {
    const seen = new SeenLinks();
    for (const [second, link] of sightings)
      seen.observe(second * 1000, [{ chainId: 3, epoch: 0, link, owner: `request-${link}#n` }]);
    return seen;
  };

  it('are whole where every handoff was seen', () => {
    expect(linksSeen([2, 0], [3, 0], [5, 1], [9, 2]).of(attempt)).toEqual([
      { link: 0, epoch: 0, startedAt: 1000, endedAt: 5000, outcome: 'returned', requestId: 'request-0' },
      { link: 1, epoch: 0, startedAt: 5000, endedAt: 9000, outcome: 'returned', requestId: 'request-1' },
      { link: 2, epoch: 0, startedAt: 9000, requestId: 'request-2' },
    ]);
  });

  it('name the invocation that holds the chain, as soon as one does', () => {
    const seen = new SeenLinks();
    seen.observe(2000, [{ chainId: 3, epoch: 0, link: 0, owner: NOBODY }]);
    expect(seen.of(attempt)).toEqual([{ link: 0, epoch: 0, startedAt: 1000 }]);
    seen.observe(3000, [{ chainId: 3, epoch: 0, link: 0, owner: 'request#n' }]);
    seen.observe(4000, [{ chainId: 3, epoch: 0, link: 0, owner: NOBODY }]);
    expect(seen.of(attempt)).toMatchObject([{ requestId: 'request' }]);
  });

  it('are one bar for several where nobody looked', () => {
    expect(linksSeen([20, 4], [30, 7]).of(attempt)).toEqual([
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
