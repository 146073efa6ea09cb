import type { RunInput, RunReport } from '../../functions/contract/payloads';
import { RIVAL_FIRST, type Rival } from './circumstances';
import { listLeftovers, type RivalEnd, untilEnded } from './evidence';
import type { Scenario } from './scenario';
import { Violation } from './violation';
import { fail, type World } from './world';

/** A small quota lets a few through each day. */
const MOST_DAYS = 60;
const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Redrives within which it must have come to its end once nothing goes wrong any more. */
const MOST_REDRIVES = 8;

/** What the other run is: its name, what it is over, and what it has of the scenario. */
interface Other {
  readonly name: string;
  readonly first: number;
  readonly input?: Partial<RunInput>;
}

/** Another run of the same job: started, stopped and redriven while the one that is followed is on. */
export class RivalRun {
  /** How often the followed run was taken up after it had waited for this one. */
  waits = 0;
  private executionArn?: string;

  constructor(
    { faults, chunkItems, linkSeconds, rate }: Scenario,
    rival: Rival,
    private readonly world: World,
    private readonly other: Other = { name: 'rival', first: RIVAL_FIRST },
  ) {
    const { clock } = world;
    const { name, first, input: more } = other;
    const { items, startsAfterMilliseconds, stopsAfterMilliseconds, redrivesAfterMilliseconds } = rival;
    const ids = { first, last: first + items - 1 };
    clock.after(startsAfterMilliseconds, () => {
      faults.count(more?.dryRun ? 'dry-run' : 'rival-run');
      const input = { job: 'simulated', ids, chains: 2, chunkItems, linkSeconds, rate, allowPartial: true, ...more };
      world.start(name, input).then((arn) => {
        this.executionArn = arn;
      }, fail);
      if (stopsAfterMilliseconds !== undefined) clock.after(stopsAfterMilliseconds, () => this.stop());
      clock.after(redrivesAfterMilliseconds, () => this.redrive().catch(fail));
    });
  }

  /** Waits until its execution has ended, if it runs. False if it does not. */
  async isInTheWay(): Promise<boolean> {
    if (this.executionArn === undefined || this.waits > MOST_REDRIVES) return false;
    await untilEnded(this.world, this.executionArn);
    return true;
  }

  /** Brings it to its end, after everybody else. */
  async end(): Promise<RivalEnd> {
    const { clock } = this.world;
    const { name } = this.other;
    while (this.executionArn === undefined) await clock.advance(1000);
    const since = clock.now();
    for (let redrives = 0; redrives <= MOST_REDRIVES; ) {
      const { status, error, cause, output } = await untilEnded(this.world, this.executionArn);
      this.world.trace(`${clock.now() % 1e8} ${name}: ${status} ${error ?? ''} ${cause ?? ''}`);
      if (status === 'SUCCEEDED') {
        return { report: JSON.parse(output as string) as RunReport, leftovers: await listLeftovers(this.world, name) };
      }
      const isOutOfQuota = error === 'Chain.QuotaExhausted' && clock.now() - since < MOST_DAYS * DAY_MILLISECONDS;
      if (isOutOfQuota) await clock.advance(DAY_MILLISECONDS);
      else redrives += 1;
      await this.redrive();
    }
    throw new Violation('P1', `the run ${name} beside it does not come to its end`);
  }

  private stop(): void {
    if (this.executionArn === undefined) return;
    this.world.trace(`${this.world.clock.now() % 1e8} stop ${this.other.name}`);
    this.world.stepFunctions.handle('StopExecution', { executionArn: this.executionArn }).catch(fail);
  }

  private async redrive(): Promise<void> {
    if (this.executionArn === undefined) return;
    const { status } = await this.world.describe(this.executionArn);
    if (status === 'RUNNING' || status === 'SUCCEEDED') return;
    this.world.trace(`${this.world.clock.now() % 1e8} redrive ${this.other.name}`);
    await this.world.stepFunctions.handle('RedriveExecution', { executionArn: this.executionArn });
  }
}
