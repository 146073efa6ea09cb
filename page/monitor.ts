import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { Clock } from '../functions/contract/clock';
import { outcomesOf, settledItems, sumOfOutcomes } from '../functions/contract/outcomes';
import type { LinkEvent } from '../functions/contract/payloads';
import type { Ledger } from '../functions/ledger/ledger';
import type { ChainRecord } from '../functions/ledger/records';
import type { InvocationRecord } from '../local/lambda/executions';
import { StateViews } from './state-views';
import type { ChainView, ExecutionView, HistoryEvent, LinkView, RunView, TotalsView } from './view';

export interface MonitorOptions {
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly definition: string;
  /** Name of the chain function: its invocations are the links. */
  readonly chainFunction: string;
  readonly mails: () => number;
  /** The command that lists a run's items unprocessed or in doubt. */
  readonly listLeftovers?: (runId: string) => string;
  readonly endpoints: Readonly<Record<string, string>>;
}

/** Rates are taken over this much of the recent past. */
const RATE_MILLISECONDS = 3000;

/** Watches one execution through the ordinary APIs and the ledger, as an operator on AWS would. */
export class Monitor {
  private execution?: DescribeExecutionOutput;
  private runId?: string;
  private chains: readonly ChainRecord[] = [];
  private events: HistoryEvent[] = [];
  private states: StateViews;
  private readonly links = new Map<number, Map<string, LinkView>>();
  private readonly samples: { readonly at: number; readonly handled: ReadonlyMap<number, number> }[] = [];

  constructor(private readonly options: MonitorOptions) {
    this.states = new StateViews(options.definition);
  }

  /** Takes note of a link as Lambda starts and ends it. */
  observe({ functionName, event, requestId, startedAt, endedAt, outcome }: InvocationRecord): void {
    if (functionName !== this.options.chainFunction) return;
    const { runId, chainId, epoch, link } = event as LinkEvent;
    if (this.runId !== undefined && runId !== this.runId) return;
    const lane = this.links.get(chainId) ?? new Map<string, LinkView>();
    this.links.set(chainId, lane);
    lane.set(`${requestId}@${startedAt}`, {
      link,
      epoch,
      startedAt,
      ...(endedAt !== undefined && { endedAt }),
      ...(outcome !== undefined && { outcome }),
    });
  }

  /** Reads the execution, its new history events and the run's chains. */
  async refresh(executionArn: string): Promise<RunView> {
    const { sfn, ledger, clock } = this.options;
    // History first: a status that is final then has all of its events.
    this.execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    await this.readHistory(executionArn);
    this.runId ??= runIdOf(this.execution);
    this.chains = await ledger.readChains(this.runId);
    this.samples.push({
      at: clock.now(),
      handled: new Map(this.chains.map((chain) => [chain.chainId, settledItems(chain)])),
    });
    while ((this.samples[1]?.at ?? Number.POSITIVE_INFINITY) < clock.now() - RATE_MILLISECONDS) this.samples.shift();
    return this.view();
  }

  view(): RunView {
    const totals = this.totals();
    const { listLeftovers } = this.options;
    const left = this.runId !== undefined && totals.unprocessed + totals.inDoubt > 0 ? this.runId : undefined;
    return {
      now: new Date(this.options.clock.now()).toISOString(),
      execution: this.execution ? executionView(this.execution) : null,
      states: this.states.list(),
      chains: this.chains.map((chain) => this.chainView(chain)),
      totals,
      ...(listLeftovers && left !== undefined && { leftoversCommand: listLeftovers(left) }),
      executions: [],
      endpoints: this.options.endpoints,
    };
  }

  history(afterEventId: number, limit: number): readonly HistoryEvent[] {
    // Event ids are consecutive from 1: the id is the position.
    return this.events.slice(afterEventId, afterEventId + limit);
  }

  private async readHistory(executionArn: string): Promise<void> {
    let nextToken: string | undefined;
    let seen = 0;
    do {
      const page = await this.options.sfn.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken && { nextToken }) }),
      );
      for (const { timestamp, ...event } of page.events ?? []) {
        seen += 1;
        if (seen <= this.events.length) continue;
        const taken = { ...event, timestamp: timestamp?.toISOString() } as HistoryEvent;
        this.events.push(taken);
        this.states.take(taken);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  private chainView(chain: ChainRecord): ChainView {
    const { chainId, status, start, end, items, throttles, epoch } = chain;
    const links = [...(this.links.get(chainId)?.values() ?? [])].sort((a, b) => a.startedAt - b.startedAt);
    const itemsPerSecond = this.rate((sample) => sample.get(chainId) ?? 0);
    return {
      chainId,
      status,
      start,
      end,
      items,
      ...outcomesOf(chain),
      itemsPerSecond,
      throttles,
      epoch,
      linksClaimed: chain.links,
      links,
    };
  }

  private totals(): TotalsView {
    const sum = (of: (chain: ChainRecord) => number) => this.chains.reduce((total, chain) => total + of(chain), 0);
    const planned = sum(({ items }) => items);
    const itemsPerSecond = this.rate((sample) => [...sample.values()].reduce((total, count) => total + count, 0));
    const outcomes = sumOfOutcomes(this.chains);
    const left = planned - settledItems(outcomes);
    return {
      planned,
      ...outcomes,
      itemsPerSecond,
      throttles: sum(({ throttles }) => throttles),
      ...(left > 0 && itemsPerSecond > 0 && { etaSeconds: Math.ceil(left / itemsPerSecond) }),
      mails: this.options.mails(),
    };
  }

  private rate(count: (handled: ReadonlyMap<number, number>) => number): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at === first.at) return 0;
    return Math.max(0, ((count(last.handled) - count(first.handled)) * 1000) / (last.at - first.at));
  }
}

/** A run is named like the execution that created it; one that resumes it names it in its input. */
function runIdOf({ name = '', input }: DescribeExecutionOutput): string {
  return (JSON.parse(input ?? '{}') as { resume?: string }).resume ?? name;
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
