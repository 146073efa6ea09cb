import type { LeftoverItem } from '../../functions/ledger/items';
import { RIVAL_FIRST, type Rival } from './circumstances';
import { listLeftovers, untilEnded } from './evidence';
import type { Scenario } from './scenario';
import { Violation } from './violation';
import { fail, type World } from './world';

/** A small quota lets a few through each day. */
const MOST_DAYS = 60;
const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Redrives within which it must have come to its end once nothing goes wrong any more. */
const MOST_REDRIVES = 8;

/** Another run of the same job: started, stopped and redriven while the one that is followed is on. */
export class RivalRun {
  /** How often the followed run was taken up after it had waited for this one. */
  waits = 0;
  private executionArn?: string;

  constructor(
    { faults, chunkItems, linkSeconds, rate }: Scenario,
    rival: Rival,
    private readonly world: World,
  ) {
    const { clock } = world;
    const { items, startsAfterMilliseconds, stopsAfterMilliseconds, redrivesAfterMilliseconds } = rival;
    const ids = { first: RIVAL_FIRST, last: RIVAL_FIRST + items - 1 };
    clock.after(startsAfterMilliseconds, () => {
      faults.count('rival-run');
      const input = { job: 'simulated', ids, chains: 2, chunkItems, linkSeconds, rate, allowPartial: true };
      world.start('rival', input).then((arn) => {
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

  /** Brings it to its end, after everybody else. Answers what it left over. */
  async end(): Promise<readonly LeftoverItem[]> {
    const { clock } = this.world;
    while (this.executionArn === undefined) await clock.advance(1000);
    const since = clock.now();
    for (let redrives = 0; redrives <= MOST_REDRIVES; ) {
      const { status, error, cause } = await untilEnded(this.world, this.executionArn);
      this.world.trace(`${clock.now() % 1e8} rival: ${status} ${error ?? ''} ${cause ?? ''}`);
      if (status === 'SUCCEEDED') return listLeftovers(this.world, 'rival');
      const isOutOfQuota = error === 'Chain.QuotaExhausted' && clock.now() - since < MOST_DAYS * DAY_MILLISECONDS;
      if (isOutOfQuota) await clock.advance(DAY_MILLISECONDS);
      else redrives += 1;
      await this.redrive();
    }
    throw new Violation('P1', 'the other run of the job does not come to its end');
  }

  private stop(): void {
    if (this.executionArn === undefined) return;
    this.world.trace(`${this.world.clock.now() % 1e8} stop rival`);
    this.world.stepFunctions.handle('StopExecution', { executionArn: this.executionArn }).catch(fail);
  }

  private async redrive(): Promise<void> {
    if (this.executionArn === undefined) return;
    const { status } = await this.world.describe(this.executionArn);
    if (status === 'RUNNING' || status === 'SUCCEEDED') return;
    this.world.trace(`${this.world.clock.now() % 1e8} redrive rival`);
    await this.world.stepFunctions.handle('RedriveExecution', { executionArn: this.executionArn });
  }
}
