import { explainEvents } from '../../page/client/history-context';
import { eventsOf, stateRecord } from '../../page/client/state-record';
import type { HistoryEvent } from '../../page/view';

/** Events in their order; each names the one before it and brings its details. */
function history(...events: readonly (readonly [type: string, previous: number, details?: object])[]) {
  const given = events.map(([type, previousEventId, details = {}], index) => ({
    ...{ id: index + 1, previousEventId, timestamp: '2026-03-02T06:00:00.000Z', type, eventDetails: undefined },
    ...details,
  }));
  return explainEvents(given as unknown as HistoryEvent[], new Map());
}

const entered = (name: string, input: unknown) => ({
  stateEnteredEventDetails: { name, input: JSON.stringify(input) },
});
const exited = (name: string, output: unknown) => ({
  stateExitedEventDetails: { name, output: JSON.stringify(output) },
});
const failed = (error: string) => ({ taskFailedEventDetails: { error, cause: '{"errorMessage":"why"}' } });

const rows = history(
  ['ExecutionStarted', 0],
  ['TaskStateEntered', 1, entered('Create', { a: 1 })],
  ['TaskStateExited', 2, exited('Create', [1])],
  ['MapStateEntered', 3, entered('RunChains', [1])],
  ['MapIterationStarted', 4, { mapIterationStartedEventDetails: { name: 'RunChains', index: 0 } }],
  ['TaskStateEntered', 5, entered('RunChain', { chainId: 0 })],
  ['TaskFailed', 6, failed('Chain.Crashed')],
);

describe('what the history says of a state', () => {
  it('is what went in and what came out', () => {
    expect(stateRecord(eventsOf(rows, 'Create'))).toEqual({ input: { a: 1 }, output: [1] });
  });

  it('has the events of its iterations with it, and their failure until it is left', () => {
    const events = eventsOf(rows, 'RunChains');
    expect(events.map(({ event }) => event.type)).toEqual([
      'MapStateEntered',
      'MapIterationStarted',
      'TaskStateEntered',
      'TaskFailed',
    ]);
    expect(stateRecord(events)).toEqual({ input: [1], error: 'Chain.Crashed', cause: { errorMessage: 'why' } });
    expect(eventsOf(rows, 'RunChain')).toEqual([]);
  });

  it('is that of the last time it was entered', () => {
    const again = history(
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 1, entered('Create', { a: 1 })],
      ['TaskFailed', 2, failed('First')],
      ['ExecutionRedriven', 3],
      ['TaskStateEntered', 4, entered('Create', { a: 2 })],
    );
    expect(stateRecord(eventsOf(again, 'Create'))).toEqual({ input: { a: 2 } });
  });

  it('is nothing of one that was not entered', () => {
    expect(stateRecord(eventsOf(rows, 'ReconcileRun'))).toEqual({});
  });
});
