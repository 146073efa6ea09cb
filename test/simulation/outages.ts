import type { Faults } from './faults';
import type { Random } from './random';

/** The services as a function sees them: each can be out as a whole. */
export const SERVICE_NAMES = ['dynamodb', 'step-functions', 'lambda', 'ses'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** A stretch of time, in milliseconds since the world began, in which every call of a service fails without effect. */
export interface Outage {
  readonly service: ServiceName;
  readonly from: number;
  readonly until: number;
  /** Whether connections are refused at once or time out. */
  readonly how: 'refused' | 'timeout';
}

/** The outages of one world. Only calls that functions make fail: Step Functions still invokes them. */
export class Outages {
  constructor(
    private readonly outages: readonly Outage[],
    private readonly startedAt: number,
    private readonly faults: Faults,
  ) {}

  /** The outage that a call made now runs into. */
  at(service: ServiceName, now: number): Outage | undefined {
    if (this.outages.length === 0 || this.faults.ended) return undefined;
    const since = now - this.startedAt;
    const outage = this.outages.find(
      ({ from, until, ...of }) => of.service === service && from <= since && since < until,
    );
    if (outage) this.faults.count('outage');
    return outage;
  }
}

/** Draws no outage for most runs, and up to three for the others. */
export function drawOutages(random: Random): readonly Outage[] {
  const number = random.chance(0.25) ? 1 : random.chance(0.05) ? random.integer(2, 3) : 0;
  return Array.from({ length: number }, () => {
    const from = random.integer(0, random.pick([2000, 10_000, 40_000]));
    const lasts = 1000 * random.pick([random.integer(1, 20), random.integer(20, 120), random.integer(120, 180)]);
    return { service: random.pick(SERVICE_NAMES), from, until: from + lasts, how: random.pick(['refused', 'timeout']) };
  });
}
