import { pacedRun } from './paced-run';

/** What one size of a chunk means, on virtual time. */
export interface ChunkSizeCell {
  readonly chunkItems: number;
  /** At 160 mails/s over 8 chains. */
  readonly makespanOverIdeal: number;
  /** DynamoDB write units per 1,000 mails. */
  readonly writeUnitsPerThousand: number;
  /** SendTaskHeartbeat calls per second of the run, all chains together. */
  readonly heartbeatsPerSecond: number;
  /** Items that a crash of every chain at once leaves in doubt. */
  readonly mostInDoubt: number;
  /** Mails per second of one chain whose pace is not the limit. */
  readonly chainCeilingPerSecond: number;
}

export const CHUNK_SIZES = [1, 5, 10, 25, 50, 100] as const;

const LIMIT = 200;
const RATE = 160;
const CHAINS = 8;
/** Beyond what any chain reaches, so that the chunks alone are the limit. */
const NO_LIMIT = 1_000_000;

export async function chunkSizeCell(chunkItems: number, idealSeconds: number): Promise<ChunkSizeCell> {
  const items = RATE * idealSeconds;
  const linkSeconds = idealSeconds / 2;
  const run = await pacedRun({
    seed: 1,
    maxSendRate: LIMIT,
    items,
    chains: CHAINS,
    rate: RATE,
    linkSeconds,
    chunkItems,
  });
  const alone = await pacedRun({
    seed: 1,
    maxSendRate: NO_LIMIT,
    items: 200 * chunkItems,
    chains: 1,
    rate: NO_LIMIT,
    linkSeconds: 840,
    chunkItems,
  });
  return {
    chunkItems,
    makespanOverIdeal: run.makespanSeconds / idealSeconds,
    writeUnitsPerThousand: (run.cloud.usage.writeUnits / items) * 1000,
    heartbeatsPerSecond: (run.cloud.usage.calls.SendTaskHeartbeat ?? 0) / run.makespanSeconds,
    mostInDoubt: CHAINS * chunkItems,
    chainCeilingPerSecond: (200 * chunkItems) / alone.makespanSeconds,
  };
}
