import type { Random } from './random';

/** What can go wrong, as verbs of the world. */
export const FAULT_KINDS = [
  'duplicate-event',
  'drop-event',
  'delay-event',
  'kill-before-effect',
  'kill-after-effect',
  'freeze',
  'throttle',
  'fail-before-effect',
  'lose-response',
  'hang',
  'ses-throttle',
  'ses-fail-before-effect',
  'ses-lose-response',
  'drop-failure-record',
  'clock-skew',
  'source-change',
  'stop',
  'double-start',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];
export type FaultProbabilities = Partial<Record<FaultKind, number>>;

/**
 * Which faults a run meets, and how often. Faults end when their time is over or their number is used up, so that a
 * run which is redriven often enough must come to its end: that is checked, too.
 */
export class Faults {
  readonly injected: Partial<Record<FaultKind, number>> = {};
  private left: number;
  /** Nothing goes wrong any more. */
  ended = false;

  constructor(
    private readonly random: Random,
    private readonly probabilities: FaultProbabilities,
    most: number,
  ) {
    this.left = most;
  }

  /** Whether the fault happens here and now. */
  strikes(kind: FaultKind): boolean {
    if (this.ended || this.left <= 0 || !this.random.chance(this.probabilities[kind] ?? 0)) return false;
    this.left -= 1;
    this.count(kind);
    return true;
  }

  count(kind: FaultKind): void {
    this.injected[kind] = (this.injected[kind] ?? 0) + 1;
  }
}

/** Draws a mix: some kinds alone, some together, some runs without any. */
export function drawFaults(random: Random): Faults {
  const probabilities: FaultProbabilities = {};
  const kinds = random.chance(0.3) ? [random.pick(FAULT_KINDS)] : FAULT_KINDS.filter(() => random.chance(0.4));
  const severity = random.pick([0.002, 0.01, 0.03]);
  for (const kind of kinds) probabilities[kind] = RARE[kind] ?? severity * (1 + random.next());
  return new Faults(random, random.chance(0.05) ? {} : probabilities, random.integer(1, 30));
}

/** Kinds that are drawn once per event or per run rather than at every call. */
const RARE: FaultProbabilities = {
  'duplicate-event': 0.3,
  'drop-event': 0.1,
  'delay-event': 0.3,
  'drop-failure-record': 0.5,
  'clock-skew': 0.5,
  'source-change': 0.3,
  stop: 0.8,
  'double-start': 0.8,
};
