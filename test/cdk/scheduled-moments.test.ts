import * as fc from 'fast-check';
import { clockChanges, momentsOf, requireZone } from '../../cdk/scheduled-moments';

function next(expression: string, zone: string, after: string, most = 3): string[] {
  const found: string[] = [];
  for (const moment of momentsOf(expression, zone, new Date(after))) {
    found.push(moment.toISOString().slice(0, 16));
    if (found.length === most) break;
  }
  return found;
}

describe('the moments of a schedule', () => {
  it('follow the clock of the zone, in summer and in winter', () => {
    expect(next('cron(0 9 ? * MON *)', 'Europe/Berlin', '2026-03-17T00:00:00Z')).toEqual([
      '2026-03-23T08:00',
      '2026-03-30T07:00',
      '2026-04-06T07:00',
    ]);
    expect(next('cron(0 9 ? * MON *)', 'UTC', '2026-03-17T00:00:00Z', 2)).toEqual([
      '2026-03-23T09:00',
      '2026-03-30T09:00',
    ]);
  });

  it('leave out what is in the hour that is left out in spring', () => {
    expect(next('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z')).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]);
    expect(next('cron(30 2 * * ? *)', 'America/New_York', '2026-03-07T12:00:00Z', 2)).toEqual([
      '2026-03-09T06:30',
      '2026-03-10T06:30',
    ]);
  });

  it('count the hour that is there twice in autumn once, the first time', () => {
    expect(next('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    // 02:50 for the first time, and for the second.
    expect(next('cron(0/15 * * * ? *)', 'Europe/Berlin', '2026-10-25T00:50:00Z', 2)).toEqual([
      '2026-10-25T02:00',
      '2026-10-25T02:15',
    ]);
    expect(next('cron(0/15 * * * ? *)', 'Europe/Berlin', '2026-10-25T01:50:00Z', 1)).toEqual(['2026-10-25T02:00']);
  });

  it('know zones that put their clocks forward by half an hour, and those that never do', () => {
    expect(next('cron(15 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-02T00:00:00Z', 2)).toEqual([
      '2026-10-02T15:45',
      '2026-10-04T15:15',
    ]);
    expect(clockChanges('Australia/Lord_Howe', 2026)).toHaveLength(2);
    expect(clockChanges('Asia/Kolkata', 2026)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['the last day of the month', 'cron(0 9 L * ? *)', ['2026-01-31T09:00', '2026-02-28T09:00']],
    ['the weekday nearest to the 15th', 'cron(0 9 15W * ? *)', ['2026-01-15T09:00', '2026-02-16T09:00']],
    ['the third Friday', 'cron(0 9 ? * 6#3 *)', ['2026-01-16T09:00', '2026-02-20T09:00']],
    ['the last Friday', 'cron(0 9 ? * 6L *)', ['2026-01-30T09:00', '2026-02-27T09:00']],
    ['Sunday, which is 1', 'cron(0 9 ? * 1 *)', ['2026-01-04T09:00', '2026-01-11T09:00']],
    ['Saturday, which is L', 'cron(0 9 ? * L *)', ['2026-01-03T09:00', '2026-01-10T09:00']],
    ['every 25 minutes of the hour from the fifth', 'cron(5/25 9 * * ? *)', ['2026-01-01T09:05', '2026-01-01T09:30']],
    ['a year that is to come', 'cron(0 9 1 1 ? 2030)', ['2030-01-01T09:00']],
    ['a single moment', 'at(2026-05-01T10:00:00)', ['2026-05-01T10:00']],
    ['a rate, which is counted from the deployment', 'rate(5 minutes)', []],
    ['a day that never comes', 'cron(0 9 31 2 ? *)', []],
    ['a moment that is past', 'at(2025-05-01T10:00:00)', []],
  ])('are known for %s', (_, expression, moments) => {
    expect(next(expression, 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual(moments);
  });

  it('show the asked hour on the clock of the zone, are the next of their kind, and leave no day out but in a gap', async () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Africa/Casablanca', 'Asia/Tehran', 'UTC');
    await fc.assert(
      fc.property(zones, fc.nat(23), fc.nat(59), fc.integer({ min: 0, max: 400 }), (zone, hour, minute, day) => {
        const after = new Date(Date.UTC(2026, 0, 1 + day));
        const [moment] = momentsOf(`cron(${minute} ${hour} * * ? *)`, zone, after);
        expect(moment).toEqual(firstByLooking(zone, hour, minute, after));
      }),
      { numRuns: 60 },
    );
  });
});

/** Every minute of two days is looked at on the clock of the zone; one that the clock has shown before is none. */
function firstByLooking(zone: string, hour: number, minute: number, after: Date): Date {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  for (let at = after.getTime() + 60_000; at < after.getTime() + 3 * 86_400_000; at += 60_000) {
    const shown = format.format(at);
    const isRepeated = [30, 60].some((before) => format.format(at - before * 60_000) === shown);
    if (shown.endsWith(wanted) && !isRepeated) return new Date(at);
  }
  throw new Error(`Expected ${zone} to show ${wanted} within three days after ${after.toISOString()}.`);
}

it('takes zones as the database spells them, older names included', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5']) {
    expect(() => requireZone(zone)).not.toThrow();
  }
  expect(() => requireZone('europe/berlin')).toThrow('such as Europe/Berlin, got "europe/berlin"');
  for (const zone of ['Europe/Bonn', '+01:00', '']) expect(() => requireZone(zone)).toThrow(/^Expected `zone` to be/);
});
