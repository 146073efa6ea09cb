import type { CpuSizes } from './cpu-per-mail';
import type { OverheadShape } from './overhead';

/** How long each part of the bench runs. */
export interface Sizes {
  /** Length of a run at exactly its allowed rate, in virtual seconds. */
  readonly idealSeconds: number;
  /** Far shorter than a deployed link, so that handoffs are a part of the result. */
  readonly linkSeconds: number;
  readonly bystanderLoads: readonly number[];
  /** As `idealSeconds`, but chains without a pace make twenty attempts per mail. */
  readonly bystanderSeconds: number;
  readonly crashSeconds: number;
  readonly costMails: number;
  readonly memoryItems: number;
  /** Of the object that a run reads. */
  readonly objectLines: number;
  readonly overhead: readonly OverheadShape[];
  readonly overheadRepetitions: number;
  readonly cpuPerMail: CpuSizes;
  readonly firstMails: number;
  /** Of the run that is planned first. */
  readonly plannedItems: number;
  readonly bundleLoads: number;
}

/**
 * Shapes of the comparison with a bare loop; `items` in the order of the rows. A chunk of 100 is what CreateWorkers
 * derives for chains without a pace to speak of; 25 is the least that it derives.
 */
function overhead(items: readonly [number, number, number, number]): readonly OverheadShape[] {
  return [
    { endpointMilliseconds: 0, chains: 1, chunkItems: 100, items: items[0] },
    { endpointMilliseconds: 50, chains: 1, chunkItems: 100, items: items[1] },
    { endpointMilliseconds: 50, chains: 4, chunkItems: 25, items: items[2] },
    { endpointMilliseconds: 50, chains: 1, chunkItems: 25, items: items[3] },
  ];
}

export const FULL: Sizes = {
  idealSeconds: 450,
  linkSeconds: 150,
  // The reserve is a fifth: within it, and beyond.
  bystanderLoads: [0.15, 0.3],
  bystanderSeconds: 150,
  crashSeconds: 300,
  costMails: 200_000,
  memoryItems: 1_000_000,
  objectLines: 1_000_000,
  overhead: overhead([4000, 4000, 4000, 2000]),
  overheadRepetitions: 5,
  cpuPerMail: { mails: 2000, items: 4000, repetitions: 5 },
  firstMails: 5,
  plannedItems: 12_000,
  bundleLoads: 9,
};

export const QUICK: Sizes = {
  idealSeconds: 75,
  linkSeconds: 40,
  bystanderLoads: [0.15],
  bystanderSeconds: 45,
  crashSeconds: 30,
  costMails: 16_000,
  memoryItems: 100_000,
  // At 500 a second so long that what a start takes is less than 2 % of it.
  objectLines: 120_000,
  overhead: overhead([800, 800, 1000, 400]),
  overheadRepetitions: 3,
  cpuPerMail: { mails: 500, items: 1000, repetitions: 1 },
  firstMails: 3,
  plannedItems: 6000,
  bundleLoads: 3,
};
