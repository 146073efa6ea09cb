import type { HistoryEvent } from '../../page/view';
import type { SimulatedChain } from './fixture-chains';

interface Draft {
  readonly at: number;
  readonly type: string;
  readonly details?: Record<string, unknown>;
  readonly previous?: Draft;
}

/** The events of a simulated run with AWS's names: 8 for a chain that was never interrupted, 4 more for each retry. */
export function historyOf(
  chains: readonly SimulatedChain[],
  startedAt: number,
  endsAt: number,
  fails: boolean,
  account: string,
): readonly HistoryEvent[] {
  const drafts: Draft[] = [];
  const add = (at: number, type: string, previous?: Draft, details?: Record<string, unknown>): Draft => {
    const draft = { at, type, ...(previous && { previous }), ...(details && { details }) };
    drafts.push(draft);
    return draft;
  };
  const lambda = { resourceType: 'lambda', resource: 'invoke' };
  const callback = { resourceType: 'lambda', resource: 'invoke.waitForTaskToken' };
  const entered = (name: string, input: unknown) => ({
    stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
  });
  const exited = (name: string, output: unknown) => ({
    stateExitedEventDetails: { name, output: JSON.stringify(output), outputDetails: { truncated: false } },
  });
  const interruption = (outcome: string) => ({
    taskFailedEventDetails: {
      ...callback,
      error: 'Chain.Crashed',
      cause: JSON.stringify({
        errorType: 'Chain.Crashed',
        errorMessage: `Expected the link to return, but it ${outcome}.`,
      }),
    },
  });

  const started = add(startedAt, 'ExecutionStarted', undefined, {
    executionStartedEventDetails: {
      input: JSON.stringify({ job: 'weekly-digest' }),
      roleArn: `${account.replace('states', 'iam')}:role/run`,
    },
  });
  let last = add(startedAt + 5, 'TaskStateEntered', started, entered('CreateWorkers', { job: 'weekly-digest' }));
  last = add(startedAt + 10, 'TaskScheduled', last, {
    taskScheduledEventDetails: { ...lambda, region: 'us-east-1', parameters: '{}' },
  });
  last = add(startedAt + 15, 'TaskStarted', last, { taskStartedEventDetails: lambda });
  last = add(startedAt + 880, 'TaskSucceeded', last, {
    taskSucceededEventDetails: { ...lambda, output: '{"StatusCode":200}' },
  });
  last = add(
    startedAt + 890,
    'TaskStateExited',
    last,
    exited(
      'CreateWorkers',
      chains.map(({ chainId }) => chainId),
    ),
  );
  last = add(
    startedAt + 900,
    'MapStateEntered',
    last,
    entered(
      'RunChains',
      chains.map(({ chainId }) => chainId),
    ),
  );
  last = add(startedAt + 900, 'MapStateStarted', last, { mapStateStartedEventDetails: { length: chains.length } });
  const mapStarted = last;
  for (const { chainId, links, endsAt: chainEndsAt } of chains) {
    const iteration = (name: string) => ({ name, index: chainId });
    const first = (links[0]?.startedAt ?? startedAt) - 20;
    let step = add(first, 'MapIterationStarted', mapStarted, {
      mapIterationStartedEventDetails: iteration('RunChains'),
    });
    step = add(first, 'TaskStateEntered', step, entered('RunChain', { chainId }));
    for (const link of links.filter((each) => each.link === 0)) {
      const parameters = JSON.stringify({
        Payload: { runId: 'weekly-digest-2026-03-02', chainId, epoch: link.epoch, link: 0 },
      });
      step = add(link.startedAt - 15, 'TaskScheduled', step, {
        taskScheduledEventDetails: { ...callback, region: 'us-east-1', parameters },
      });
      step = add(link.startedAt - 10, 'TaskStarted', step, { taskStartedEventDetails: callback });
      step = add(link.startedAt - 5, 'TaskSubmitted', step, {
        taskSubmittedEventDetails: { ...callback, output: '{"StatusCode":202}' },
      });
      const end = links.find((each) => each.epoch === link.epoch && each.outcome !== 'returned');
      if (end) step = add(end.endedAt, 'TaskFailed', step, interruption(end.outcome));
    }
    if (links.at(-1)?.outcome === 'returned') {
      step = add(chainEndsAt, 'TaskSucceeded', step, {
        taskSucceededEventDetails: { ...callback, output: JSON.stringify({ chainId, links: links.length }) },
      });
    }
    step = add(chainEndsAt, 'TaskStateExited', step, exited('RunChain', { chainId, links: links.length }));
    last = add(chainEndsAt, 'MapIterationSucceeded', step, {
      mapIterationSucceededEventDetails: iteration('RunChains'),
    });
  }
  const mapEnd = endsAt - 700;
  last = add(mapEnd, 'MapStateSucceeded', last);
  last = add(mapEnd, 'MapStateExited', last, exited('RunChains', []));
  last = add(mapEnd, 'ChoiceStateEntered', last, entered('EveryChainFinished', []));
  last = add(mapEnd, 'ChoiceStateExited', last, exited('EveryChainFinished', []));
  if (fails) {
    last = add(mapEnd, 'MapStateEntered', last, entered('FinishChains', [chains.length - 1]));
    last = add(endsAt, 'MapStateFailed', last);
    add(endsAt, 'ExecutionFailed', last, {
      executionFailedEventDetails: { error: 'Chain.QuotaExhausted', cause: 'Daily message quota exceeded.' },
    });
  } else {
    last = add(mapEnd, 'TaskStateEntered', last, entered('ReconcileRun', []));
    last = add(endsAt, 'TaskStateExited', last, exited('ReconcileRun', { planned: 2600 }));
    add(endsAt, 'ExecutionSucceeded', last, { executionSucceededEventDetails: { output: '{"planned":2600}' } });
  }

  const ordered = drafts.sort((a, b) => a.at - b.at);
  const ids = new Map(ordered.map((draft, index) => [draft, index + 1]));
  return ordered.map((draft, index) => ({
    ...draft.details,
    id: index + 1,
    previousEventId: draft.previous ? (ids.get(draft.previous) ?? 0) : 0,
    timestamp: new Date(draft.at).toISOString(),
    type: draft.type,
  }));
}
