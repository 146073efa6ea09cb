import {
  isBeatDue,
  isGone,
  nextStep,
  type Participant,
  usableBy,
  verdictOn,
} from '../../../functions/ledger/participants';

const NOW = 10_000_000;
const HEARTBEAT = 60;

function aParticipant(change: Partial<Participant> = {}): Participant {
  return {
    ...{ runId: 'run-1', job: 'greeting', heartbeatSeconds: HEARTBEAT, weight: 1, priority: 0, wants: 100, uses: 100 },
    ...{ perSecond: 100, concurrency: null, congestions: 0, waitedSeconds: 0, revision: 1, isSilent: false },
    ...{ joinedAt: NOW, seenAt: NOW, expiresAt: 0 },
    ...change,
  };
}

const TERMS = { weight: 1, priority: 0, wants: 100 };
const ALONE = { isAlone: true, isSettled: false };
const UNSEEN = { isAlone: false, isSettled: false };
const SETTLED = { isAlone: false, isSettled: true };

describe('what a run may count on', () => {
  it('is what it uses, which all others have seen; or what it wants, where nobody else wants anything', () => {
    const joining = aParticipant({ uses: 0 });
    expect(usableBy(joining, false, NOW)).toBe(0);
    expect(usableBy(joining, true, NOW)).toBe(100);
    expect(usableBy(aParticipant({ uses: 40 }), false, NOW)).toBe(40);
  });

  it('is nothing where it does not take part, was taken for dead, or has not renewed its part for long', () => {
    expect(usableBy(undefined, true, NOW)).toBe(0);
    expect(usableBy(aParticipant({ isSilent: true }), true, NOW)).toBe(0);
    expect(usableBy(aParticipant({ seenAt: NOW - 2 * HEARTBEAT * 1000 - 300_001 }), true, NOW)).toBe(0);
  });

  it('ends long before anybody forgets it', () => {
    const silent = aParticipant({ seenAt: NOW - 2 * HEARTBEAT * 1000 - 1_200_000 });
    expect(isGone(silent, NOW)).toBe(false);
    expect(isGone(silent, NOW + 1)).toBe(true);
    expect(usableBy(silent, true, NOW)).toBe(0);
  });
});

describe('the next step of a run', () => {
  const step = (own: Partial<Participant>, terms: Partial<typeof TERMS>, seen: typeof ALONE) =>
    nextStep(aParticipant(own), { ...TERMS, ...terms }, seen, NOW);

  it('is none where its part is as it is to be', () => {
    for (const seen of [ALONE, UNSEEN, SETTLED]) expect(step({}, {}, seen)).toBeUndefined();
  });

  it('that wants more is to say so first, and to use it when the others have seen that', () => {
    expect(step({}, { wants: 150 }, UNSEEN)).toEqual({ wants: 150 });
    expect(step({ wants: 150 }, { wants: 150 }, UNSEEN)).toBeUndefined();
    expect(step({ wants: 150 }, { wants: 150 }, SETTLED)).toEqual({ uses: 150 });
    expect(step({ wants: 150 }, { wants: 150 }, ALONE)).toEqual({ uses: 150 });
  });

  it('that wants less is to use less first, and to say so when nobody of it can use more', () => {
    expect(step({}, { wants: 20 }, UNSEEN)).toEqual({ uses: 20 });
    expect(step({ uses: 20 }, { wants: 20 }, UNSEEN)).toBeUndefined();
    expect(step({ uses: 20 }, { wants: 20 }, ALONE)).toBeUndefined();
    expect(step({ uses: 20 }, { wants: 20 }, SETTLED)).toEqual({ wants: 20 });
  });

  it('that has another weight or priority is to use nothing meanwhile', () => {
    expect(step({}, { weight: 2 }, SETTLED)).toEqual({ uses: 0 });
    expect(step({ uses: 0 }, { weight: 2 }, UNSEEN)).toBeUndefined();
    expect(step({ uses: 0 }, { priority: 1 }, ALONE)).toBeUndefined();
    expect(step({ uses: 0 }, { weight: 2 }, SETTLED)).toEqual({ ...TERMS, weight: 2 });
  });

  it('that was taken for dead is to take part anew, using nothing', () => {
    expect(step({ isSilent: true, wants: 0 }, {}, ALONE)).toEqual({ isSilent: false, uses: 0, ...TERMS });
  });
});

describe('another run', () => {
  const silentFor = (seconds: number, change: Partial<Participant> = {}) =>
    aParticipant({ seenAt: NOW - seconds * 1000, ...change });

  it('is taken for dead before two heartbeat intervals are over, by whoever has watched it', () => {
    expect(verdictOn(silentFor(75), 60_000, true, NOW)).toBeUndefined();
    expect(verdictOn(silentFor(75.1), 60_000, true, NOW)).toBe('mark');
  });

  it('is not taken for dead for a clock that differs', () => {
    expect(verdictOn(silentFor(200), 29_000, true, NOW)).toBeUndefined();
    expect(verdictOn(silentFor(240.1), 0, true, NOW)).toBe('mark');
  });

  it('is dismissed when all others have seen that, and counts no more; nor does it when it is long forgotten', () => {
    expect(verdictOn(silentFor(80, { isSilent: true }), 60_000, false, NOW)).toBeUndefined();
    expect(verdictOn(silentFor(80, { isSilent: true }), 60_000, true, NOW)).toBe('dismiss');
    const dismissed = silentFor(80, { isSilent: true, wants: 0 });
    for (const gone of [dismissed, silentFor(1321)]) {
      expect(isGone(gone, NOW)).toBe(true);
      expect(verdictOn(gone, 60_000, true, NOW)).toBeUndefined();
    }
    expect(isGone(silentFor(80, { isSilent: true }), NOW)).toBe(false);
  });
});

describe('the participation of a run', () => {
  it('is renewed three times in a heartbeat interval, by its first chain, or a little later by another', () => {
    const own = aParticipant({ seenAt: NOW - 20_000 });
    expect(isBeatDue(own, 0, NOW)).toBe(true);
    expect(isBeatDue(own, 0, NOW - 1)).toBe(false);
    expect(isBeatDue(own, 1, NOW)).toBe(false);
    expect(isBeatDue(aParticipant({ seenAt: NOW - 40_000 }), 39, NOW)).toBe(true);
  });
});
