import type { Canary } from '../../functions/contract/canary';
import { drawRowChanges, type RowChanges } from './changing-rows';
import { type Circumstances, drawCircumstances, drawRival, NO_CIRCUMSTANCES, type Rival } from './circumstances';
import { drawFaults, drawHarderMix, type FaultProbabilities, Faults } from './faults';
import { drawHours, type ScenarioHours } from './hours';
import { Random } from './random';

/** One run of the simulation, drawn from its seed. */
export interface Scenario {
  readonly seed: number;
  readonly random: Random;
  readonly faults: Faults;
  readonly items: number;
  readonly first: number;
  readonly chains: number;
  readonly chunkItems: number;
  /** Items per second. */
  readonly rate: number;
  readonly linkSeconds: number;
  readonly heartbeatSeconds: number;
  readonly delivery: 'at-most-once' | 'at-least-once';
  /** Mails per second that the account may send. */
  readonly maxSendRate: number;
  /** Mails that the account may send in a day: sometimes too few, so that a run ends at the quota. */
  readonly dailyQuota: number;
  /** Seconds after the start at which the execution is stopped. */
  readonly stopAfterSeconds?: number;
  /** Seconds for which a stopped run is left alone. */
  readonly pauseSeconds: number;
  /** Milliseconds after the start at which the schedule fires a second time. */
  readonly startAgainAfterMilliseconds?: number;
  /** When the operator sets the budget to 0, and when back. */
  readonly pauseRate?: { readonly afterSeconds: number; readonly untilSeconds: number };
  /** How an execution that did not succeed is taken up again. */
  readonly takeUp: 'redrive' | 'resume';
  readonly circumstances: Circumstances;
  /** A deployment while the run is on: every second link of a chain is one of the previous version's. */
  readonly alternates: boolean;
  /** A share of the items goes first. @default - all at once */
  readonly canary?: Required<Canary>;
  /** A dry run of the same job over the same items is on beside it. @default - none */
  readonly dryRun?: Omit<Rival, 'items'>;
  /** @default - items may be started at any time */
  readonly hours?: ScenarioHours;
  /** Rows go and come while the run is on. @default - the ids of a range, which do not */
  readonly rows?: RowChanges;
}

/** What is fixed instead of drawn. */
export interface ScenarioShape extends Partial<Omit<Scenario, 'seed' | 'random' | 'faults'>> {
  readonly faults?: FaultProbabilities;
}

/** What the harder world adds is drawn apart from what there was before it. */
const ANOTHER_STREAM = 0x5bd1e995;
const VERSIONS_STREAM = 0x27d4eb2f;
const ROWS_STREAM = 0x165667b1;
const HOURS_STREAM = 0x2545f491;
const CANARY_STREAM = 0x2545f491;
const DRY_RUN_STREAM = 0x7feb352d;

export function drawScenario(seed: number, { faults: probabilities, ...fixed }: ScenarioShape = {}): Scenario {
  const random = new Random(seed);
  const apart = new Random(seed ^ ANOTHER_STREAM);
  const circumstances = probabilities ? NO_CIRCUMSTANCES : drawCircumstances(apart);
  const harder = drawHarderMix(apart);
  const faults = probabilities ? new Faults(random, probabilities, 30) : drawFaults(random, harder);
  const rate = random.pick([5, 20, 60, 200]);
  const items = random.pick([0, 1, 3, random.integer(2, 40), random.integer(20, 120)]);
  const heartbeatSeconds = random.pick([6, 15, 30]);
  return {
    seed,
    random,
    faults,
    items,
    first: random.pick([1, 1, 0, 1000]),
    chains: random.integer(1, 6),
    chunkItems: random.integer(1, 12),
    rate,
    linkSeconds: random.integer(1, 8),
    heartbeatSeconds,
    delivery: random.chance(0.15) ? 'at-least-once' : 'at-most-once',
    maxSendRate: Math.ceil(rate * random.pick([1, 1.25, 2])),
    // A fifth of it is kept for production.
    dailyQuota: random.chance(0.1) ? Math.max(fixed.items ?? items, 5) + random.integer(0, 5) : 50_000,
    pauseSeconds: random.pick([0, 5, 100]),
    ...(faults.strikes('stop') && { stopAfterSeconds: random.integer(0, 30) }),
    ...(faults.strikes('double-start') && {
      startAgainAfterMilliseconds: random.integer(0, random.pick([500, 5000, 60_000])),
    }),
    ...(random.chance(0.1) && { pauseRate: drawPause(random) }),
    takeUp: random.pick(['redrive', 'redrive', 'resume']),
    circumstances,
    ...canaryOf(new Random(seed ^ CANARY_STREAM), probabilities),
    ...dryRunOf(new Random(seed ^ DRY_RUN_STREAM), probabilities),
    ...rowsOf(new Random(seed ^ ROWS_STREAM), probabilities),
    ...hoursOf(new Random(seed ^ HOURS_STREAM), probabilities),
    alternates: !probabilities && new Random(seed ^ VERSIONS_STREAM).chance(0.2),
    ...fixed,
  };
}

function canaryOf(random: Random, probabilities: FaultProbabilities | undefined): Pick<Scenario, 'canary'> {
  if (probabilities || !random.chance(0.25)) return {};
  return { canary: { share: random.pick([0.01, 0.1, 0.5]), feedbackSeconds: random.pick([0, 20, 600]) } };
}

function dryRunOf(random: Random, probabilities: FaultProbabilities | undefined): Pick<Scenario, 'dryRun'> {
  return !probabilities && random.chance(0.2) ? { dryRun: drawRival(random) } : {};
}

function rowsOf(random: Random, probabilities: FaultProbabilities | undefined): Pick<Scenario, 'rows'> {
  return !probabilities && random.chance(0.2) ? { rows: drawRowChanges(random) } : {};
}

function hoursOf(random: Random, probabilities: FaultProbabilities | undefined): Pick<Scenario, 'hours'> {
  return !probabilities && random.chance(0.15) ? { hours: drawHours(random) } : {};
}

function drawPause(random: Random): NonNullable<Scenario['pauseRate']> {
  const afterSeconds = random.integer(0, 5);
  return { afterSeconds, untilSeconds: afterSeconds + random.integer(1, 300) };
}
