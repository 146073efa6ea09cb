import type { Clock } from '../contract/clock';
import type { Job } from '../contract/job';
import { isSes, providersOf } from '../contract/provider';
import { type NamedProvider, termsOf } from '../effects/item-terms';
import type { BackOff, RunRecord } from '../ledger/records';
import { Pace } from './pace';
import { PlaceQueue } from './place-queue';
import type { Part } from './tuning';

export interface PacesOptions {
  readonly job: Pick<Job, 'providers'>;
  readonly run: Pick<RunRecord, 'rate' | 'providers'>;
  /** The chain's part of the run's budget when the link begins. */
  readonly part: Part;
  /** How far the pace of the items had stepped back when the link before handed over. */
  readonly backOff: BackOff | null;
  readonly clock: Clock;
  readonly random: () => number;
}

/** One provider of the job, with what the chain may do there. */
interface PacedProvider extends NamedProvider {
  readonly pace: Pace;
  readonly places?: PlaceQueue;
  /** Calls per second of all chains together. Undefined of the provider that paces the items: the run's rate. */
  readonly perSecond?: number;
  /** Calls of all chains together at a time. */
  readonly concurrency?: number;
}

/**
 * A pace for each provider of a link's job. The first one paces the items, under the run's rate: it is tuned from
 * outside. The others pace only the effects that ask for them, each at the chain's part of what its provider accepts.
 */
export class Paces {
  readonly providers: readonly PacedProvider[];

  constructor({ job, run, part, backOff, clock, random }: PacesOptions) {
    const paced = (perSecond: number, resumed?: BackOff | null) =>
      new Pace({
        clock,
        random,
        itemsPerSecond: perSecond / part.chains,
        phase: part.phase,
        ...(resumed && { backOff: resumed }),
      });
    this.providers = providersOf(job).map(({ name, provider }, index) => {
      const { concurrency } = isSes(provider) ? {} : provider;
      const perSecond = index === 0 ? undefined : budgetOf(name, run);
      return {
        ...termsOf(name, provider),
        pace: perSecond === undefined ? paced(run.rate, backOff) : paced(perSecond),
        ...(perSecond !== undefined && { perSecond }),
        ...(concurrency !== undefined && { concurrency, places: new PlaceQueue(placesOf(concurrency, part)) }),
      };
    });
  }

  /** The pace of the items. */
  get items(): Pace {
    return (this.providers[0] as PacedProvider).pace;
  }

  /** Throttles met, at all providers. */
  get throttles(): number {
    return this.providers.reduce((sum, { pace }) => sum + pace.throttles, 0);
  }

  /** Gives the chain its part of what the providers accept beside the run's rate. Where that is 0, the run is paused: nothing goes on. */
  share(part: Part, { rate }: Pick<RunRecord, 'rate'>): void {
    for (const { pace, places, perSecond, concurrency } of this.providers) {
      if (perSecond !== undefined) pace.setShare(rate === 0 ? 0 : perSecond / part.chains, part.phase);
      if (concurrency !== undefined) places?.setMost(placesOf(concurrency, part));
    }
  }

  /** Gives no more permits and no more places. */
  stop(): void {
    for (const { pace, places } of this.providers) {
      pace.stop();
      places?.stop();
    }
  }
}

/** What the run was planned with; a run of an earlier version knew one provider only. */
function budgetOf(name: string, { providers = [], rate }: PacesOptions['run']): number {
  return providers.find((one) => one.name === name)?.perSecond ?? rate;
}

/** Whole places: the chains of the run have `concurrency` together, the first of them one more where it does not divide. */
export function placesOf(concurrency: number, { chains, phase }: Part): number {
  const rank = Math.round(phase * chains);
  return Math.floor(concurrency / chains) + (rank < concurrency % chains ? 1 : 0);
}
