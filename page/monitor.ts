import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../functions/contract/clock';
import { leftoverItems } from '../functions/contract/outcomes';
import { AskingPace } from './asking-pace';
import { ExecutionList } from './execution-list';
import {
  ExecutionMonitor,
  type ExecutionMonitorDependencies,
  type MonitoredStateMachine,
  type SeenExecution,
} from './execution-monitor';
import { readLeftovers } from './grouped-leftovers';
import { type LinkInvocation, Links } from './links';
import type { ExecutionSummary, HistoryEvent, LeftoversView, RunView, TotalsView } from './view';

/**
 * A command that the page names: to list a run's items unprocessed or in doubt, to go on with a run that has ended, and to
 * go on with one that is paused.
 */
export interface RunCommand {
  readonly command: 'leftovers' | 'resume' | 'tune';
  /** The run, or nothing where the command is of a provider. */
  readonly operands: readonly string[];
  /** Values by option. */
  readonly options: Readonly<Record<string, number | string>>;
}

export interface MonitorOptions {
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  /** The first one is shown while there is no execution. At least one. */
  readonly stateMachines: readonly [MonitoredStateMachine, ...MonitoredStateMachine[]];
  /** Mails of a run in the inbox. Absent where there is none. */
  readonly mails?: (runId: string | undefined) => Pick<TotalsView, 'mails' | 'mailsOfAllRuns'>;
  /** The shell command that does this to a run. Absent where there is none. */
  readonly commandFor?: (command: RunCommand, stateMachine: MonitoredStateMachine) => string;
  readonly endpoints: Readonly<Record<string, string>>;
  /** An answer of the APIs is used again for so long, and for longer after a throttle. @default - 400 */
  readonly freshMilliseconds?: number;
  /**
   * Whether `observe` is told of the invocations. Otherwise links are taken from the histories and the ledger, as far as
   * these tell of them.
   *
   * @default true
   */
  readonly observesInvocations?: boolean;
  /**
   * `run` shows by default what was started since, in milliseconds since the epoch.
   *
   * @default - now
   */
  readonly startedSince?: number;
}

const FRESH_MILLISECONDS = 400;
/** An execution that has ended, and is too old for the list that would tell of a redrive, is looked at so often. */
const ENDED_MILLISECONDS = 30_000;
/** An answer is kept for so long, for the time when AWS gives no other. */
const KEPT_MILLISECONDS = 600_000;
/** Executions whose history is kept in memory: those that were looked at last. */
const MOST_MONITORS = 20;

const LINKS_NOTICE =
  'Attempts are from the history of the execution. Where one link hands over to the next, and what it has settled, is known only since this page looks: a bar may stand for several links.';

/** Reads all executions of the state machines, also those that others start, stop or redrive. */
export class Monitor {
  private readonly list: ExecutionList;
  private readonly links?: Links;
  private readonly pace: AskingPace;
  private readonly monitors = new Map<string, Promise<ExecutionMonitor>>();
  /** Answers of the APIs by what was asked; `at` and `since` are in milliseconds since the epoch. */
  private readonly reads = new Map<string, { readonly at: number; readonly result: Promise<unknown> }>();
  private readonly since: number;

  constructor(private readonly options: MonitorOptions) {
    const { freshMilliseconds = FRESH_MILLISECONDS, observesInvocations = true } = options;
    this.pace = new AskingPace(freshMilliseconds);
    if (observesInvocations) this.links = new Links();
    this.list = new ExecutionList(options.sfn, options.stateMachines);
    // Step Functions elsewhere may tell whole seconds only.
    this.since = Math.floor((options.startedSince ?? options.clock.now()) / 1000) * 1000;
  }

  /**
   * Takes in an invocation as Lambda starts and ends it; those of other functions than the chain functions are ignored.
   */
  observe(record: LinkInvocation): void {
    const isLink = this.options.stateMachines.some(({ chainFunction }) => chainFunction === record.functionName);
    if (isLink) this.links?.observe(record);
  }

  /** All executions, newest first, at most 100. */
  executions(): Promise<readonly ExecutionSummary[]> {
    return this.once('executions', () => this.list.read());
  }

  /**
   * The execution and its run as they stand now.
   *
   * @param executionArn @default - the newest of the executions that were started since this monitor began
   * @throws Error where there is no such execution, or it is none of these state machines
   */
  run(executionArn?: string): Promise<RunView> {
    return this.read(executionArn, false);
  }

  /** `run`, read anew even if it has just been read. */
  refresh(executionArn: string): Promise<RunView> {
    this.reads.clear();
    return this.read(executionArn, true);
  }

  private async read(executionArn: string | undefined, anew: boolean): Promise<RunView> {
    const executions = await this.executions();
    const arn = executionArn ?? this.newest(executions);
    const monitor = arn === undefined ? undefined : await this.refreshed(arn, executions, anew);
    const shown = monitor ?? this.nothing();
    const seen = shown.seen();
    const { totals } = seen;
    const { logs } = shown.stateMachine;
    const { clock, endpoints, mails } = this.options;
    return {
      now: new Date(clock.now()).toISOString(),
      ...seen,
      totals: { ...totals, ...mails?.(monitor?.runId) },
      ...(monitor && this.commands(monitor, seen)),
      ...this.notices(),
      ...(logs && { logs }),
      endpoints,
      executions,
    };
  }

  /** Events with an id greater than `afterEventId`, at most `limit`; of the execution that `run` would show. */
  async history(
    executionArn: string | undefined,
    afterEventId: number,
    limit: number,
  ): Promise<readonly HistoryEvent[]> {
    const executions = await this.executions();
    const arn = executionArn ?? this.newest(executions);
    return arn === undefined ? [] : (await this.refreshed(arn, executions)).history(afterEventId, limit);
  }

  /**
   * The run that an execution serves, or would have served.
   *
   * @throws Error where there is no such execution, or it is none of these state machines
   */
  async runIdOf(executionArn: string): Promise<string> {
    return (await this.refreshed(executionArn, await this.executions())).runId as string;
  }

  /** What the run has left over, by outcome and code; of the execution that `run` would show. */
  async leftovers(executionArn?: string): Promise<LeftoversView> {
    const executions = await this.executions();
    const arn = executionArn ?? this.newest(executions);
    if (arn === undefined) return { groups: [], isWhole: true };
    const monitor = await this.refreshed(arn, executions);
    const { runId = '', stateMachine } = monitor;
    return this.once(`leftovers of ${runId}`, () => readLeftovers(stateMachine.ledger, runId));
  }

  /** What a person may do about the run as it stands. */
  private commands(monitor: ExecutionMonitor, seen: SeenExecution): Pick<RunView, 'leftoversCommand' | 'goOnCommand'> {
    const { commandFor } = this.options;
    const { runId, isProven, usualRate: rate } = monitor;
    const { execution, totals } = seen;
    if (commandFor === undefined || runId === undefined) return {};
    const command = (name: RunCommand['command'], options: RunCommand['options'] = {}, operands = [runId]) =>
      commandFor({ command: name, operands, options }, monitor.stateMachine);
    const isOn = execution?.status === 'RUNNING';
    const { itemsPerSecond, pausedProvider: provider } = totals.rateLimit ?? {};
    const isPaused = isOn && itemsPerSecond === 0 && provider === undefined;
    const isCut = !isOn && execution?.status !== 'SUCCEEDED' && totals.planned > 0 && !isProven;
    return {
      ...(leftoverItems(totals) > 0 && { leftoversCommand: command('leftovers') }),
      ...(isCut && { goOnCommand: command('resume') }),
      ...(isPaused && rate !== undefined && { goOnCommand: command('tune', { rate }) }),
      ...(isOn && provider !== undefined && { goOnCommand: command('tune', { provider, rate: 'default' }, []) }),
    };
  }

  private newest(executions: readonly ExecutionSummary[]): string | undefined {
    return executions.find(({ startDate }) => Date.parse(startDate) >= this.since)?.arn;
  }

  private nothing(): ExecutionMonitor {
    return new ExecutionMonitor(this.options.stateMachines[0], this.dependencies());
  }

  private dependencies(): ExecutionMonitorDependencies {
    const { sfn, clock } = this.options;
    return { sfn, clock, links: this.links };
  }

  private async refreshed(
    executionArn: string,
    executions: readonly ExecutionSummary[],
    anew = false,
  ): Promise<ExecutionMonitor> {
    const monitor = await this.monitorOf(executionArn);
    const listed = executions.find(({ arn }) => arn === executionArn);
    if (!anew && monitor.isSettled && !this.mayHaveChanged(monitor, executionArn, listed)) return monitor;
    await this.once(executionArn, () => monitor.refresh(executionArn));
    return monitor;
  }

  /** Whether an execution that has ended may have been redriven since. */
  private mayHaveChanged(monitor: ExecutionMonitor, executionArn: string, listed?: ExecutionSummary): boolean {
    const { execution } = monitor.seen();
    if (listed) return listed.status !== execution?.status || listed.redriveCount !== execution.redriveCount;
    return this.options.clock.now() - (this.reads.get(executionArn)?.at ?? 0) >= ENDED_MILLISECONDS;
  }

  /** What a person must know who trusts the figures, and a page that asks for them. */
  private notices(): Pick<RunView, 'notice' | 'freshMilliseconds' | 'linksNotice'> {
    const seconds = Math.round(this.pace.milliseconds / 1000);
    const notice = `AWS throttles the questions of this page: figures are up to ${seconds} s old, and it asks less often until that is over.`;
    const { freshMilliseconds } = this.options;
    return {
      ...(freshMilliseconds !== undefined && { freshMilliseconds: this.pace.milliseconds }),
      ...(this.pace.isSlowed && { notice }),
      ...(!this.links && { linksNotice: LINKS_NOTICE }),
    };
  }

  private monitorOf(executionArn: string): Promise<ExecutionMonitor> {
    const known = this.monitors.get(executionArn) ?? this.open(executionArn);
    this.monitors.delete(executionArn);
    this.monitors.set(executionArn, known);
    const [longestUnseen] = this.monitors.keys();
    if (this.monitors.size > MOST_MONITORS && longestUnseen !== undefined) this.monitors.delete(longestUnseen);
    known.catch(() => this.monitors.delete(executionArn));
    return known;
  }

  private async open(executionArn: string): Promise<ExecutionMonitor> {
    const { stateMachineArn } = await this.options.sfn
      .send(new DescribeExecutionCommand({ executionArn }))
      .catch((error: Error) => {
        if (!/^(ExecutionDoesNotExist|InvalidArn|ValidationException)$/.test(error.name)) throw error;
        return { stateMachineArn: undefined };
      });
    const stateMachine = this.options.stateMachines.find(({ arn }) => arn === stateMachineArn);
    if (stateMachine !== undefined) return new ExecutionMonitor(stateMachine, this.dependencies());
    throw new Error(
      `Expected the ARN of an execution of chains, got ${executionArn.slice(0, 300)}: take one from the list of executions.`,
    );
  }

  /** One reading for all callers for as long as it is fresh. A throttle leaves the one before in use. */
  private once<Result>(key: string, read: () => Promise<Result>): Promise<Result> {
    const now = this.options.clock.now();
    for (const [other, { at }] of this.reads) if (now - at >= KEPT_MILLISECONDS) this.reads.delete(other);
    const before = this.reads.get(key) as { readonly at: number; readonly result: Promise<Result> } | undefined;
    if (before !== undefined && now - before.at < this.pace.milliseconds) return before.result;
    const result = read().then(
      (answer) => {
        this.pace.noteAnswer();
        return answer;
      },
      (error: unknown) => {
        if (this.pace.noteFailure(error) && before !== undefined) return before.result;
        throw error;
      },
    );
    this.reads.set(key, { at: now, result });
    result.catch(() => this.reads.delete(key));
    return result;
  }
}
