import * as fc from 'fast-check';
import { SendingQuota } from '../../../local/ses/sending-quota';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Takes one recipient after another until refused; returns how many passed and the refusal. */
function takeAll(quota: SendingQuota, now: number, most = 1000): { passed: number; message?: string } {
  for (let passed = 0; passed < most; passed++) {
    try {
      quota.countMail(1, now);
    } catch (error) {
      expect(error).toMatchObject({ name: 'Throttling', statusCode: 400 });
      return { passed, message: (error as Error).message };
    }
  }
  return { passed: most };
}

describe('SendingQuota', () => {
  test('lets one second’s worth pass at once, then the rate', () => {
    const quota = new SendingQuota({ maxSendRate: 14, max24HourSend: -1 }, 0);
    const refused = 'Maximum sending rate exceeded.';

    expect(takeAll(quota, 0)).toEqual({ passed: 14, message: refused });
    expect(takeAll(quota, 500)).toEqual({ passed: 7, message: refused });
    expect(takeAll(quota, 1500)).toEqual({ passed: 14, message: refused });
    expect(takeAll(quota, HOUR)).toEqual({ passed: 14, message: refused });
  });

  test('passes one mail every two seconds at half a mail per second', () => {
    const quota = new SendingQuota({ maxSendRate: 0.5, max24HourSend: -1 }, 0);

    expect([0, 1000, 2000, 3000, 4000].map((now) => takeAll(quota, now).passed)).toEqual([1, 0, 1, 0, 1]);
  });

  test('is not put off by being asked again and again', () => {
    const quota = new SendingQuota({ maxSendRate: 100, max24HourSend: -1 }, 0);
    takeAll(quota, 0);

    for (let now = 1; now < 10; now++) expect(takeAll(quota, now).passed).toBe(0);

    expect(takeAll(quota, 10).passed).toBe(1);
  });

  test('counts recipients: a mail to 50 of them at rate 14 passes, and is paid off before the next', () => {
    const quota = new SendingQuota({ maxSendRate: 14, max24HourSend: -1 }, 0);

    quota.countMail(50, 0);

    expect(() => quota.countMail(1, 2600)).toThrow('Maximum sending rate exceeded.');
    expect(() => quota.countMail(1, 2700)).not.toThrow();
  });

  test('never passes more than a second’s worth above the rate, whenever the mails come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 300 })),
        async (rate, gaps) => {
          const quota = new SendingQuota({ maxSendRate: rate, max24HourSend: -1 }, 0);
          let now = 0;
          let passed = 0;
          for (const gap of gaps) {
            now += gap;
            passed += takeAll(quota, now).passed;
            expect(passed).toBeLessThanOrEqual(rate + (rate * now) / 1000 + 1e-6);
          }
          expect(passed).toBeGreaterThanOrEqual(gaps.length > 0 ? rate : 0);
        },
      ),
    );
  });

  test('that is strict lets nothing above the rate pass in any second, wherever it begins', () => {
    const quota = new SendingQuota({ maxSendRate: 2, max24HourSend: -1, strictRate: true }, 0);
    const passes = (at: number) => {
      try {
        quota.countMail(1, at);
        return true;
      } catch {
        return false;
      }
    };

    expect([10_000, 10_600, 10_999, 11_000, 11_599, 11_600].map(passes)).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
    // More recipients than a second may have pass alone.
    expect(() => quota.countMail(5, 20_000)).not.toThrow();
    expect(() => quota.countMail(1, 20_500)).toThrow('Maximum sending rate exceeded.');
  });

  test('refuses what does not fit the daily quota any more, and counts only what was accepted', () => {
    const quota = new SendingQuota({ maxSendRate: 1000, max24HourSend: 3 }, 0);

    expect(takeAll(quota, 0)).toEqual({ passed: 3, message: 'Daily message quota exceeded.' });
    expect(quota.sentLast24Hours(0)).toBe(3);
    expect(() => quota.countMail(2, DAY - 1)).toThrow('Daily message quota exceeded.');
  });

  test('forgets each mail exactly 24 hours after it', () => {
    const quota = new SendingQuota({ maxSendRate: 1000, max24HourSend: 3 }, 0);
    quota.countMail(2, 0);
    quota.countMail(1, HOUR);

    expect(quota.sentLast24Hours(DAY - 1)).toBe(3);
    expect(quota.sentLast24Hours(DAY)).toBe(1);
    expect(quota.sentLast24Hours(DAY + HOUR)).toBe(0);
    expect(takeAll(quota, DAY + HOUR).passed).toBe(3);
  });

  test('takes a negative daily quota for unlimited', () => {
    const quota = new SendingQuota({ maxSendRate: 100_000, max24HourSend: -1 }, 0);

    expect(takeAll(quota, 0, 60_000)).toEqual({ passed: 60_000 });
    expect(quota.sentLast24Hours(0)).toBe(60_000);
  });

  test('stays right over days of steady sending', () => {
    const quota = new SendingQuota({ maxSendRate: 10, max24HourSend: -1 }, 0);
    for (let now = 0; now < 3 * DAY; now += 5000) quota.countMail(2, now);

    expect(quota.sentLast24Hours(3 * DAY)).toBe(2 * (DAY / 5000 - 1));
  });
});
