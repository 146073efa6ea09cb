import { PRICES } from '../../cli/plan/prices';
import { Ledger } from '../../functions/ledger/ledger';
import { claimedItems } from '../../functions/ledger/records';
import { documentClientOver } from '../../local/dynamodb/document-client';
import { type Cloud, LEDGER_TABLE } from './cloud';
import { LATENCY } from './latency';
import { pacedRun, RUN_ID } from './paced-run';

/** What it costs to have few items in doubt when every chain of a run dies at once; on virtual time. */
export interface CrashPriceCell {
  /** Items that a link claims at a time, for each that is under way. */
  readonly claimFactor: number;
  readonly chains: number;
  /** Mails under way at a time, on average. */
  readonly underWay: number;
  /** Items that a crash leaves in doubt: on average over the run, and at its worst moment. */
  readonly meanInDoubt: number;
  readonly mostInDoubt: number;
  readonly writeUnitsPerMillion: number;
  /** Of these writes. */
  readonly dollarsPerMillion: number;
  readonly makespanOverIdeal: number;
}

export const CLAIM_FACTORS = [0.5, 1, 2, 4, 8] as const;

const RATE = 200;
const LIMIT = 250;
const LOOK_MILLISECONDS = 50;
const MILLION = 1_000_000;

/** A run at 200 mails/s over the chains that CreateWorkers derives, looked at from its second second to its last. */
export async function crashPriceCell(claimFactor: number, idealSeconds: number): Promise<CrashPriceCell> {
  const items = RATE * idealSeconds;
  const inDoubt: number[] = [];
  const run = await pacedRun({
    seed: 1,
    maxSendRate: LIMIT,
    items,
    rate: RATE,
    linkSeconds: idealSeconds,
    claimFactor,
    beside: (cloud) => lookEvery(cloud, idealSeconds, inDoubt),
  });
  const writeUnitsPerMillion = (run.cloud.usage.writeUnits / items) * MILLION;
  return {
    claimFactor,
    chains: run.report.chains,
    underWay: (RATE * (LATENCY.ses[0] + LATENCY.ses[1])) / 2 / 1000,
    meanInDoubt: inDoubt.reduce((sum, count) => sum + count, 0) / inDoubt.length,
    mostInDoubt: Math.max(...inDoubt),
    writeUnitsPerMillion,
    dollarsPerMillion: writeUnitsPerMillion * PRICES.writeUnit,
    makespanOverIdeal: run.makespanSeconds / idealSeconds,
  };
}

/** Reads the chains' claims past the clients whose calls are counted. */
function lookEvery({ clock, dynamoDb }: Cloud, idealSeconds: number, inDoubt: number[]): void {
  const client = documentClientOver(dynamoDb) as never;
  const ledger = new Ledger({ client, tableName: LEDGER_TABLE, clock, random: () => 0 });
  const from = clock.now() + 2000;
  const until = clock.now() + (idealSeconds - 1) * 1000;
  const look = async () => {
    const chains = await ledger.readChains(RUN_ID);
    inDoubt.push(chains.reduce((sum, chain) => sum + claimedItems(chain).length, 0));
    if (clock.now() < until) clock.after(LOOK_MILLISECONDS, () => void look());
  };
  clock.after(from - clock.now(), () => void look());
}
