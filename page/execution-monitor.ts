import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  DescribeMapRunCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { Clock } from '../functions/contract/clock';
import { outcomesOf, sumOfOutcomes } from '../functions/contract/outcomes';
import { resumedRun } from '../functions/contract/resumed-run';
import { isAtWork } from '../functions/contract/status';
import { extentOf, extentOfAll } from '../functions/ledger/extent';
import type { Ledger } from '../functions/ledger/ledger';
import type { ChainRecord, RunRecord } from '../functions/ledger/records';
import { usualRate } from '../functions/ledger/usual-rate';
import { AttemptsInHistory } from './attempts-in-history';
import { readNewEvents } from './history-reader';
import type { Links } from './links';
import { rateLimitOf } from './rate-limit';
import { RunProgress } from './run-progress';
import { SeenLinks } from './seen-links';
import { StateViews } from './state-views';
import { Throughput } from './throughput';
import type {
  ChainLogs,
  ChainView,
  CostView,
  ExecutionView,
  HistoryEvent,
  LinkView,
  RateLimit,
  StateView,
  ThroughputSample,
  TotalsView,
} from './view';

/** A state machine that runs chains, and where to look for what its executions do. */
export interface MonitoredStateMachine {
  readonly arn: string;
  readonly name: string;
  /** Amazon States Language, JSON. */
  readonly definition: string;
  readonly ledger: Ledger;
  /** Name of the chain function: its invocations are the links. */
  readonly chainFunction: string;
  /** That all its executions are of. Otherwise each is asked for its input. */
  readonly job?: string;
  /** About what a run has cost that was on for so many seconds. Absent where nobody may know. */
  readonly cost?: (run: RunRecord, chains: readonly ChainRecord[], seconds: number) => CostView;
  /** Where the log lines of its links are. Absent where nobody knows. */
  readonly logs?: ChainLogs;
}

export interface ExecutionMonitorDependencies {
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  /** The invocations of chain functions. Absent where nobody observes them. */
  readonly links?: Links | undefined;
}

/** What is seen of one execution and its run. */
export interface SeenExecution {
  readonly execution: ExecutionView | null;
  /** Its run has no effects. */
  readonly dryRun?: true;
  readonly states: readonly StateView[];
  readonly chains: readonly ChainView[];
  readonly totals: Omit<TotalsView, 'mails'>;
  readonly throughput: readonly ThroughputSample[];
}

/** No invocation is longer, on AWS; an event may have been queued before. */
const LONGEST_LINK_MILLISECONDS = 20 * 60_000;

/** Reads one execution through the ordinary APIs and the ledger, as an operator on AWS would. */
export class ExecutionMonitor {
  private execution?: DescribeExecutionOutput;
  /** The run that it serves, which is named like the execution that created it. Known as soon as the execution is. */
  runId?: string;
  /** Undefined until it is planned. */
  private run?: RunRecord;
  /** Undefined while it is not on. */
  private rateLimit?: Omit<RateLimit, 'usedPerSecond'> | undefined;
  private chains: readonly ChainRecord[] = [];
  private readonly events: HistoryEvent[] = [];
  private readonly states: StateViews;
  private readonly progress = new RunProgress();
  private readonly throughput = new Throughput();
  private readonly attempts = new AttemptsInHistory();
  private readonly seenLinks = new SeenLinks();

  constructor(
    readonly stateMachine: MonitoredStateMachine,
    private readonly dependencies: ExecutionMonitorDependencies,
  ) {
    this.states = new StateViews(stateMachine.definition);
  }

  /** Reads the execution, its new history events and the run's chains. */
  async refresh(executionArn: string): Promise<void> {
    const { sfn, clock } = this.dependencies;
    const before = this.execution;
    this.execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    // Read after it: with a status that is final there are all of its events, until a redrive adds more.
    if (!hasStayedEnded(before, this.execution)) await this.readHistory(executionArn);
    for (const mapRunArn of this.states.mapRuns) {
      this.states.takeMapRun(mapRunArn, await sfn.send(new DescribeMapRunCommand({ mapRunArn })));
    }
    const runId = resumedRun(this.execution.input) ?? this.execution.name ?? '';
    this.runId = runId;
    const { ledger } = this.stateMachine;
    this.run = (await ledger.readRun(runId)) ?? this.run;
    this.chains = await ledger.readChains(runId);
    const isOn = this.run !== undefined && this.execution.status === 'RUNNING';
    this.rateLimit = isOn ? await rateLimitOf(this.run as RunRecord, ledger, clock.now()) : undefined;
    this.seenLinks.observe(clock.now(), this.chains);
    this.progress.observe(clock.now(), this.chains, (this.rateLimit?.itemsPerSecond ?? 0) > 0);
    this.noteThroughput(this.run, this.execution);
  }

  private noteThroughput(
    run: RunRecord | undefined,
    { executionArn, startDate, stopDate }: DescribeExecutionOutput,
  ): void {
    if (run === undefined) return;
    // Of a run that another execution began, nobody can say from when on it was idle.
    if (run.generation === 0 && startDate !== undefined && run.executionArn === executionArn)
      this.throughput.begin(startDate.getTime());
    // What came after the end was settled by links that it left behind.
    const at = Math.min(this.dependencies.clock.now(), stopDate?.getTime() ?? Number.POSITIVE_INFINITY);
    this.throughput.observe(at, {
      ...sumOfOutcomes(this.chains),
      throttles: this.chains.reduce((sum, { throttles }) => sum + throttles, 0),
      allowedPerSecond: this.rateLimit?.itemsPerSecond,
    });
  }

  /**
   * Whether nothing of it changes any more unless it is redriven: it has ended, and so have the links that it may have left
   * behind.
   */
  get isSettled(): boolean {
    const { status, stopDate } = this.execution ?? {};
    if (status === 'RUNNING' || stopDate === undefined) return false;
    return (
      !this.chains.some(isAtWork) || this.dependencies.clock.now() - stopDate.getTime() > LONGEST_LINK_MILLISECONDS
    );
  }

  /** Whether its run is through with all its items: there is nothing to go on with, however the execution has ended. */
  get isProven(): boolean {
    return this.run?.status === 'reconciled';
  }

  /** Items per second with which the run may go on that is paused. Undefined before it is planned. */
  get usualRate(): number | undefined {
    return this.run && usualRate(this.run);
  }

  /** What the last `refresh` found. */
  seen(): SeenExecution {
    return {
      execution: this.execution ? executionView(this.execution) : null,
      ...(this.run?.dryRun && { dryRun: true as const }),
      states: this.states.list(),
      chains: this.chains.map((chain) => this.chainView(chain)),
      totals: this.totals(),
      throughput: [...this.throughput.samples],
    };
  }

  history(afterEventId: number, limit: number): readonly HistoryEvent[] {
    // Event ids are consecutive from 1: the id is the position.
    return this.events.slice(afterEventId, afterEventId + limit);
  }

  private async readHistory(executionArn: string): Promise<void> {
    for (const event of await readNewEvents(this.dependencies.sfn, executionArn, this.events.length)) {
      // Somebody else may have read it meanwhile.
      if (event.id <= this.events.length) continue;
      this.events.push(event);
      this.states.apply(event);
      this.attempts.apply(event);
    }
  }

  private linksOf(chainId: number): readonly LinkView[] {
    const { links } = this.dependencies;
    if (links) return links.of(this.stateMachine.chainFunction, this.runId ?? '', chainId);
    return this.attempts
      .of(chainId)
      .flatMap((attempt, index, attempts) => this.seenLinks.of(attempt, attempts[index - 1]));
  }

  private chainView(chain: ChainRecord): ChainView {
    const { chainId, status, parkedUntil, start, end, throttles, epoch } = chain;
    const isParked = status === 'parked' && parkedUntil !== undefined;
    return {
      chainId,
      status,
      ...(isParked && { parkedUntil: new Date(parkedUntil).toISOString() }),
      start,
      end,
      ...extentOf(chain),
      ...outcomesOf(chain),
      itemsPerSecond: this.progress.rateOf(chainId),
      throttles,
      epoch,
      ...(status === 'interrupted' && chain.lastError !== undefined && { lastError: chain.lastError }),
      linksClaimed: chain.links,
      links: this.linksOf(chainId),
    };
  }

  /** A run that several executions have served is on from its creation to the end of the last. */
  private cost(): CostView | undefined {
    const { run, execution, chains } = this;
    if (run === undefined || execution === undefined) return undefined;
    const until = execution.stopDate?.getTime() ?? this.dependencies.clock.now();
    return this.stateMachine.cost?.(run, chains, Math.max(0, until - run.createdAt) / 1000);
  }

  private totals(): Omit<TotalsView, 'mails'> {
    const sum = (of: (chain: ChainRecord) => number) => this.chains.reduce((total, chain) => total + of(chain), 0);
    const { items: planned, isEstimate } = extentOfAll(this.chains);
    const { rateLimit, progress } = this;
    const { endsAt, usedPerSecond } = progress;
    const cost = this.cost();
    return {
      planned,
      isEstimate,
      ...sumOfOutcomes(this.chains),
      itemsPerSecond: this.progress.perSecond,
      throttles: sum(({ throttles }) => throttles),
      ...(endsAt !== undefined && { endsAt: new Date(endsAt).toISOString() }),
      ...(rateLimit && { rateLimit: { ...rateLimit, ...(usedPerSecond !== undefined && { usedPerSecond }) } }),
      ...(cost && { cost }),
    };
  }
}

/** Whether the execution had ended at the earlier look and was not redriven since: then it has no new events. */
function hasStayedEnded(before: DescribeExecutionOutput | undefined, now: DescribeExecutionOutput): boolean {
  return before !== undefined && before.status !== 'RUNNING' && before.redriveCount === now.redriveCount;
}

function executionView(execution: DescribeExecutionOutput): ExecutionView {
  const { executionArn = '', name = '', status, startDate, stopDate, input, output, error, cause } = execution;
  return {
    arn: executionArn,
    name,
    status: status as ExecutionView['status'],
    startDate: (startDate as Date).toISOString(),
    ...(stopDate && { stopDate: stopDate.toISOString() }),
    input: JSON.parse(input ?? 'null'),
    ...(output !== undefined && { output: JSON.parse(output) }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    redriveCount: execution.redriveCount ?? 0,
  };
}
