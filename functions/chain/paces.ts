import type { Clock } from '../contract/clock';
import type { Job } from '../contract/job';
import { budgetName, isSes, providersOf } from '../contract/provider';
import { type NamedProvider, termsOf } from '../effects/item-terms';
import type { SharedBudgets } from '../ledger/budgets';
import type { QuotaReading } from '../ledger/participants';
import type { BackOff, RunRecord } from '../ledger/records';
import { type Asked, askedOf } from '../run/budget';
import { BudgetShare } from './budget-share';
import { LoneBudgets } from './lone-budgets';
import { Pace } from './pace';
import type { Part } from './part';
import { PlaceQueue } from './place-queue';

export interface PacesOptions {
  readonly job: Pick<Job, 'providers'>;
  readonly run: RunRecord;
  readonly ledger: { readonly budgets: SharedBudgets };
  /** How far the pace of the items had stepped back when the link before handed over. */
  readonly backOff: BackOff | null;
  readonly clock: Clock;
  readonly random: () => number;
}

/** One provider of the job, with what the chain may do there. */
interface PacedProvider extends NamedProvider {
  readonly pace: Pace;
  readonly places?: PlaceQueue;
  readonly budget: BudgetShare;
}

/**
 * A pace for each provider of a link's job: the chain's part of the run's share of the provider's budget. The first one
 * paces the items, under the run's rate; the others pace only the effects that ask for them.
 */
export class Paces {
  readonly providers: readonly PacedProvider[];
  /** What the provider of the items accepts now, in calls per second. Undefined until it was asked. */
  private accepted?: number;
  private shareOfRun = 0;

  constructor(private readonly options: PacesOptions) {
    const { job, run, ledger, backOff, clock, random } = options;
    const budgets = run.dryRun ? new LoneBudgets(clock) : ledger.budgets;
    this.providers = providersOf(job).map(({ name, provider }, index) => {
      const { concurrency } = isSes(provider) ? {} : provider;
      const terms = termsOf(name, provider);
      // Nothing is given before the ledger was asked who else takes part.
      const pace = new Pace({ clock, random, itemsPerSecond: 0, ...(index === 0 && backOff && { backOff }) });
      const budget = new BudgetShare({
        provider: budgetName(name, provider),
        ...{ budgets, clock, run },
        hearsOwnRun: index > 0,
        callMilliseconds: concurrency === undefined ? 0 : (terms.timeoutSeconds + 1) * 1000,
      });
      pace.onThrottled = (closedUntil) => budget.noteThrottle(closedUntil);
      return {
        ...{ ...terms, pace, budget },
        ...(concurrency !== undefined && { places: new PlaceQueue(0) }),
      };
    });
  }

  /** The pace of the items. */
  get items(): Pace {
    return this.first.pace;
  }

  /**
   * Items per second that the run may start, all its chains together, as of the last look; and the seconds that it has
   * waited because other runs had their parts.
   */
  get ofRun(): { readonly perSecond: number; readonly waitedSeconds: number } {
    return { perSecond: this.shareOfRun, waitedSeconds: this.first.budget.waitedSeconds };
  }

  /** Runs that share the budget of the items, this one included. */
  get runs(): number {
    return this.first.budget.runs;
  }

  /** Throttles met, at all providers. */
  get throttles(): number {
    return this.providers.reduce((sum, { pace }) => sum + pace.throttles, 0);
  }

  /** Longest time for which a provider wanted no calls, of all providers. */
  get closedMilliseconds(): number {
    return Math.max(...this.providers.map(({ pace }) => pace.closedMilliseconds));
  }

  private get mail(): PacedProvider | undefined {
    return this.providers.find(({ isSes: mails }) => mails);
  }

  private get first(): PacedProvider {
    return this.providers[0] as PacedProvider;
  }

  /** Keeps the run within what the provider of the items accepts now, in calls per second. */
  follow(perSecond: number): void {
    this.accepted = perSecond;
  }

  /** Looks for the first time, and takes part where the run does not yet. */
  async begin(): Promise<void> {
    await Promise.all(
      this.withAsked(this.options.run, async ({ budget }, asked) => {
        await budget.look();
        await budget.join(asked);
      }),
    );
  }

  /** Looks at the runs that take part, and steps back with those that were throttled. */
  async look(): Promise<void> {
    await Promise.all(
      this.providers.map(async ({ budget, pace }) => {
        if ((await budget.look()).isCongested) pace.congested();
      }),
    );
  }

  /** Gives the chain its part of what the run may do, as of the last look; nothing while it has no part. */
  share(part: Part | undefined, run: RunRecord): void {
    this.withAsked(run, (provider, asked) => {
      const { budget, pace, places } = provider;
      const { perSecond, slots, until, closedUntil } = budget.given(asked);
      if (provider === this.first) this.shareOfRun = perSecond;
      pace.close(closedUntil);
      if (part) pace.setShare(perSecond / part.chains, part.phase, until);
      else pace.setShare(0);
      if (slots !== undefined) places?.setMost(part ? placesOf(slots, part) : 0);
    });
  }

  /** Takes the steps of the run's participation that are this chain's to take. */
  async tend(part: Part, run: RunRecord): Promise<void> {
    const before = Math.round(part.phase * part.chains);
    await Promise.all(this.withAsked(run, ({ budget }, asked) => budget.tend(asked, before)));
  }

  /** Milliseconds until a step of the run's participation is due; infinite where none waits. */
  untilStep(run: RunRecord): number {
    const waits = this.withAsked(run, ({ budget }, asked) => budget.untilSettled(asked));
    return Math.min(...waits.map((wait) => wait ?? Number.POSITIVE_INFINITY));
  }

  /** What another link has read of the 24-hour quota of mails since this one asked last. */
  newQuota(): QuotaReading | undefined {
    return this.mail?.budget.newQuota();
  }

  /** Lets the others know what this link has read of the 24-hour quota of mails. */
  noteQuota(quota: QuotaReading): void {
    this.mail?.budget.noteQuota(quota);
  }

  /** Says at every provider that nothing of the run is at work any more. */
  async retire(): Promise<void> {
    await Promise.all(this.providers.map(({ budget }) => budget.retire()));
  }

  /** Gives no more permits and no more places. */
  stop(): void {
    for (const { pace, places } of this.providers) {
      pace.stop();
      places?.stop();
    }
  }

  /** Does something with each provider's budget and what the run asks of it. */
  private withAsked<Result>(run: RunRecord, ask: (provider: PacedProvider, asked: Asked) => Result): readonly Result[] {
    const asked = askedOf(this.options.job, run, this.accepted);
    return this.providers.map((provider, index) => ask(provider, asked[index] as Asked));
  }
}

/** Whole places: the chains of the run have `concurrency` together, the first of them one more where it does not divide. */
export function placesOf(concurrency: number, { chains, phase }: Part): number {
  const rank = Math.round(phase * chains);
  return Math.floor(concurrency / chains) + (rank < concurrency % chains ? 1 : 0);
}
