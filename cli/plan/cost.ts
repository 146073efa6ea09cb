import { METRICS } from '../../functions/contract/names';
import { PRICES } from './prices';

/** What a run is, as far as its cost depends on it. */
export interface PlannedWork {
  /** Items that are processed: each of them takes a permit. */
  readonly items: number;
  /** Of these, the mails. */
  readonly mails: number;
  /** Mails for which the ledger is asked whether another item has had the address: a write each. */
  readonly addressClaims: number;
  /** Mails that take a place in the warm-up of their domain: a write each. */
  readonly warmUpPlaces: number;
  readonly seconds: number;
  /** How often each chain goes through its partition: twice where a canary goes first. */
  readonly passes: number;
  readonly chains: number;
  readonly linkSeconds: number;
  /** Memory of the chain function, in MB. */
  readonly memoryMegabytes: number;
}

/** Dollars at the list prices of us-east-1, without free tiers. */
export interface PlannedCost {
  readonly lambda: number;
  readonly ledger: number;
  readonly others: number;
  /** The mails themselves, à la carte. */
  readonly ses: number;
}

/** Seconds that a mail is under way, on average. */
const MAIL_SECONDS = 0.055;
/** A link claims as many items as are under way, and two at least: each claim is one write. */
const LEAST_CLAIM = 2;
/** Read units of the ledger for each second of a chain: the looks at the run, its chains and its budget. */
const READ_UNITS_PER_CHAIN_SECOND = 2;
/** Read units of an item: its data, eventually consistent. */
const READ_UNITS_PER_ITEM = 0.5;
/** Transitions of a run beside those of its chains. */
const TRANSITIONS = 6;
/** Beside those of its chains: the wait, the judgement, the Map and the choice once more. */
const TRANSITIONS_OF_A_CANARY = 4;
const LOG_BYTES_PER_INVOCATION = 1800;
/** Metrics of a run, a series each. */
const METRIC_SERIES = Object.keys(METRICS).length;
const HOURS_PER_MONTH = 730;

/** What a run will cost: by the same quantities that the bench counts call by call. */
export function costOf(work: PlannedWork): PlannedCost {
  const { items, mails, addressClaims, warmUpPlaces, seconds, passes, chains, linkSeconds, memoryMegabytes } = work;
  const invocations = chains * Math.max(passes, Math.ceil(seconds / linkSeconds)) + 1 + passes;
  const claim = Math.max(LEAST_CLAIM, Math.ceil((items / Math.max(1, seconds) / chains) * MAIL_SECONDS));
  const writes = items / claim + addressClaims + warmUpPlaces;
  const reads = items * READ_UNITS_PER_ITEM + chains * seconds * READ_UNITS_PER_CHAIN_SECOND;
  return {
    lambda:
      invocations * PRICES.lambdaRequest + chains * seconds * (memoryMegabytes / 1024) * PRICES.lambdaGigabyteSecond,
    ledger: writes * PRICES.writeUnit + reads * PRICES.readUnit,
    others:
      (passes * chains + TRANSITIONS + TRANSITIONS_OF_A_CANARY * (passes - 1)) * PRICES.standardTransition +
      ((invocations * LOG_BYTES_PER_INVOCATION) / 1e9) * PRICES.logGigabyte +
      ((METRIC_SERIES * Math.ceil(seconds / 3600)) / HOURS_PER_MONTH) * PRICES.metricMonth,
    ses: mails * PRICES.sesMail,
  };
}
