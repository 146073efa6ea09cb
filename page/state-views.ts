import type { DescribeMapRunOutput } from '@aws-sdk/client-sfn';
import type { HistoryEvent, IterationCounts, StateStatus, StateView } from './view';

interface StateDefinition {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
}

interface Progress {
  status: StateStatus;
  enteredAt?: string;
  exitedAt?: string;
  detail?: string;
  iterations?: { -readonly [Name in keyof IterationCounts]: number };
  /** Of a distributed Map, until its counts were read for the last time. */
  mapRunArn?: string;
}

/** Follows an execution's history, and says how each top-level state stands. */
export class StateViews {
  private readonly definitions: Readonly<Record<string, StateDefinition>>;
  private readonly progress = new Map<string, Progress>();
  private current?: string;

  /** @param definition the state machine in Amazon States Language, JSON */
  constructor(definition: string) {
    this.definitions = (JSON.parse(definition) as { States: Record<string, StateDefinition> }).States;
  }

  /** Takes in the next event of the history. */
  apply(event: HistoryEvent): void {
    const name = nameIn(event, 'stateEnteredEventDetails') ?? nameIn(event, 'stateExitedEventDetails');
    if (name !== undefined && name in this.definitions) this.takeTransition(name, event);
    else if (event.type === 'MapStateStarted') this.startIterations(event);
    else if (event.type.startsWith('MapIteration')) this.countIteration(event.type);
    else if (event.type.startsWith('MapRun')) this.noteMapRun(event);
    else if (event.type === 'ExecutionRedriven') this.takeRedrive();
    else if (event.type.startsWith('Execution') && event.type !== 'ExecutionStarted') this.takeEnd(event);
  }

  /**
   * ARNs of the Map Runs whose iterations are to be counted anew: the history of a distributed Map tells only that it
   * began, and how it ended.
   */
  get mapRuns(): readonly string[] {
    return [...this.progress.values()].flatMap(({ mapRunArn }) => mapRunArn ?? []);
  }

  /** Takes in what DescribeMapRun says of one of `mapRuns`. */
  takeMapRun(mapRunArn: string, { status, executionCounts: counts }: DescribeMapRunOutput): void {
    const progress = [...this.progress.values()].find((one) => one.mapRunArn === mapRunArn);
    if (!progress || !counts) return;
    const { total = 0, running = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0 } = counts;
    progress.iterations = { total, running, succeeded, failed: failed + timedOut, aborted };
    if (status !== 'RUNNING') delete progress.mapRunArn;
  }

  list(): readonly StateView[] {
    return Object.entries(this.definitions).map(([name, definition]) => {
      const { iterations, mapRunArn: _, ...progress } = this.progress.get(name) ?? ({ status: 'waiting' } as Progress);
      const next = [definition.Next, definition.Default, ...(definition.Choices ?? []).map((choice) => choice.Next)];
      return {
        name,
        type: definition.Type,
        next: next.filter((state) => state !== undefined),
        ...progress,
        ...(iterations && { iterations: { ...iterations } }),
      };
    });
  }

  private takeTransition(name: string, event: HistoryEvent): void {
    if (event.type.endsWith('StateEntered')) {
      this.progress.set(name, { status: 'running', enteredAt: event.timestamp });
      this.current = name;
      return;
    }
    const progress = this.progress.get(name);
    if (!progress) return;
    progress.status = 'succeeded';
    progress.exitedAt = event.timestamp;
  }

  private startIterations(event: HistoryEvent): void {
    const progress = this.currentProgress();
    const { length } = event.mapStateStartedEventDetails as { length: number };
    if (progress) progress.iterations = { total: length, running: 0, succeeded: 0, failed: 0, aborted: 0 };
  }

  /** It began, or goes on after a redrive. */
  private noteMapRun({ mapRunStartedEventDetails, mapRunRedrivenEventDetails }: HistoryEvent): void {
    const progress = this.currentProgress();
    const details = (mapRunStartedEventDetails ?? mapRunRedrivenEventDetails) as { mapRunArn: string } | undefined;
    if (progress && details) progress.mapRunArn = details.mapRunArn;
  }

  private countIteration(type: string): void {
    const iterations = this.currentProgress()?.iterations;
    if (!iterations) return;
    if (type === 'MapIterationStarted') {
      iterations.running += 1;
      return;
    }
    iterations.running -= 1;
    if (type === 'MapIterationSucceeded') iterations.succeeded += 1;
    else if (type === 'MapIterationFailed') iterations.failed += 1;
    else iterations.aborted += 1;
  }

  /** The execution has ended: a state that it was in has ended with it. */
  private takeEnd({ type, timestamp }: HistoryEvent): void {
    const progress = this.currentProgress();
    if (progress?.status !== 'running') return;
    progress.status = type === 'ExecutionAborted' ? 'aborted' : 'failed';
    progress.exitedAt = timestamp;
  }

  /** The state goes on, and begins its failed and aborted iterations again: their events follow. */
  private takeRedrive(): void {
    const progress = this.currentProgress();
    if (!progress) return;
    progress.status = 'running';
    delete progress.exitedAt;
    if (progress.iterations) Object.assign(progress.iterations, { failed: 0, aborted: 0 });
  }

  private currentProgress(): Progress | undefined {
    return this.current === undefined ? undefined : this.progress.get(this.current);
  }
}

function nameIn(event: HistoryEvent, details: string): string | undefined {
  return (event[details] as { name?: string } | undefined)?.name;
}
