import type { Random } from './random';

/** What can go wrong at a call, an event, a link or an operator's hand, as verbs of the world. */
const FAULT_KINDS = [
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

/** What the harder world adds to them. */
const HARDER_KINDS = [
  /** DescribeExecution answers a function what was true some seconds ago. */
  'stale-describe',
  /** The first calls of an invocation go out on connections that died while its environment was frozen. */
  'dead-connection',
  /** As above, for mails: the mailer knows that the connection was dead before, so nothing was sent. */
  'dead-mail-connection',
  /** A duplicate of an event expires or dies; its failure record names a link that lives. */
  'spurious-failure-record',
  /** The previous version of the code wrote the records that a link finds. */
  'older-record',
] as const;

/** What is drawn with the scenario and counted once it is met. */
const CIRCUMSTANCES = [
  'outage',
  'cold-start',
  'scarce-concurrency',
  'rejected-mail',
  'planned-pause',
  'redrive-among-others',
  'resume-among-others',
  'rival-run',
  'dry-run',
  'killed-at-deadline',
  'previous-version',
] as const;

type StruckKind = (typeof FAULT_KINDS)[number] | (typeof HARDER_KINDS)[number];
export type FaultKind = StruckKind | (typeof CIRCUMSTANCES)[number];
export type FaultProbabilities = Partial<Record<StruckKind, number>>;

/** Kinds that can end a link, or cut it off from its task, before it has settled what it had claimed. */
const CRASHES: readonly FaultKind[] = [
  'kill-before-effect',
  'kill-after-effect',
  'freeze',
  'hang',
  'lose-response',
  'drop-event',
  'drop-failure-record',
  'killed-at-deadline',
];

/** Kinds that a run is to take in its stride: with nothing else, it succeeds at the first try. */
const HARMLESS: ReadonlySet<FaultKind> = new Set([
  'duplicate-event',
  'throttle',
  'fail-before-effect',
  'ses-throttle',
  'clock-skew',
  'source-change',
  'stale-describe',
  'dead-connection',
  'dead-mail-connection',
  'spurious-failure-record',
  'older-record',
  'previous-version',
  'cold-start',
  'outage',
]);

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
  strikes(kind: StruckKind): boolean {
    if (this.ended || this.left <= 0 || !this.random.chance(this.probabilities[kind] ?? 0)) return false;
    this.left -= 1;
    this.count(kind);
    return true;
  }

  count(kind: FaultKind): void {
    this.injected[kind] = (this.injected[kind] ?? 0) + 1;
  }

  /** How often something happened that can end a link without its settling. */
  get crashes(): number {
    return CRASHES.reduce((sum, kind) => sum + (this.injected[kind] ?? 0), 0);
  }

  /** Whether nothing happened but what a run is to take in its stride, and what is named. */
  isCalm(...named: readonly FaultKind[]): boolean {
    return Object.keys(this.injected).every(
      (kind) => HARMLESS.has(kind as FaultKind) || named.includes(kind as FaultKind),
    );
  }
}

/** What the harder world adds to a mix. */
interface HarderMix {
  readonly probabilities: FaultProbabilities;
  /** Of the other kinds, only those that no run may mind. */
  readonly isCalm: boolean;
}

/** Draws a mix: some kinds alone, some together, some runs without any. */
export function drawFaults(random: Random, harder: HarderMix = { probabilities: {}, isCalm: false }): Faults {
  const probabilities: FaultProbabilities = {};
  const kinds = random.chance(0.3) ? [random.pick(FAULT_KINDS)] : FAULT_KINDS.filter(() => random.chance(0.4));
  const severity = random.pick([0.002, 0.01, 0.03]);
  for (const kind of kinds) probabilities[kind] = RARE[kind] ?? severity * (1 + random.next());
  const isFree = random.chance(0.05);
  const most = random.integer(1, 30);
  const mix = isFree ? {} : harder.isCalm ? harmlessOf(probabilities) : probabilities;
  return new Faults(random, { ...mix, ...harder.probabilities }, most);
}

/** Draws which of the harder world's kinds a run meets. */
export function drawHarderMix(random: Random): HarderMix {
  const probabilities: FaultProbabilities = {};
  for (const kind of HARDER_KINDS) if (random.chance(0.35)) probabilities[kind] = RARE[kind];
  return { probabilities, isCalm: random.chance(0.5) };
}

/** Nothing goes wrong at a call that could cost a link. */
function harmlessOf(probabilities: FaultProbabilities): FaultProbabilities {
  return Object.fromEntries(Object.entries(probabilities).filter(([kind]) => HARMLESS.has(kind as FaultKind)));
}

/** Kinds that are drawn once per event, link or run rather than at every call. */
const RARE: FaultProbabilities = {
  'duplicate-event': 0.3,
  'drop-event': 0.1,
  'delay-event': 0.3,
  'drop-failure-record': 0.5,
  'clock-skew': 0.5,
  'source-change': 0.3,
  stop: 0.8,
  'double-start': 0.8,
  'stale-describe': 0.6,
  'dead-connection': 0.4,
  'dead-mail-connection': 0.4,
  'spurious-failure-record': 0.3,
  'older-record': 0.5,
};
