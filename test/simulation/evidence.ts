import type { RunReport } from '../../functions/contract/payloads';
import type { LeftoverItem } from '../../functions/ledger/items';
import type { Scenario } from './scenario';
import { Violation } from './violation';
import type { World } from './world';

/** No execution of a scenario may take longer: the faults of one run delay it by minutes. */
const EXECUTION_LIMIT_MILLISECONDS = 2 * 3600 * 1000;
/** … unless it waits for the hours of items, for a day and another. */
const WAITING_LIMIT_MILLISECONDS = 5 * 24 * 3600 * 1000;
/** Such waits are passed in longer steps. */
const WAITING_STEP_MILLISECONDS = 20_000;

/** A stop in virtual time, in milliseconds: from StopExecution until the run was taken up again. */
export interface Stop {
  readonly executionArn: string;
  readonly from: number;
  until: number;
}

/** What became of another run beside the one that is followed. */
export interface RivalEnd {
  readonly report: RunReport;
  readonly leftovers: readonly LeftoverItem[];
}

/** What was seen of one run: everything that the invariants judge. */
export interface Evidence {
  readonly scenario: Scenario;
  readonly world: World;
  readonly runId: string;
  readonly report: RunReport;
  readonly leftovers: readonly LeftoverItem[];
  /** From when to when an execution was stopped. */
  readonly stops: readonly Stop[];
  readonly rounds: number;
  /** What became of the other run of the job, if there was one. */
  readonly rival?: RivalEnd;
  /** What became of the dry run beside it, if there was one. */
  readonly dryRun?: RivalEnd;
}

export async function listLeftovers(world: World, runId: string): Promise<LeftoverItem[]> {
  const leftovers: LeftoverItem[] = [];
  let after: string | undefined;
  do {
    const page = await world.ledger().listItems(runId, after === undefined ? {} : { after });
    leftovers.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return leftovers;
}

export async function untilEnded(world: World, executionArn: string, usualStep = 1000) {
  const { clock, scenario } = world;
  const stepMilliseconds = scenario.hours ? WAITING_STEP_MILLISECONDS : usualStep;
  const longest = scenario.hours ? WAITING_LIMIT_MILLISECONDS : EXECUTION_LIMIT_MILLISECONDS;
  const limit = clock.now() + longest;
  let described = await world.describe(executionArn);
  while (described.status === 'RUNNING' || described.status === 'PENDING_REDRIVE') {
    if (clock.now() > limit)
      throw new Violation('P1', `${executionArn} is still running after ${longest / 3_600_000} hours`);
    await clock.advance(stepMilliseconds);
    described = await world.describe(executionArn);
  }
  return described;
}
