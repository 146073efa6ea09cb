import { CLAIM_FACTOR, LEAST_CLAIM } from '../../functions/chain/claim-size';
import type { ObjectRunCell } from './object-run';
import { explain, TARGETS } from './pace';
import type { BenchReport, Target } from './report';
import { dollars, fixed, percent } from './text-table';

/** Production may lose this part of its mails to throttles and still count as unharmed. */
const UNHARMED = 0.001;
const LEAST_THROUGHPUT_RATIO = 0.9;
/** Mails in flight: what CreateWorkers gives a chain that has no pace to speak of. */
const WIDE_ENOUGH = 100;
const MOST_DOLLARS = 0.5;
/** On two cores with nothing else to do. */
const MOST_SECONDS_TO_FIRST_MAIL = 4;
/** A plan may be off by this part of what a run takes. */
const MOST_OFF = 0.1;
/** Bytes that a link may keep per item: noise of the garbage collector, not a leak. */
export const LEAK_BYTES_PER_ITEM = 20;

/** By so much the memory of a run may differ between its first tenth and its end: noise of the garbage collector. */
export const MOST_GROWN_MEGABYTES = 3;

/** Whether a run over an object kept its pace and its memory, and called for each line once. */
export function isObjectRunMet({ makespanOverIdeal, wrong, earlyMegabytes, lateMegabytes }: ObjectRunCell): boolean {
  const isInTime = makespanOverIdeal <= TARGETS.makespanOverIdeal;
  return isInTime && wrong === 0 && lateMegabytes - earlyMegabytes < MOST_GROWN_MEGABYTES;
}

/** The bench's promises, judged by its numbers. */
export function targetsOf(report: Omit<BenchReport, 'targets'>): readonly Target[] {
  const { pace, bystander, overhead, costPerMillion, memory, objectRun, crashPrice, firstMail, plannedRun } = report;
  const missed = pace.flatMap((cell) => explain(cell) ?? []);
  const slowest = Math.max(...pace.map(({ makespanOverIdeal }) => makespanOverIdeal));
  const mostThrottled = Math.max(...pace.map(({ throttledShare }) => throttledShare));
  const beside = bystander.filter(({ beside, withinReserve }) => beside === 'paced chains' && withinReserve);
  const harm = Math.max(...beside.map(({ throttledShare }) => throttledShare));
  // A small window of a chain alone drains while the next claim is on its way; nobody else fills that time.
  const atLatency = overhead.filter(({ endpointMilliseconds }) => endpointMilliseconds > 0);
  const wide = atLatency.filter(({ chains, chunkItems }) => chains * chunkItems >= WIDE_ENOUGH);
  const leastRatio = Math.min(...wide.map(({ throughputRatio }) => throughputRatio));
  const narrow = atLatency
    .filter((cell) => !wide.includes(cell))
    .map(({ throughputRatio, chains, chunkItems }) => `; ${chains} × ${chunkItems}: ${fixed(throughputRatio, 3)}`);
  const price = crashPrice.find(({ claimFactor }) => claimFactor === CLAIM_FACTOR);
  if (!price) throw new Error(`Expected the bench to measure a claim factor of ${CLAIM_FACTOR}, the product's own.`);
  const priceLimit = 2 * price.underWay + LEAST_CLAIM * price.chains;
  const bill = costPerMillion.workerChains.dollars;
  return [
    {
      target: `makespan ≤ ${TARGETS.makespanOverIdeal} × ideal and throttled ≤ ${percent(TARGETS.throttledShare, 1)} in every cell`,
      met: missed.length === 0,
      evidence: `at most ${fixed(slowest, 4)} × and ${percent(mostThrottled, 3)}${missed.map((reason) => `; ${reason}`).join('')}`,
    },
    {
      target: `production that stays within the reserve unharmed beside a paced run: throttled ≤ ${percent(UNHARMED, 1)}`,
      met: harm <= UNHARMED,
      evidence: percent(harm, 3),
    },
    {
      target: `≥ ${LEAST_THROUGHPUT_RATIO} of the bare loop's throughput at an endpoint of 50 ms, with ${WIDE_ENOUGH} mails in flight`,
      met: leastRatio >= LEAST_THROUGHPUT_RATIO,
      evidence: `${fixed(leastRatio, 3)}, in real time: on a machine with other work it swings by a tenth either way${narrow.join('')}`,
    },
    {
      target: `orchestration and compute under ${dollars(MOST_DOLLARS)} per million mails at ${costPerMillion.rate}/s`,
      met: bill < MOST_DOLLARS,
      evidence: dollars(bill),
    },
    {
      target: `a crash of every chain leaves in doubt at most twice what is under way and ${LEAST_CLAIM} per chain, on average`,
      met: price.meanInDoubt <= priceLimit,
      evidence: `${fixed(price.meanInDoubt, 1)} of ${fixed(priceLimit, 0)}, ${price.mostInDoubt} at worst`,
    },
    {
      target: `a long link keeps nothing per item: under ${LEAK_BYTES_PER_ITEM} bytes`,
      met: memory.bytesPerItem < LEAK_BYTES_PER_ITEM,
      evidence: `${fixed(memory.bytesPerItem, 1)} bytes over ${memory.items} items`,
    },
    {
      target: `a CSV of ${objectRun.lines} lines into an API of ${objectRun.rate}/s: makespan ≤ ${TARGETS.makespanOverIdeal} × ideal, each line once, memory constant`,
      met: isObjectRunMet(objectRun),
      evidence: `${fixed(objectRun.makespanOverIdeal, 4)} ×, ${objectRun.wrong} wrong, ${fixed(objectRun.earlyMegabytes, 1)} to ${fixed(objectRun.lateMegabytes, 1)} MB`,
    },
    {
      target: `the first mail within ${MOST_SECONDS_TO_FIRST_MAIL} s of \`npm start\``,
      met: firstMail.seconds <= MOST_SECONDS_TO_FIRST_MAIL,
      evidence: `${fixed(firstMail.seconds, 1)} s, ${fixed(firstMail.againSeconds, 1)} s without a new build, in real time: a machine with other work takes longer`,
    },
    {
      target: `\`plan\` within ${percent(MOST_OFF, 0)} of the seconds that a run then takes`,
      met: Math.abs(plannedRun.forecastOverRun - 1) <= MOST_OFF,
      evidence: `${fixed(plannedRun.forecastOverRun, 3)} of them, in real time`,
    },
  ];
}
