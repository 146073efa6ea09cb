import type { BundleCell } from './bundles';
import type { BystanderCell } from './bystander';
import type { CostPerMillion } from './cost';
import type { CpuCell } from './cpu-per-mail';
import type { CrashPriceCell } from './crash-price';
import type { HandoffCost } from './handoff';
import type { MemoryCell } from './memory';
import type { NaiveCell } from './naive';
import type { FirstMail } from './npm-start';
import type { ObjectRunCell } from './object-run';
import type { OverheadCell } from './overhead';
import type { PaceCell } from './pace';
import type { PlannedRunCell } from './planned-run';

/** What `npm run bench -- --out FILE` writes. Shares are parts of 1; times carry their unit in their name. */
export interface BenchReport {
  readonly quick: boolean;
  readonly node: string;
  readonly pace: readonly PaceCell[];
  /** The same at the whole of the limit, for information: no target applies. */
  readonly paceAtFullShare: readonly PaceCell[];
  readonly naive: readonly NaiveCell[];
  readonly bystander: readonly BystanderCell[];
  readonly overhead: readonly OverheadCell[];
  readonly cpuPerMail: readonly CpuCell[];
  readonly firstMail: FirstMail;
  readonly plannedRun: PlannedRunCell;
  readonly handoff: HandoffCost;
  readonly crashPrice: readonly CrashPriceCell[];
  readonly memory: MemoryCell;
  readonly objectRun: ObjectRunCell;
  readonly costPerMillion: CostPerMillion;
  readonly bundles: readonly BundleCell[];
  readonly targets: readonly Target[];
}

/** What the bench is to show, and whether it did. */
export interface Target {
  readonly target: string;
  readonly met: boolean;
  /** The number that decides, and the reason if it was missed. */
  readonly evidence: string;
}
