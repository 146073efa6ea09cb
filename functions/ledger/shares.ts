/**
 * How a provider's budget is divided among the runs that take part in it: pure rules, which look at demands and write
 * nothing.
 *
 * Whoever divides may know of runs that others do not know of yet, and the other way round. What keeps the sum within the
 * budget all the same: no share grows when a run is added, when another run wants more, or when the budget is less. So
 * the runs are within the budget together for as long as each of them counts at least those that are at work.
 */

/** Floating-point numbers are not exact: what misses a whole number of slots by less has it. */
const PRECISION = 1e-6;

/** What a run asks of a provider. */
export interface Demand {
  readonly runId: string;
  /** Runs of one priority share by their weights; above 0. */
  readonly weight: number;
  /** Runs of a higher priority come first. */
  readonly priority: number;
  /** The most that it has a use for, in calls per second; 0 while it is paused. */
  readonly wants: number;
}

/** Part of what there is that runs of lower priorities have, however much those above them want: nobody starves. */
export const LEFT_FOR_LOWER = 0.05;

/**
 * Calls per second of each run, together at most `perSecond`. Within a priority by weighted max–min fairness: nobody has
 * more than they want, and what one does not want the others have, by their weights. A lower priority has what those
 * above leave, and at least `LEFT_FOR_LOWER` of it.
 */
export function sharesOf(
  demands: readonly Demand[],
  perSecond: number,
  leftForLower = LEFT_FOR_LOWER,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  const priorities = [...new Set(demands.map(({ priority }) => priority))].sort((a, b) => b - a);
  let left = perSecond;
  for (const priority of priorities) {
    const wantedBelow = wantedBy(demands.filter((demand) => demand.priority < priority));
    const here = demands.filter((demand) => demand.priority === priority);
    const most = left - Math.min(leftForLower * left, wantedBelow);
    left -= fill(here, most, shares);
  }
  return shares;
}

function wantedBy(demands: readonly Demand[]): number {
  return demands.reduce((sum, { wants }) => sum + wants, 0);
}

/** Water-filling: whoever wants the least for their weight is served first. Answers how much was given away. */
function fill(demands: readonly Demand[], perSecond: number, shares: Map<string, number>): number {
  const ordered = [...demands].sort((a, b) => a.wants / a.weight - b.wants / b.weight);
  let weight = ordered.reduce((sum, demand) => sum + demand.weight, 0);
  let left = perSecond;
  for (const demand of ordered) {
    const share = Math.min(demand.wants, (left * demand.weight) / weight);
    shares.set(demand.runId, share);
    left = Math.max(0, left - share);
    weight -= demand.weight;
  }
  return perSecond - left;
}

/**
 * Calls at a time of each run, whole numbers, together at most `slots`: one for everybody, and of the others a part by
 * weight and priority, rounded down. Where there are more runs than slots, those that come first in `demands` within
 * their priority have one each, and the others wait for them to end. A run that wants nothing has none.
 */
export function slotsOf(demands: readonly Demand[], slots: number): ReadonlyMap<string, number> {
  const asking = demands.filter(({ wants }) => wants > 0).sort((a, b) => b.priority - a.priority);
  const others = Math.max(0, slots - asking.length);
  // Not by the rates: those depend on the budget, which two runs may see differently for a moment.
  const parts = sharesOf(
    asking.map((demand) => ({ ...demand, wants: others })),
    others,
  );
  return new Map(
    demands.map((demand) => {
      const place = asking.indexOf(demand);
      const isServed = place >= 0 && place < slots;
      return [demand.runId, isServed ? 1 + Math.floor((parts.get(demand.runId) ?? 0) + PRECISION) : 0];
    }),
  );
}
