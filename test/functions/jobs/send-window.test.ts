import { defineJob, type JobDefinition } from '../../../functions/jobs/define-job';
import { idRange } from '../../../functions/sources/id-range';

const WINDOW = { from: '09:00', until: '18:00', zone: 'Europe/Berlin' };

function jobWith(sendWindow: unknown) {
  const definition: JobDefinition<{ zone?: string }> = {
    name: 'weekly-digest',
    source: idRange(),
    load: async () => new Map<number, object>(),
    process: () => undefined,
    sendWindow: sendWindow as never,
  };
  return defineJob(definition);
}

const FROM = '`sendWindow.from` to be a time of day, HH:MM, from 00:00 to 23:59, got';
const UNTIL = '`sendWindow.until` to be a time of day, HH:MM, from 00:00 to 24:00, got';
const ZONE = '`sendWindow.zone` to be an IANA time zone such as Europe/Berlin, got';
const DAYS = '`sendWindow.days` to list some of SUN, MON, TUE, WED, THU, FRI, SAT, once each, got';

const REFUSED: readonly (readonly [unknown, string])[] = [
  ['09:00', "`sendWindow` to be an object such as { from: '09:00', until: '18:00', zone: 'Europe/Berlin' }, got"],
  [null, '`sendWindow` to be an object such as'],
  [[], '`sendWindow` to be an object such as'],
  [{ ...WINDOW, form: 1 }, '`sendWindow` to have no fields but from, until, zone, zoneOf, days, got "form".'],
  ...['9:00', '24:00', '23:60', '0900', '', 900, undefined].map((from) => [{ ...WINDOW, from }, FROM] as const),
  ...['24:01', '18:00:00', ' 18:00', '-1:00', null].map((until) => [{ ...WINDOW, until }, UNTIL] as const),
  [{ ...WINDOW, until: '09:00' }, 'to be another time than `from`: leave the window out to send at any, got "09:00".'],
  ...['Mars/Olympus', '+01:00', '', 1, undefined].map((zone) => [{ ...WINDOW, zone }, ZONE] as const),
  [{ ...WINDOW, zoneOf: 'zone' }, "`sendWindow.zoneOf` to be a function of an item's data, or to be left out"],
  ...[[], ['MON', 'MON'], ['MONDAY'], 'MON', [1]].map((days) => [{ ...WINDOW, days }, DAYS] as const),
];

describe('the send window of a job', () => {
  it.each([
    WINDOW,
    { ...WINDOW, until: '24:00' },
    { ...WINDOW, from: '22:00', until: '06:00' },
    { ...WINDOW, until: '00:00' },
    { ...WINDOW, zone: 'UTC' },
    { ...WINDOW, days: ['MON', 'FRI'] },
    { ...WINDOW, zoneOf: ({ zone }: { zone?: string }) => zone },
  ])('is kept as it is said: %j', (sendWindow) => {
    const kept = jobWith(sendWindow).sendWindow;

    expect(kept).toEqual(sendWindow);
    expect(Object.isFrozen(kept)).toBe(true);
  });

  it('is not changed by who holds what was given', () => {
    const days = ['MON'];
    const job = jobWith({ ...WINDOW, days });
    days.push('whenever');

    expect(job.sendWindow?.days).toEqual(['MON']);
  });

  it.each(REFUSED)('%j is refused in one sentence', (sendWindow, sentence) => {
    expect(() => jobWith(sendWindow)).toThrow(sentence);
  });
});
