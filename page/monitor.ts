import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../functions/contract/clock';
import { leftoverItems } from '../functions/contract/outcomes';
import { ExecutionList } from './execution-list';
import { ExecutionMonitor, type MonitoredStateMachine } from './execution-monitor';
import { type LinkInvocation, Links } from './links';
import type { ExecutionSummary, HistoryEvent, RunView } from './view';

export interface MonitorOptions {
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  /** The first one is shown while there is no execution. At least one. */
  readonly stateMachines: readonly [MonitoredStateMachine, ...MonitoredStateMachine[]];
  /** Mails in the inbox. */
  readonly mails: () => number;
  /** The command that lists a run's items unprocessed or in doubt. */
  readonly listLeftovers?: (runId: string, stateMachine: MonitoredStateMachine) => string;
  readonly endpoints: Readonly<Record<string, string>>;
}

/** An answer of the APIs is used again for so long. */
const FRESH_MILLISECONDS = 400;
/** Executions whose history is kept in memory: those that were looked at last. */
const MOST_MONITORS = 20;

/** Reads all executions of the state machines, also those that others start, stop or redrive. */
export class Monitor {
  private readonly list: ExecutionList;
  private readonly links = new Links();
  private readonly monitors = new Map<string, Promise<ExecutionMonitor>>();
  /** Answers of the APIs by what was asked; `at` and `since` are in milliseconds since the epoch. */
  private readonly reads = new Map<string, { readonly at: number; readonly result: Promise<unknown> }>();
  private readonly since: number;

  constructor(private readonly options: MonitorOptions) {
    this.list = new ExecutionList(options.sfn, options.stateMachines);
    // Step Functions elsewhere may tell whole seconds only.
    this.since = Math.floor(options.clock.now() / 1000) * 1000;
  }

  /**
   * Takes in an invocation as Lambda starts and ends it; those of other functions than the chain functions are ignored.
   */
  observe(record: LinkInvocation): void {
    const isLink = this.options.stateMachines.some(({ chainFunction }) => chainFunction === record.functionName);
    if (isLink) this.links.observe(record);
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
  async run(executionArn?: string): Promise<RunView> {
    const executions = await this.executions();
    const arn = executionArn ?? this.newest(executions);
    const monitor = arn === undefined ? undefined : await this.refreshed(arn);
    const { runId, ...seen } = (monitor ?? this.nothing()).seen();
    const { totals } = seen;
    const { clock, endpoints, listLeftovers } = this.options;
    const hasLeftovers = monitor !== undefined && leftoverItems(totals) > 0;
    return {
      now: new Date(clock.now()).toISOString(),
      ...seen,
      totals: { ...totals, mails: this.options.mails() },
      ...(listLeftovers &&
        hasLeftovers &&
        runId !== undefined && { leftoversCommand: listLeftovers(runId, monitor.stateMachine) }),
      endpoints,
      executions,
    };
  }

  /** `run`, read anew even if it has just been read. */
  refresh(executionArn: string): Promise<RunView> {
    this.reads.clear();
    return this.run(executionArn);
  }

  /** Events with an id greater than `afterEventId`, at most `limit`; of the execution that `run` would show. */
  async history(
    executionArn: string | undefined,
    afterEventId: number,
    limit: number,
  ): Promise<readonly HistoryEvent[]> {
    const arn = executionArn ?? this.newest(await this.executions());
    return arn === undefined ? [] : (await this.refreshed(arn)).history(afterEventId, limit);
  }

  private newest(executions: readonly ExecutionSummary[]): string | undefined {
    return executions.find(({ startDate }) => Date.parse(startDate) >= this.since)?.arn;
  }

  private nothing(): ExecutionMonitor {
    return new ExecutionMonitor(this.options.stateMachines[0], { ...this.options, links: this.links });
  }

  private async refreshed(executionArn: string): Promise<ExecutionMonitor> {
    const monitor = await this.monitorOf(executionArn);
    await this.once(executionArn, () => monitor.refresh(executionArn));
    return monitor;
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
    if (stateMachine !== undefined) return new ExecutionMonitor(stateMachine, { ...this.options, links: this.links });
    throw new Error(
      `Expected the ARN of an execution of chains, got ${executionArn.slice(0, 300)}: take one from the list of executions.`,
    );
  }

  /** One reading for all callers within `FRESH_MILLISECONDS`. */
  private once<Result>(key: string, read: () => Promise<Result>): Promise<Result> {
    const now = this.options.clock.now();
    for (const [other, { at }] of this.reads) if (now - at >= FRESH_MILLISECONDS) this.reads.delete(other);
    const before = this.reads.get(key);
    if (before !== undefined) return before.result as Promise<Result>;
    const result = read();
    this.reads.set(key, { at: now, result });
    result.catch(() => this.reads.delete(key));
    return result;
  }
}
