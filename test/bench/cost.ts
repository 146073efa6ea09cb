import { PRICES, PRICES_AS_OF } from '../../cli/plan/prices';
import { alternativeBills, type Work } from './alternatives';
import { type Bill, billOf, type Quantities } from './bill';
import { MEMORY_MEGABYTES, type Usage } from './cloud';
import { LATENCY } from './latency';
import { logBytesOf, METRIC_SERIES } from './log-bytes';
import { type PacedRunResult, pacedRun } from './paced-run';

export interface CostPerMillion {
  readonly pricesAsOf: string;
  /** Mails that were really sent in the counted run; its quantities are scaled to a million. */
  readonly countedMails: number;
  readonly rate: number;
  readonly chains: number;
  readonly workerChains: Bill;
  readonly alternatives: readonly Bill[];
  /** A million mails à la carte: the same for all, in no total. */
  readonly sesDollars: number;
}

const MILLION = 1_000_000;
const LIMIT = 250;
const RATE = 200;
/** Chains that the budget of 200 mails/s is split into when the input names none: 50 mails/s each. */
const CHAINS = 4;
/** The construct's default. */
const LINK_SECONDS = 720;
const CHUNK_ITEMS = 25;
/** A recipient is read once, eventually consistent. */
const READ_UNITS_PER_MAIL = 0.5;
const HOURS_PER_MONTH = 730;

export async function costPerMillion(mails: number): Promise<CostPerMillion> {
  const run = await pacedRun({
    seed: 1,
    maxSendRate: LIMIT,
    items: mails,
    chains: CHAINS,
    rate: RATE,
    linkSeconds: LINK_SECONDS,
    chunkItems: CHUNK_ITEMS,
  });
  const work: Work = {
    mails: MILLION,
    rate: RATE,
    mailSeconds: (LATENCY.ses[0] + LATENCY.ses[1]) / 2 / 1000,
    memoryGigabytes: MEMORY_MEGABYTES / 1024,
    batch: CHUNK_ITEMS,
    readUnitsPerMail: READ_UNITS_PER_MAIL,
    chains: CHAINS,
  };
  const factor = MILLION / mails;
  return {
    pricesAsOf: PRICES_AS_OF,
    countedMails: mails,
    rate: RATE,
    chains: CHAINS,
    workerChains: billOf(
      'worker-chains',
      `a run of ${mails} mails over ${CHAINS} chains at ${RATE}/s, counted call by call, × ${factor.toFixed(2)}; ` +
        `metrics: ${METRIC_SERIES} series for each started hour`,
      quantitiesOf(run, factor),
    ),
    alternatives: alternativeBills(work),
    sesDollars: MILLION * PRICES.sesMail,
  };
}

function quantitiesOf({ cloud, transitions, reports, makespanSeconds }: PacedRunResult, factor: number): Quantities {
  const logBytes = reports.reduce((sum, report) => sum + logBytesOf(report), 0);
  return {
    ...scaledUsage(cloud.usage, factor),
    // A run has as many transitions as it has chains, however long it is.
    standardTransition: transitions,
    logGigabyte: (logBytes * factor) / 1e9,
    metricMonth: (METRIC_SERIES * Math.ceil((makespanSeconds * factor) / 3600)) / HOURS_PER_MONTH,
  };
}

/** What grows with the number of mails. */
export function scaledUsage(
  { invocations, gigabyteSeconds, writeUnits, readUnits }: Omit<Usage, 'calls' | 'coldStarts'>,
  factor: number,
): Quantities {
  return {
    lambdaRequest: invocations * factor,
    lambdaGigabyteSecond: gigabyteSeconds * factor,
    writeUnit: writeUnits * factor,
    readUnit: readUnits * factor,
  };
}
