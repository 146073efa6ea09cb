import type { MapState } from './definition';
import type { Failure } from './failure';
import { type Frame, newFrame } from './frame';
import type { FrameDriver } from './frame-driver';
import { INLINE_MAP_CONCURRENCY } from './limits';
import { evaluateItems, inputOfItem } from './map-items';

/** Runs inline Map states: at most 40 live iterations, results in the order of the items. */
export class MapRunner {
  constructor(private readonly interpreter: FrameDriver) {}

  /** @throws StateFailure `States.QueryEvaluationError` where a field has another type, or its expression fails */
  async start(frame: Frame, state: MapState, turn: number): Promise<boolean> {
    const { items, maxConcurrency: asked } = await evaluateItems(frame, state);
    if (frame.turn !== turn) return false;

    this.interpreter.emit(frame, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
    frame.map = {
      items,
      concurrency: asked === 0 ? INLINE_MAP_CONCURRENCY : Math.min(asked, INLINE_MAP_CONCURRENCY),
      next: 0,
      live: 0,
      succeeded: 0,
      iterations: new Map(),
      results: [],
    };
    frame.phase = { kind: 'iterating' };
    if (items.length === 0) this.succeed(frame);
    else this.launch(frame);
    return false;
  }

  /** Starts iterations while there is room for them. */
  private launch(frame: Frame): void {
    const turn = frame.turn;
    void this.launchAll(frame, turn).catch((error: unknown) => {
      this.interpreter.guard(frame, () => {
        if (frame.turn === turn) this.abortIterations(frame, frame.lastEventId);
      });
      this.interpreter.interrupted(frame, turn, error);
    });
  }

  private async launchAll(frame: Frame, turn: number): Promise<void> {
    const { map: progress, state } = frame;
    if (progress === undefined || state.type !== 'Map' || progress.launching === turn) return;
    progress.launching = turn;
    try {
      while (progress.live < progress.concurrency && progress.next < progress.items.length) {
        const index = progress.next;
        const item = progress.items[index];
        const input = await inputOfItem(frame, state, index, item);
        if (frame.turn !== turn) return;
        progress.next += 1;
        progress.live += 1;
        const iteration = newFrame({
          execution: frame.execution,
          parent: frame,
          container: state.processor,
          index,
          item,
          input,
          variables: frame.variables,
          lastEventId: frame.lastEventId,
        });
        progress.iterations.set(index, iteration);
        this.startIteration(iteration, state.name);
        this.interpreter.drive(iteration);
      }
    } finally {
      if (progress.launching === turn) progress.launching = undefined;
    }
  }

  private startIteration(iteration: Frame, name: string): void {
    this.interpreter.emit(iteration, 'MapIterationStarted', {
      mapIterationStartedEventDetails: { name, index: iteration.index },
    });
  }

  iterationSucceeded(frame: Frame, iteration: Frame, output: unknown): void {
    const { map: progress } = frame;
    if (progress === undefined) return;
    const { index } = iteration;
    this.interpreter.emit(iteration, 'MapIterationSucceeded', {
      mapIterationSucceededEventDetails: { name: frame.state.name, index },
    });
    progress.results[index] = output;
    progress.iterations.delete(index);
    progress.live -= 1;
    progress.succeeded += 1;
    if (progress.succeeded < progress.items.length) {
      this.launch(frame);
    } else {
      frame.lastEventId = iteration.lastEventId;
      this.succeed(frame);
    }
  }

  private succeed(frame: Frame): void {
    this.interpreter.emit(frame, 'MapStateSucceeded');
    frame.phase = { kind: 'finishing', result: frame.map?.results };
    this.interpreter.drive(frame);
  }

  /**
   * One failed iteration cuts its siblings and fails the Map. AWS chains all events of this to the failed iteration's
   * last event: MapIterationAborted and then the aborted state for each sibling, MapIterationFailed, MapStateFailed.
   */
  iterationFailed(frame: Frame, { index, lastEventId }: Frame, failure: Failure): void {
    const { execution, state } = frame;
    this.abortIterations(frame, lastEventId);
    execution.append('MapIterationFailed', lastEventId, {
      mapIterationFailedEventDetails: { name: state.name, index },
    });
    frame.lastEventId = execution.append('MapStateFailed', lastEventId);
    this.interpreter.fail(frame, failure);
  }

  private abortIterations(frame: Frame, previousEventId: number): void {
    const { execution } = frame;
    for (const iteration of frame.map?.iterations.values() ?? []) {
      if (iteration.status !== 'running') continue;
      execution.append('MapIterationAborted', previousEventId, {
        mapIterationAbortedEventDetails: { name: frame.state.name, index: iteration.index },
      });
      const { type } = iteration.state;
      const entered = iteration.phase.kind !== 'entering';
      if (entered && type === 'Map') this.abortIterations(iteration, previousEventId);
      if (entered && (type === 'Task' || type === 'Map' || type === 'Wait')) {
        execution.append(`${type}StateAborted`, previousEventId);
      }
      execution.stopWaiting(iteration, 'aborted');
    }
  }

  /** Redrive: the iterations that failed or were aborted run again; those that had not started yet follow. */
  revive(frame: Frame): void {
    const { map: progress, state } = frame;
    if (progress === undefined) return;
    const iterations = [...progress.iterations.values()];
    progress.live = iterations.length;
    for (const iteration of iterations) {
      iteration.lastEventId = frame.lastEventId;
      this.startIteration(iteration, state.name);
      this.interpreter.revive(iteration, iteration.lastEventId);
    }
    this.launch(frame);
  }

  /** After a restart: the iterations go on where they were. */
  resume(frame: Frame): void {
    for (const iteration of frame.map?.iterations.values() ?? []) this.interpreter.resume(iteration);
    this.launch(frame);
  }
}
