import * as fc from 'fast-check';
import { retryAfterSeconds, unanswered, verdictOn } from '../../../functions/effects/http-verdict';

const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);

/** Kind and code of the verdict. */
function verdict(status: number, headers: Record<string, string> = {}, keyed = false): string {
  const refusal = verdictOn({ status, headers, keyed, now: NOW });
  return refusal ? `${refusal.kind} ${refusal.code}` : 'done';
}

describe('an answer', () => {
  it.each([
    [200, 'done'],
    [201, 'done'],
    [204, 'done'],
    [299, 'done'],
    [300, 'ambiguous Http300'],
    [301, 'ambiguous Http301'],
    [302, 'ambiguous Http302'],
    [303, 'ambiguous Http303'],
    [304, 'ambiguous Http304'],
    [307, 'rejected Http307'],
    [308, 'rejected Http308'],
    [400, 'rejected Http400'],
    [401, 'rejected Http401'],
    [404, 'rejected Http404'],
    [408, 'ambiguous Http408'],
    [409, 'rejected Http409'],
    [422, 'rejected Http422'],
    [425, 'throttled Throttled'],
    [429, 'throttled Throttled'],
    [499, 'rejected Http499'],
    [500, 'ambiguous Http500'],
    [501, 'ambiguous Http501'],
    [502, 'ambiguous Http502'],
    [503, 'ambiguous Http503'],
    [504, 'ambiguous Http504'],
    [520, 'ambiguous Http520'],
    [600, 'ambiguous Http600'],
    [0, 'ambiguous Http0'],
  ])('of status %d is %s', (status, expected) => {
    expect(verdict(status)).toBe(expected);
  });

  it('of 503 that says when to come again was no work begun', () => {
    expect(verdict(503, { 'retry-after': '7' })).toBe('throttled Throttled');
    expect(verdict(503, { 'retry-after': 'soon' })).toBe('ambiguous Http503');
    expect(verdict(500, { 'retry-after': '7' })).toBe('ambiguous Http500');
  });

  it('of 409 leaves open what the first request with its key does', () => {
    expect(verdict(409, {}, true)).toBe('ambiguous Http409');
  });

  it('has a verdict whatever its status and headers are', async () => {
    await fc.assert(
      fc.property(fc.integer({ min: -1, max: 1000 }), fc.string(), fc.string(), (status, retryAfter, date) => {
        const headers = { 'retry-after': retryAfter, date };
        const refusal = verdictOn({ status, headers, keyed: true, now: NOW });
        expect(refusal === undefined).toBe(status >= 200 && status < 300);
        expect(refusal?.retryAfterSeconds ?? 1).toBeGreaterThan(0);
        expect(refusal?.retryAfterSeconds ?? 1).toBeLessThanOrEqual(3600);
      }),
    );
  });
});

describe('Retry-After', () => {
  const seconds = (said: string | undefined, date?: string) =>
    retryAfterSeconds({ ...(said !== undefined && { 'retry-after': said }), ...(date && { date }) }, NOW);

  it.each([
    ['7', 7],
    [' 120 ', 120],
    ['1.5', 1.5],
    ['0', 0],
    ['99999999999999999999', 3600],
    ['7200', 3600],
    ['Mon, 05 Jan 2026 09:00:30 GMT', 30],
    ['Monday, 05-Jan-26 09:00:30 GMT', 30],
    ['Mon Jan  5 09:00:30 2026', 30],
    // In the past.
    ['Mon, 05 Jan 2026 08:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3600],
  ])('of %j is %d seconds', (said, expected) => {
    expect(seconds(said)).toBe(expected);
  });

  it.each([[undefined], [''], ['-5'], ['soon'], ['1e3'], ['0x10'], ['Mon, 99 Foo 2026'], ['NaN'], ['Infinity']])(
    'of %j says nothing',
    (said) => {
      expect(seconds(said)).toBeUndefined();
    },
  );

  it('is counted by the clock of the server that said it', () => {
    const date = 'Mon, 05 Jan 2026 12:00:00 GMT';

    expect(seconds('Mon, 05 Jan 2026 12:00:20 GMT', date)).toBe(20);
    expect(seconds('Mon, 05 Jan 2026 09:00:20 GMT', 'nonsense')).toBe(20);
    expect(seconds('20', date)).toBe(20);
  });
});

describe('a request without a whole answer', () => {
  it('is in doubt if it may have left, and was throttled if it did not', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

    expect(unanswered(error, false)).toMatchObject({ kind: 'throttled', code: 'ECONNREFUSED' });
    expect(unanswered(error, true)).toMatchObject({ kind: 'ambiguous', code: 'ECONNREFUSED' });
    expect(unanswered(undefined, true)).toMatchObject({ kind: 'ambiguous', code: 'Unknown' });
  });
});
