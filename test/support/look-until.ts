import { systemClock as clock, sleep } from '../../functions/contract/clock';

export interface Looks {
  /** Looks, not seconds: a machine that is slow is slow in both. */
  readonly mostLooks: number;
  /** Time between two looks. */
  readonly lookMilliseconds: number;
}

/** Looks again and again until `holds`. @throws Error after so many looks, naming what never came */
export async function lookUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { mostLooks, lookMilliseconds }: Looks,
): Promise<void> {
  for (let looks = 1; !(await holds()); looks++) {
    if (looks === mostLooks) throw new Error(`Looked ${mostLooks} times in vain until ${what}.`);
    await sleep(clock, lookMilliseconds);
  }
}
