import { explain, TARGETS } from './pace';
import type { BenchReport, Target } from './report';
import { dollars, fixed, percent } from './table';

/** Production may lose this part of its mails to throttles and still count as unharmed. */
const UNHARMED = 0.001;
const LEAST_THROUGHPUT_RATIO = 0.9;
const MOST_DOLLARS = 0.5;
/** Bytes that a link may keep per item: noise of the garbage collector, not a leak. */
const LEAK_BYTES_PER_ITEM = 20;

/** The bench's promises, judged by its numbers. */
export function targetsOf(report: Omit<BenchReport, 'targets'>): readonly Target[] {
  const { pace, bystander, overhead, costPerMillion, memory } = report;
  const missed = pace.flatMap((cell) => explain(cell) ?? []);
  const slowest = Math.max(...pace.map(({ makespanOverIdeal }) => makespanOverIdeal));
  const mostThrottled = Math.max(...pace.map(({ throttledShare }) => throttledShare));
  const beside = bystander.filter(({ beside, withinReserve }) => beside === 'paced chains' && withinReserve);
  const harm = Math.max(...beside.map(({ throttledShare }) => throttledShare));
  // A chain alone waits for the slowest mail of its chunk and for the next claim; a run has others that fill that time.
  const runs = overhead.filter(({ endpointMilliseconds, chains }) => endpointMilliseconds > 0 && chains > 1);
  const leastRatio = Math.min(...runs.map(({ throughputRatio }) => throughputRatio));
  const alone = overhead
    .filter(({ endpointMilliseconds, chains }) => endpointMilliseconds > 0 && chains === 1)
    .map(
      ({ throughputRatio, chunkItems }) =>
        `; one chain alone with chunks of ${chunkItems}: ${fixed(throughputRatio, 3)}`,
    );
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
      target: `a run of several chains has ≥ ${LEAST_THROUGHPUT_RATIO} of the bare loop's throughput at an endpoint of 50 ms`,
      met: leastRatio >= LEAST_THROUGHPUT_RATIO,
      evidence: `${fixed(leastRatio, 3)}, in real time: on a machine with other work it swings by a tenth either way${alone.join('')}`,
    },
    {
      target: `orchestration and compute under ${dollars(MOST_DOLLARS)} per million mails at ${costPerMillion.rate}/s`,
      met: bill < MOST_DOLLARS,
      evidence: dollars(bill),
    },
    {
      target: `a long link keeps nothing per item: under ${LEAK_BYTES_PER_ITEM} bytes`,
      met: memory.bytesPerItem < LEAK_BYTES_PER_ITEM,
      evidence: `${fixed(memory.bytesPerItem, 1)} bytes over ${memory.items} items`,
    },
  ];
}
