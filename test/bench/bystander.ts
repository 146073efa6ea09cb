import { sleep } from '../../functions/contract/clock';
import { Random } from '../simulation/random';
import { Cloud } from './cloud';
import { naiveCell } from './naive';
import { pacedRun } from './paced-run';

/** How production fared that sent on the same quota while a run was on. */
export interface BystanderCell {
  /** What ran beside it. */
  readonly beside: 'nothing' | 'paced chains' | 'chains without their pace' | 'article’s scheme';
  /** Part of the account's rate that production uses on average. */
  readonly load: number;
  /** Load and run together stay within the account's rate. */
  readonly withinReserve: boolean;
  readonly limit: number;
  readonly chains: number;
  readonly attempts: number;
  readonly throttled: number;
  readonly throttledShare: number;
  /** Makespan of the run beside it, over its ideal at the allowed rate. */
  readonly makespanOverIdeal?: number;
}

export interface BystanderShape {
  readonly limit: number;
  readonly chains: number;
  readonly share: number;
  readonly load: number;
  readonly idealSeconds: number;
  readonly linkSeconds: number;
}

const ADDRESS = 'production@example.com';
/** A budget that no chain can reach: every permit comes at once. */
const NO_PACE = 1_000_000;

/** Production: mails at random moments (a Poisson process), each tried once, until `stop`. */
class Bystander {
  private attempts = 0;
  private throttled = 0;
  private running = true;
  private readonly random = new Random(7);

  start(cloud: Cloud, perSecond: number): void {
    const next = async () => {
      while (this.running) {
        await sleep(cloud.clock, (-Math.log(1 - this.random.next()) / perSecond) * 1000);
        if (!this.running) return;
        this.attempts += 1;
        void cloud.send(ADDRESS).catch(() => {
          this.throttled += 1;
        });
      }
    };
    void next();
  }

  stop(): void {
    this.running = false;
  }

  counts(): Pick<BystanderCell, 'attempts' | 'throttled' | 'throttledShare'> {
    const { attempts, throttled } = this;
    return { attempts, throttled, throttledShare: attempts === 0 ? 0 : throttled / attempts };
  }
}

/** Production with the quota to itself. */
async function alone(
  common: Pick<BystanderCell, 'load' | 'withinReserve' | 'limit' | 'chains'>,
  seconds: number,
): Promise<BystanderCell> {
  const cloud = new Cloud({ seed: 1, maxSendRate: common.limit, functions: {} });
  const bystander = new Bystander();
  bystander.start(cloud, common.load * common.limit);
  await cloud.clock.advance(seconds * 1000);
  bystander.stop();
  return { beside: 'nothing', ...common, ...bystander.counts() };
}

/** Production at one load, alone and beside each way to do the same work. */
export async function bystanderCells(shape: BystanderShape): Promise<readonly BystanderCell[]> {
  const { limit, chains, share, load, idealSeconds, linkSeconds } = shape;
  const rate = limit * share;
  const items = Math.round(rate * idealSeconds);
  const common = { load, withinReserve: load + share <= 1, limit, chains };
  const cells: BystanderCell[] = [];

  const withRun = async (
    beside: BystanderCell['beside'],
    run: (start: (cloud: Cloud) => void) => Promise<{ readonly makespanSeconds: number }>,
  ) => {
    const bystander = new Bystander();
    const { makespanSeconds } = await run((cloud) => bystander.start(cloud, load * limit));
    bystander.stop();
    cells.push({
      beside,
      ...common,
      ...bystander.counts(),
      makespanOverIdeal: makespanSeconds / idealSeconds,
    });
  };
  cells.push(await alone(common, idealSeconds));
  const paced = { seed: 1, maxSendRate: limit, chains, linkSeconds };
  await withRun('paced chains', (beside) => pacedRun({ ...paced, items, rate, beside }));
  await withRun('chains without their pace', (beside) =>
    pacedRun({ ...paced, items, rate: NO_PACE, chunkItems: 25, beside }),
  );
  await withRun('article’s scheme', (beside) =>
    naiveCell({ limit, chains, items, linkSeconds, policy: 'log', beside }, rate),
  );
  return cells;
}
