import { RECORD_VERSION } from '../contract/versions';
import type { WarmUpState } from '../contract/warm-up';
import { beginningOfDay, warmUpDay } from '../contract/warm-up';
import type { LedgerTable } from './ledger-table';
import { ABSENT } from './write-conditions';

/** Digits of a day's number: they are compared as text. */
const DAY_DIGITS = 5;
/** For so many days after it has begun, a day's counter is kept. */
const KEPT_DAYS = 10;

/**
 * How many mails sending domains have sent on which day of their warm-up. Since when a domain sends is kept for ever; its
 * days have a counter each, which goes up only.
 */
export class WarmUps {
  constructor(private readonly table: LedgerTable) {}

  /**
   * Notes that the domain sends from now on, where it has not sent before. Answers since when it does, in milliseconds since
   * the epoch: the first word counts.
   */
  async begin(domain: string, now: number): Promise<number> {
    const known = await this.readBeginning(domain);
    if (known !== undefined) return known;
    const beginning = { at: now, version: RECORD_VERSION };
    const { stored } = await this.table.put(beginningKey(domain), beginning, ABSENT, () => true);
    return Number(stored?.at ?? now);
  }

  /**
   * Counts one mail more on a day, as long as there are fewer than `limit`; false where there are not. Repeats itself for two
   * seconds: a mail waits. Where an answer was lost it may count one too many.
   *
   * @param limit @default - it counts in any case
   */
  async take(domain: string, beganAt: number, day: number, limit = Number.MAX_SAFE_INTEGER): Promise<boolean> {
    const expiresAt = Math.floor(beginningOfDay(beganAt, day + KEPT_DAYS) / 1000);
    return this.table.setAndCount(dayKey(domain, day), { expiresAt, version: RECORD_VERSION }, 'taken', {
      expression: 'attribute_not_exists(#taken) OR #taken < :limit',
      values: { limit },
    });
  }

  /** Where a domain is at a moment, in milliseconds since the epoch. */
  async read(domain: string, now: number): Promise<WarmUpState> {
    const beganAt = await this.readBeginning(domain);
    if (beganAt === undefined) return { day: 0, taken: 0 };
    const day = warmUpDay(beganAt, now);
    const stored = await this.table.get(dayKey(domain, day));
    return { beganAt, day, taken: Number(stored?.taken ?? 0) };
  }

  private async readBeginning(domain: string): Promise<number | undefined> {
    const stored = await this.table.get(beginningKey(domain));
    return stored === undefined ? undefined : Number(stored.at);
  }
}

function beginningKey(domain: string) {
  return { pk: partitionOf(domain), sk: 'began' };
}

function dayKey(domain: string, day: number) {
  return { pk: partitionOf(domain), sk: `day#${String(day).padStart(DAY_DIGITS, '0')}` };
}

function partitionOf(domain: string): string {
  return `warm-up#${domain}`;
}
