import type {
  DescribeMapRunOutput,
  ExecutionListItem,
  ExecutionStatus,
  HistoryEvent,
  MapRunListItem,
} from '@aws-sdk/client-sfn';
import type { VirtualClock } from '../../support/virtual-clock';
import { callbackTask, distributedMap, machine, World as PlainWorld } from './world';

export const double = { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true };
export const EXCEEDED = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
};

/** Children are named at random: with one and the same number, each would be the other. */
export class World extends PlainWorld {
  constructor(clock?: VirtualClock) {
    let drawn = 1;
    const random = () => {
      drawn = (drawn * 48271) % 0x7fffffff;
      return drawn / 0x7fffffff;
    };
    super({ random, ...(clock && { clock }) });
  }
}

/** The Map Runs of an execution, oldest first. */
export async function mapRunsOf(world: World, executionArn: string): Promise<MapRunListItem[]> {
  const { mapRuns } = await world.call<{ mapRuns: MapRunListItem[] }>('ListMapRuns', { executionArn });
  return mapRuns.toReversed();
}

export async function mapRunOf(world: World, executionArn: string): Promise<DescribeMapRunOutput> {
  const { mapRunArn } = (await mapRunsOf(world, executionArn)).at(-1) ?? {};
  return world.call<DescribeMapRunOutput>('DescribeMapRun', { mapRunArn });
}

/** The children of an execution's latest Map Run, oldest first. */
export async function childrenOf(
  world: World,
  executionArn: string,
  statusFilter?: ExecutionStatus,
): Promise<ExecutionListItem[]> {
  const { mapRunArn } = await mapRunOf(world, executionArn);
  const input = { mapRunArn, statusFilter, maxResults: 1000 };
  const { executions } = await world.call<{ executions: ExecutionListItem[] }>('ListExecutions', input);
  return executions.toReversed();
}

export const chain = (events: readonly HistoryEvent[]) =>
  events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
export const redrive = async (world: World, executionArn: string) => {
  await world.call('RedriveExecution', { executionArn });
  await world.clock.advance(0);
};
export const callbacks = (fields: Record<string, unknown> = {}) =>
  machine({ M: distributedMap(callbackTask(), fields) });
