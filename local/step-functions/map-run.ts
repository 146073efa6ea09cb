import type { MapRunStatus } from '@aws-sdk/client-sfn';
import type { Execution } from './execution';
import type { Frame } from './frame';

/** A Map Run beside its executions: plain JSON. Times are in milliseconds since the epoch. */
export interface MapRunRecord {
  readonly arn: string;
  readonly label: string;
  /** Input of each child, by the index of its item. */
  readonly inputs: readonly unknown[];
  /** Children that run at the same time. */
  readonly concurrency: number;
  status: MapRunStatus;
  readonly startedAt: number;
  stoppedAt?: number;
  redriveCount: number;
  redrivenAt?: number;
}

/** How many children there are of each kind; one child has one item. */
export interface ChildCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly total: number;
}

/** The executions that a distributed Map has started, one for each item, and the frame that waits for them. */
export class MapRun {
  /** By the index of their item: those that have been started. */
  readonly children: Execution[] = [];

  constructor(
    readonly record: MapRunRecord,
    /** Of the execution that the Map Run belongs to. */
    readonly frame: Frame,
    /** State that has started it. */
    readonly stateName: string,
  ) {}

  get live(): number {
    return this.children.reduce((sum, child) => sum + (child.running ? 1 : 0), 0);
  }

  /** Children that ended without success, in the order of their items. There is room for all of them at once: all ran. */
  get unsuccessful(): readonly Execution[] {
    return this.children.filter(({ running, record }) => !running && record.status !== 'SUCCEEDED');
  }

  get hasSucceeded(): boolean {
    const { inputs } = this.record;
    return (
      this.children.length === inputs.length && this.children.every((child) => child.record.status === 'SUCCEEDED')
    );
  }

  /** The outputs, in the order of the items. */
  get results(): unknown[] {
    return this.children.map(({ record }) => JSON.parse(record.output ?? 'null'));
  }

  get counts(): ChildCounts {
    const { length: total } = this.record.inputs;
    const having = (status: string) => this.children.filter(({ record }) => record.status === status).length;
    return {
      pending: total - this.children.length,
      running: having('RUNNING'),
      succeeded: having('SUCCEEDED'),
      failed: having('FAILED'),
      timedOut: having('TIMED_OUT'),
      aborted: having('ABORTED'),
      total,
    };
  }

  /**
   * Ends the Map Run, and stops the children that still run.
   *
   * @param at milliseconds since the epoch
   */
  end(status: Exclude<MapRunStatus, 'RUNNING'>, at: number): void {
    if (this.record.status !== 'RUNNING') return;
    // First: a child that is stopped here is not to be taken for one that failed.
    this.record.status = status;
    this.record.stoppedAt = at;
    for (const child of this.children) if (child.running) child.abort(undefined, undefined);
  }

  /** @param at milliseconds since the epoch */
  redrive(at: number): void {
    this.record.status = 'RUNNING';
    this.record.stoppedAt = undefined;
    this.record.redriveCount += 1;
    this.record.redrivenAt = at;
  }
}
