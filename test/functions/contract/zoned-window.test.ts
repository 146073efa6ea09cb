import fc from 'fast-check';
import { minutesOf, type SendWindow, WEEKDAYS } from '../../../functions/contract/send-window';
import { isTimeZone } from '../../../functions/contract/zone-clock';
import { type Opening, ZonedWindow } from '../../../functions/contract/zoned-window';

type Hours = Pick<SendWindow, 'from' | 'until' | 'days'>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** In words: `open until …` or `opens at …`, in UTC. */
function told(hours: Hours, zone: string, now: string): string {
  const opening = new ZonedWindow(hours).openingIn(zone, Date.parse(now));
  return opening ? inWords(opening) : 'unknown';
}

function inWords(opening: Opening): string {
  const short = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z');
  return opening.open ? `open until ${short(opening.closesAt)}` : `opens at ${short(opening.opensAt)}`;
}

const OFFICE = { from: '09:00', until: '18:00' };
const NIGHT = { from: '22:00', until: '06:00' };

describe('a window', () => {
  it.each([
    ['before it opens', OFFICE, 'Europe/Berlin', '2026-07-01T06:59:59.999Z', 'opens at 2026-07-01T07:00Z'],
    ['at its first moment', OFFICE, 'Europe/Berlin', '2026-07-01T07:00:00Z', 'open until 2026-07-01T16:00Z'],
    ['at its last moment', OFFICE, 'Europe/Berlin', '2026-07-01T15:59:59.999Z', 'open until 2026-07-01T16:00Z'],
    ['when it has closed', OFFICE, 'Europe/Berlin', '2026-07-01T16:00:00Z', 'opens at 2026-07-02T07:00Z'],
    ['in winter', OFFICE, 'Europe/Berlin', '2026-01-05T08:00:00Z', 'open until 2026-01-05T17:00Z'],
    ['over midnight, in the evening', NIGHT, 'Europe/Berlin', '2026-07-01T21:00:00Z', 'open until 2026-07-02T04:00Z'],
    ['over midnight, in the morning', NIGHT, 'Europe/Berlin', '2026-07-02T03:59:00Z', 'open until 2026-07-02T04:00Z'],
    ['over midnight, at noon', NIGHT, 'Europe/Berlin', '2026-07-02T10:00:00Z', 'opens at 2026-07-02T20:00Z'],
    [
      'until midnight',
      { from: '20:00', until: '00:00' },
      'UTC',
      '2026-07-02T21:00:00Z',
      'open until 2026-07-03T00:00Z',
    ],
    [
      'of a whole day',
      { from: '00:00', until: '24:00' },
      'UTC',
      '2026-07-02T21:00:00Z',
      'open until 2026-07-03T00:00Z',
    ],
    ['at an offset of 45 minutes', OFFICE, 'Asia/Kathmandu', '2026-07-01T03:14:00Z', 'opens at 2026-07-01T03:15Z'],
    ['at an offset of 30 minutes', OFFICE, 'Asia/Kolkata', '2026-07-01T03:30:00Z', 'open until 2026-07-01T12:30Z'],
    ['where the date is another', OFFICE, 'Pacific/Kiritimati', '2026-07-01T18:59:00Z', 'opens at 2026-07-01T19:00Z'],
    [
      'by the name of a zone in other letters',
      OFFICE,
      'europe/BERLIN',
      '2026-07-01T07:00:00Z',
      'open until 2026-07-01T16:00Z',
    ],
  ])('%s', (_, hours, zone, now, expected) => {
    expect(told(hours, zone, now)).toBe(expected);
  });

  it('opens on its days only, and goes over midnight from those', () => {
    const fridays = { ...NIGHT, days: ['FRI'] as const };

    expect(told(fridays, 'UTC', '2026-07-03T21:00:00Z')).toBe('opens at 2026-07-03T22:00Z');
    expect(told(fridays, 'UTC', '2026-07-04T05:00:00Z')).toBe('open until 2026-07-04T06:00Z');
    expect(told(fridays, 'UTC', '2026-07-04T23:00:00Z')).toBe('opens at 2026-07-10T22:00Z');
  });

  it.each(['Mars/Olympus', '', '+01:00', 'Europe', '__proto__'])('is not known in the zone %p', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
    expect(told(OFFICE, zone, '2026-07-01T07:00:00Z')).toBe('unknown');
  });
});

describe('where clocks are put forward', () => {
  // Europe/Berlin, 2026-03-29: 02:00 is 03:00, at 01:00Z.
  it.each([
    [
      'a window that would open in the hour that is left out opens after it',
      '02:30',
      '05:00',
      '00:59',
      'opens at 2026-03-29T01:00Z',
    ],
    ['one that would close in it closes when it begins', '01:00', '02:30', '00:30', 'open until 2026-03-29T01:00Z'],
    ['one that lies in it does not open on that day', '02:15', '02:45', '00:30', 'opens at 2026-03-30T00:15Z'],
    ['one around it is an hour shorter', '01:00', '04:00', '00:00', 'open until 2026-03-29T02:00Z'],
  ])('%s', (_, from, until, now, expected) => {
    expect(told({ from, until }, 'Europe/Berlin', `2026-03-29T${now}:00Z`)).toBe(expected);
  });

  it('by half an hour, on Lord Howe', () => {
    // 2026-10-04: 02:00 at +10:30 is 02:30 at +11:00, at 2026-10-03T15:30Z.
    expect(told({ from: '02:10', until: '05:00' }, 'Australia/Lord_Howe', '2026-10-03T15:00:00Z')).toBe(
      'opens at 2026-10-03T15:30Z',
    );
  });

  it('by a whole day, in Samoa: nothing opens on a day that there was not', () => {
    // There was no 30th of December 2011: the 29th ended at 10:00Z on the 30th.
    expect(told(OFFICE, 'Pacific/Apia', '2011-12-30T05:00:00Z')).toBe('opens at 2011-12-30T19:00Z');
    expect(told({ ...NIGHT, days: ['THU'] }, 'Pacific/Apia', '2011-12-30T09:00:00Z')).toBe(
      'open until 2011-12-30T10:00Z',
    );
  });
});

describe('where clocks are put back', () => {
  // Europe/Berlin, 2026-10-25: 03:00 is 02:00 again, at 01:00Z.
  it('a window in the hour that comes twice opens once, the first time', () => {
    const hours = { from: '02:15', until: '02:45' };

    expect(told(hours, 'Europe/Berlin', '2026-10-25T00:00:00Z')).toBe('opens at 2026-10-25T00:15Z');
    expect(told(hours, 'Europe/Berlin', '2026-10-25T00:20:00Z')).toBe('open until 2026-10-25T00:45Z');
    expect(told(hours, 'Europe/Berlin', '2026-10-25T01:20:00Z')).toBe('opens at 2026-10-26T01:15Z');
  });

  it.each([
    [
      'one that closes in it closes the first time',
      '01:00',
      '02:30',
      '2026-10-25T00:00',
      'open until 2026-10-25T00:30Z',
    ],
    ['and does not open again', '01:00', '02:30', '2026-10-25T01:10', 'opens at 2026-10-26T00:00Z'],
    ['one that opens in it stays open', '02:30', '04:00', '2026-10-25T01:10', 'open until 2026-10-25T03:00Z'],
    ['one around it is an hour longer', '01:00', '04:00', '2026-10-24T23:00', 'open until 2026-10-25T03:00Z'],
  ])('%s', (_, from, until, now, expected) => {
    expect(told({ from, until }, 'Europe/Berlin', `${now}:00Z`)).toBe(expected);
  });
});

describe('the time in which it is open', () => {
  it('is an hour more where clocks are put back, and an hour less where they are put forward', () => {
    const window = new ZonedWindow({ from: '00:00', until: '12:00' });
    const hours = (from: string, until: string) =>
      window.openWithin('Europe/Berlin', Date.parse(from), Date.parse(until)) / (60 * MINUTE);

    expect(hours('2026-10-24T22:00Z', '2026-10-25T23:00Z')).toBe(13);
    expect(hours('2026-03-28T23:00Z', '2026-03-29T22:00Z')).toBe(11);
    expect(hours('2026-07-01T06:30Z', '2026-07-03T06:30Z')).toBe(24);
    expect(hours('2026-07-01T12:00Z', '2026-07-01T12:00Z')).toBe(0);
  });
});

/** The offset of a zone as `Intl` writes it, `GMT+05:45`: another way than by the parts of a date. */
function oracleOffset(format: Intl.DateTimeFormat, at: number): number {
  const text = format.format(at);
  const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

/** Watches the clock minute by minute, opens and closes the window of each day, and says how it is at `now` (a whole minute). */
function oracleOpen({ from, until, days }: Hours, zone: string, now: number): boolean {
  const opens = (minutesOf(from) as number) * MINUTE;
  const closes = (minutesOf(until) as number) * MINUTE;
  const length = closes > opens ? closes : closes + DAY;
  const state = new Map<number, 'open' | 'over'>();
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  let first: number | undefined;
  for (let at = now - 5 * DAY; at <= now; at += MINUTE) {
    const wall = at + oracleOffset(format, at);
    const today = Math.floor(wall / DAY) * DAY;
    first ??= today + DAY;
    for (const day of [today - 2 * DAY, today - DAY, today]) {
      if (day < first || (days && !days.includes(WEEKDAYS[new Date(day).getUTCDay()] as never))) continue;
      if (wall >= day + length) state.set(day, 'over');
      else if (wall >= day + opens && !state.has(day)) state.set(day, 'open');
    }
  }
  return [...state.values()].includes('open');
}

const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Beirut'],
  ...[
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Africa/Casablanca',
    'America/St_Johns',
  ],
];
/** Around these moments clocks were put forward or back, by half an hour, an hour, or a day. */
const CHANGES = [
  ...['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-11-01T06:00Z', '2026-10-03T15:30Z', '2026-04-04T15:00Z'],
  ...['2011-12-30T10:00Z', '2018-11-04T03:00Z', '2018-02-18T02:00Z', '2025-04-24T22:00Z', '2026-03-08T05:30Z'],
].map((text) => Date.parse(text));

const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const time = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
const cases = fc.record({
  hours: fc
    .record(
      {
        from: minute.map(time),
        until: minute.map(time),
        days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      },
      { requiredKeys: ['from', 'until'] },
    )
    .filter(({ from, until }) => from !== until),
  zone: fc.constantFrom(...ZONES),
  now: fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -36 * 60, max: 36 * 60 }))
    .map(([change, minutes]) => change + minutes * MINUTE),
});

describe('any window in any zone around any change of clocks', () => {
  it('is open when somebody who watches the clock minute by minute says so', () => {
    fc.assert(
      fc.property(cases, ({ hours, zone, now }) => {
        expect(new ZonedWindow(hours as Hours).openingIn(zone, now)?.open).toBe(oracleOpen(hours as Hours, zone, now));
      }),
      { numRuns: 40 },
    );
  });

  it('changes at the moment that it tells, and not before', () => {
    fc.assert(
      fc.property(cases, ({ hours, zone, now }) => {
        const opening = (at: number) => new ZonedWindow(hours as Hours).openingIn(zone, at) as Opening;
        const found = opening(now);
        const change = found.open ? found.closesAt : found.opensAt;

        expect(change).toBeGreaterThan(now);
        expect(inWords(opening(change - 1))).toBe(inWords(found));
        // A window that opens when it closes, at midnight, is open without a pause.
        if (!found.open) expect(opening(change).open).toBe(true);
        else expect(opening(change)).not.toEqual(found);
      }),
      { numRuns: 1000 },
    );
  });

  it('is found again without asking, and asked again once it has changed', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.integer({ min: 0, max: 3 * 24 * 60 }), { maxLength: 8 }),
        ({ hours, zone, now }, steps) => {
          const one = new ZonedWindow(hours as Hours);
          for (const at of steps.map((step) => now + step * MINUTE)) {
            expect(one.openingIn(zone, at)).toEqual(new ZonedWindow(hours as Hours).openingIn(zone, at));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
