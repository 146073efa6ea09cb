import type { StateStatus, StateView } from '../../page/view';
import {
  CREATE_WORKERS_MILLISECONDS,
  type SimulatedChain,
  type SimulatedRunOptions,
  STARTED_AT,
} from './fixture-chains';

interface Moment {
  readonly options: SimulatedRunOptions;
  readonly chains: readonly SimulatedChain[];
  /** Milliseconds since 1970-01-01T00:00:00Z, both. */
  readonly now: number;
  readonly endsAt: number;
}

/** The top-level states of the simulated run at its present time. */
export function statesOf(run: Moment, planned: boolean, ended: boolean): readonly StateView[] {
  const { chains, fails } = run.options;
  const at = (milliseconds: number) => new Date(milliseconds).toISOString();
  const mapEnd = run.endsAt - 700;
  const mapDone = run.now >= mapEnd;
  const through = run.chains.filter((chain) => chain.endsAt <= run.now).length - (mapDone && fails ? 1 : 0);
  const create = STARTED_AT + CREATE_WORKERS_MILLISECONDS;
  const once = (entered: boolean, left: boolean): StateStatus => (left ? 'succeeded' : entered ? 'running' : 'waiting');
  return [
    {
      name: 'CreateWorkers',
      type: 'Task',
      status: once(true, planned),
      next: ['RunChains'],
      enteredAt: at(STARTED_AT),
      ...(planned && { exitedAt: at(create) }),
    },
    {
      name: 'RunChains',
      type: 'Map',
      status: once(planned, mapDone),
      next: ['EveryChainFinished'],
      ...(planned && {
        enteredAt: at(create),
        iterations: {
          total: chains,
          running: mapDone ? 0 : chains - through,
          succeeded: mapDone ? chains : through,
          failed: 0,
          aborted: 0,
        },
      }),
      ...(mapDone && { exitedAt: at(mapEnd) }),
    },
    {
      name: 'EveryChainFinished',
      type: 'Choice',
      status: once(mapDone, mapDone),
      next: ['FinishChains', 'ReconcileRun'],
      ...(mapDone && {
        enteredAt: at(mapEnd),
        exitedAt: at(mapEnd),
        detail: fails ? '1 chain unfinished' : 'all finished',
      }),
    },
    {
      name: 'FinishChains',
      type: 'Map',
      status: !fails || !mapDone ? 'waiting' : ended ? 'failed' : 'running',
      next: ['ReconcileRun'],
      ...(fails &&
        mapDone && {
          enteredAt: at(mapEnd),
          iterations: { total: 1, running: ended ? 0 : 1, succeeded: 0, failed: ended ? 1 : 0, aborted: 0 },
        }),
      ...(fails && ended && { exitedAt: at(run.endsAt) }),
    },
    {
      name: 'ReconcileRun',
      type: 'Task',
      status: fails ? 'waiting' : once(mapDone, ended),
      next: [],
      ...(!fails && mapDone && { enteredAt: at(mapEnd) }),
      ...(!fails && ended && { exitedAt: at(run.endsAt) }),
    },
  ];
}
