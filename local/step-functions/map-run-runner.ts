import type { DistributedMapState } from './definition';
import { Execution, type ExecutionSurroundings } from './execution';
import type { Frame } from './frame';
import type { FrameDriver } from './frame-driver';
import { uuid } from './jsonata-functions';
import { DISTRIBUTED_MAP_CONCURRENCY, MAP_RUN_REDRIVES, payloadText } from './limits';
import { childMachine, executionArn, mapRunArn, type Region } from './machine';
import { evaluateItems, inputOfItem } from './map-items';
import { MapRun } from './map-run';

/** Where Map Runs and their children are known by their ARN. */
export interface MapRunHome {
  readonly place: Region;
  readonly surroundings: ExecutionSurroundings;
  readonly mapRuns: ReadonlyMap<string, MapRun>;
  addMapRun(run: MapRun): void;
  addExecution(execution: Execution): void;
}

/** What AWS says of a Map Run in which more children failed than are tolerated. None is tolerated here. */
const TOO_MANY_FAILED = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
} as const;

/** Runs distributed Map states: each item is a Standard execution of its own, which its parent's redrive redrives. */
export class MapRunRunner {
  constructor(
    private readonly interpreter: FrameDriver,
    private readonly home: MapRunHome,
  ) {}

  /** @throws StateFailure `States.QueryEvaluationError` where a field has another type, or its expression fails */
  async start(frame: Frame, state: DistributedMapState, turn: number): Promise<boolean> {
    const { items, maxConcurrency } = await evaluateItems(frame, state);
    // "The redriven Map Run uses the same input": a child that only a redrive gets to start has the input from here, too.
    const inputs: unknown[] = [];
    for (const [index, item] of items.entries()) inputs.push(await inputOfItem(frame, state, index, item));
    for (const input of inputs) payloadText(input, state.name);
    if (frame.turn !== turn) return false;

    const { clock, random } = this.interpreter.options;
    const { machine } = frame.execution;
    const run = new MapRun(
      {
        arn: mapRunArn(this.home.place, machine.name, state.label, uuid(random)),
        label: state.label,
        inputs,
        concurrency: maxConcurrency === 0 ? DISTRIBUTED_MAP_CONCURRENCY : maxConcurrency,
        status: 'RUNNING',
        startedAt: clock.now(),
        redriveCount: 0,
      },
      frame,
      state.name,
    );
    this.interpreter.emit(frame, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
    this.interpreter.emit(frame, 'MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: run.record.arn } });
    frame.mapRun = run;
    frame.phase = { kind: 'in-map-run' };
    this.home.addMapRun(run);
    this.proceed(run);
    return false;
  }

  /** Starts children while there is room for them, or ends the Map Run where all have succeeded. */
  private proceed(run: MapRun): void {
    const { record, children } = run;
    for (
      let room = record.concurrency - run.live;
      room > 0 && record.status === 'RUNNING' && children.length < record.inputs.length;
      room--
    ) {
      this.startChild(run, children.length);
    }
    if (record.status === 'RUNNING' && run.hasSucceeded) this.succeed(run);
  }

  private startChild(run: MapRun, index: number): void {
    const { frame, record } = run;
    const { state, execution } = frame;
    if (state.type !== 'Map') return;
    const machine = childMachine(execution.machine, record.label, state.processor);
    const name = uuid(this.interpreter.options.random);
    const child = new Execution(
      machine,
      {
        arn: executionArn(this.home.place, machine.name, name),
        name,
        inputText: JSON.stringify(record.inputs[index]),
        status: 'RUNNING',
        startedAt: this.interpreter.options.clock.now(),
        redriveCount: 0,
        mapRunArn: record.arn,
        lastSerial: 0,
        events: [],
      },
      this.home.surroundings,
    );
    run.children[index] = child;
    this.adopt(run, child);
    this.home.addExecution(child);
    child.start();
    this.interpreter.drive(child.root);
  }

  private redriveChild(child: Execution): void {
    const eventId = child.redrive(undefined);
    this.interpreter.guard(child.root, () => this.interpreter.revive(child.root, eventId));
  }

  /** Sees to it that the child's end is the Map Run's business. */
  adopt(run: MapRun, child: Execution): void {
    child.onEnd = () => {
      // Ended by the Map Run itself: it has been dealt with.
      if (run.record.status !== 'RUNNING') return;
      this.interpreter.guard(run.frame, () => {
        if (child.record.status === 'SUCCEEDED') this.proceed(run);
        else this.fail(run);
      });
    };
  }

  private succeed(run: MapRun): void {
    const { frame } = run;
    run.end('SUCCEEDED', this.interpreter.options.clock.now());
    this.interpreter.emit(frame, 'MapRunSucceeded');
    // Recorded at AWS: what comes next follows on MapRunSucceeded, not on this.
    frame.execution.append('MapStateSucceeded', frame.lastEventId);
    frame.phase = { kind: 'finishing', result: run.results };
    this.interpreter.drive(frame);
  }

  private fail(run: MapRun): void {
    const { frame } = run;
    run.end('FAILED', this.interpreter.options.clock.now());
    this.interpreter.emit(frame, 'MapRunFailed', { mapRunFailedEventDetails: TOO_MANY_FAILED });
    this.interpreter.emit(frame, 'MapStateFailed');
    this.interpreter.fail(frame, TOO_MANY_FAILED);
  }

  /** Redrive of the parent: the same Map Run goes on with the children that have not succeeded, then with the others. */
  revive(frame: Frame): void {
    const run = this.mapRunOf(frame);
    if (run.record.redriveCount >= MAP_RUN_REDRIVES) {
      const cause = `The Map Run has been redriven ${MAP_RUN_REDRIVES} times, and cannot be redriven again.`;
      this.interpreter.fail(frame, { error: 'States.Runtime', cause });
      return;
    }
    run.redrive(this.interpreter.options.clock.now());
    const { arn, redriveCount } = run.record;
    this.interpreter.emit(frame, 'MapRunRedriven', { mapRunRedrivenEventDetails: { mapRunArn: arn, redriveCount } });
    const children = run.unsuccessful;
    // "It won't be attempted again": it has failed for good, and with it the Map Run.
    if (children.some(({ notRedrivableBecause }) => notRedrivableBecause !== undefined)) {
      this.fail(run);
      return;
    }
    for (const child of children) if (run.record.status === 'RUNNING') this.redriveChild(child);
    this.proceed(run);
  }

  /** After a restart: the children that ran go on by themselves. */
  resume(frame: Frame): void {
    this.proceed(this.mapRunOf(frame));
  }

  private mapRunOf({ mapRun }: Frame): MapRun {
    const run = this.home.mapRuns.get(mapRun?.record.arn ?? '');
    if (run === undefined) throw new Error('Expected a frame that waits for a Map Run, got one without.');
    return run;
  }
}
