import { type EventContext, explainEvents } from '../../page/client/history-context';
import { StateViews } from '../../page/state-views';
import type { HistoryEvent } from '../../page/view';

const MAP_RUN = 'arn:aws:states:us-east-1:000000000000:mapRun:Runs/RunChains:8c1c';
const NOW = '2026-01-05T08:00:00.000Z';

/** A run whose chains are executions of their own: its Map Run fails, and is redriven. */
const EVENTS: readonly HistoryEvent[] = [
  { id: 1, previousEventId: 0, type: 'ExecutionStarted' },
  { id: 2, previousEventId: 0, type: 'MapStateEntered', stateEnteredEventDetails: { name: 'RunChains' } },
  { id: 3, previousEventId: 2, type: 'MapStateStarted', mapStateStartedEventDetails: { length: 60 } },
  { id: 4, previousEventId: 3, type: 'MapRunStarted', mapRunStartedEventDetails: { mapRunArn: MAP_RUN } },
  { id: 5, previousEventId: 4, type: 'MapRunFailed', mapRunFailedEventDetails: { error: 'E', cause: 'c' } },
  { id: 6, previousEventId: 5, type: 'MapStateFailed' },
  { id: 7, previousEventId: 6, type: 'ExecutionFailed' },
  { id: 8, previousEventId: 7, type: 'ExecutionRedriven', executionRedrivenEventDetails: { redriveCount: 1 } },
  { id: 9, previousEventId: 8, type: 'MapRunRedriven', mapRunRedrivenEventDetails: { mapRunArn: MAP_RUN } },
  { id: 10, previousEventId: 9, type: 'MapRunSucceeded' },
  { id: 11, previousEventId: 10, type: 'MapStateSucceeded' },
  { id: 12, previousEventId: 10, type: 'MapStateExited', stateExitedEventDetails: { name: 'RunChains' } },
].map((event) => ({ ...event, timestamp: NOW }));

test('the events of a Map Run stand under its state, also after a redrive', () => {
  const places = explainEvents(EVENTS, new Map<number, EventContext>()).map(({ event, place }) => [event.type, place]);
  expect(places.filter(([type]) => !type?.startsWith('Execution')).map(([, place]) => place)).toEqual(
    Array(9).fill('RunChains'),
  );
});

test('the iterations of a Map Run are asked for until it has ended, and again after a redrive', () => {
  const views = new StateViews(JSON.stringify({ States: { RunChains: { Type: 'Map', End: true } } }));
  const apply = (from: number, to: number) => {
    for (const event of EVENTS.slice(from - 1, to)) views.apply(event);
  };
  const counts = {
    pending: 0,
    resultsWritten: 0,
    total: 60,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
  };
  const take = (status: 'RUNNING' | 'FAILED' | 'SUCCEEDED', some: Partial<typeof counts>) =>
    views.takeMapRun(MAP_RUN, {
      ...{ mapRunArn: MAP_RUN, executionArn: 'arn', status, startDate: new Date(), maxConcurrency: 100 },
      ...{ toleratedFailurePercentage: 0, toleratedFailureCount: 0, itemCounts: undefined },
      executionCounts: { ...counts, ...some },
    });

  apply(1, 3);
  expect(views.mapRuns).toEqual([]);
  apply(4, 4);
  expect(views.mapRuns).toEqual([MAP_RUN]);
  take('RUNNING', { running: 60 });
  expect(views.list()[0]).toMatchObject({ status: 'running', iterations: { total: 60, running: 60, succeeded: 0 } });
  apply(5, 7);
  take('FAILED', { succeeded: 10, failed: 1, timedOut: 1, aborted: 48 });
  expect(views.mapRuns).toEqual([]);
  expect(views.list()[0]).toEqual({
    ...{ name: 'RunChains', type: 'Map', next: [], status: 'failed', enteredAt: NOW, exitedAt: NOW },
    iterations: { total: 60, running: 0, succeeded: 10, failed: 2, aborted: 48 },
  });
  apply(8, 9);
  expect(views.mapRuns).toEqual([MAP_RUN]);
  apply(10, 12);
  take('SUCCEEDED', { succeeded: 60 });
  expect(views.mapRuns).toEqual([]);
  expect(views.list()[0]).toMatchObject({ status: 'succeeded', iterations: { succeeded: 60, failed: 0, aborted: 0 } });
});
