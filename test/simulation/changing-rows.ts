import type { Clock } from '../../functions/contract/clock';
import type { Source } from '../../functions/contract/source';
import { idRange } from '../../functions/sources/id-range';
import { Random } from './random';

/** What a run's source says of its number of items beforehand. */
export type Forecast = 'items' | 'estimate' | 'nothing';

/** Rows that go and come while a run is on. */
export interface RowChanges {
  readonly seed: number;
  /** Share of the rows that go after the run has begun, 0 to 1. */
  readonly going: number;
  /** Share of the rows that come after it has begun. */
  readonly coming: number;
  /** Within so many seconds after the beginning. */
  readonly withinSeconds: number;
  readonly forecast: Forecast;
}

export function drawRowChanges(random: Random): RowChanges {
  return {
    seed: random.integer(1, 1_000_000),
    going: random.pick([0, 0.05, 0.4, 1]),
    coming: random.pick([0, 0.05, 0.4]),
    withinSeconds: random.pick([1, 10, 60]),
    forecast: random.pick(['items', 'estimate', 'nothing'] as const),
  };
}

/** A table of rows by id, read in the order of the ids, that knows at each moment which of them it has. */
export class ChangingRows {
  private readonly beganAt: number;

  /** @param covers the ids of the run that is judged; whatever else is read is there all the time */
  constructor(
    private readonly changes: RowChanges,
    private readonly covers: { readonly first: number; readonly items: number },
    private readonly clock: Clock,
  ) {
    this.beganAt = clock.now();
  }

  /** Whether the row was there from the beginning to the end. */
  isSteady(id: number): boolean {
    return this.fate(id) === 'stays';
  }

  source(): Source {
    const range = idRange();
    const present = (first: number, end: number) =>
      Array.from({ length: end - first }, (_, index) => first + index).filter((id) => this.isThere(id));
    return {
      kind: 'changing-rows',
      plan: async (input) => {
        const { start, end } = await range.plan(input);
        return { start, end, ...this.forecast(present(Number(start), Number(end)).length) };
      },
      split: async (plan, chains) => {
        const parts = await range.split(plan, chains);
        return parts.map(({ start, end }) => ({
          start,
          end,
          ...this.forecast(present(Number(start), Number(end)).length),
        }));
      },
      read: async (_plan, cursor, end, limit) => {
        const ids = present(Number(cursor), Number(end)).slice(0, limit);
        const last = ids.at(-1);
        return { ids, next: ids.length < limit || last === undefined ? end : last + 1 };
      },
      compare: (a, b) => Number(a) - Number(b),
    };
  }

  private forecast(items: number) {
    const { forecast } = this.changes;
    if (forecast === 'items') return { items };
    return forecast === 'estimate' ? { estimate: Math.ceil(items / 3) } : {};
  }

  private isThere(id: number): boolean {
    const fate = this.fate(id);
    if (fate === 'stays') return true;
    const isBefore = this.clock.now() < this.beganAt + this.random(id, 2) * this.changes.withinSeconds * 1000;
    return fate === 'goes' ? isBefore : !isBefore;
  }

  private fate(id: number): 'stays' | 'goes' | 'comes' {
    const { first, items } = this.covers;
    if (id < first || id >= first + items) return 'stays';
    const { going, coming } = this.changes;
    const drawn = this.random(id, 1);
    if (drawn < going) return 'goes';
    return drawn < going + coming ? 'comes' : 'stays';
  }

  /** Uniform in [0, 1), the same for a row each time. */
  private random(id: number, stream: number): number {
    return new Random(this.changes.seed ^ Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(stream, 0x85ebca6b)).next();
  }
}
