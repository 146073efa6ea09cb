import { sumOfOutcomes } from '../../functions/contract/outcomes';
import type { RunInput, RunReport } from '../../functions/contract/payloads';
import { Throughput } from '../../page/throughput';
import type {
  ChainView,
  ExecutionSummary,
  HistoryEvent,
  LeftoverGroup,
  LeftoversView,
  LinkView,
  MailDetail,
  MailPage,
  MailQuery,
  PageSource,
  RunView,
  ThroughputSample,
} from '../../page/view';
import {
  CREATE_WORKERS_MILLISECONDS,
  type SimulatedChain,
  type SimulatedRunOptions,
  STARTED_AT,
  simulatedChain,
} from './fixture-chains';
import { historyOf } from './fixture-history';
import { simulatedMail } from './fixture-mails';
import { statesOf } from './fixture-states';

const GROUPS: readonly LeftoverGroup[] = [
  {
    ...{ outcome: 'unprocessed', code: 'MessageRejected', message: 'Address is on the suppression list.', items: 140 },
    ...{ ids: Array.from({ length: 100 }, (_, index) => String(17 + index * 3)), chains: [0, 2, 9] },
  },
  {
    outcome: 'in-doubt',
    code: 'Chain.Crashed',
    message: 'The link died.',
    items: 3,
    ids: ['4', '8', 'fifteen'],
    chains: [2],
  },
];
const ACCOUNT = 'arn:aws:states:us-east-1:000000000000';
/** Items per second that the run may do. */
const RATE = 120;

/** A run as a function of time: nothing in it moves but `elapsedMilliseconds`. */
export class SimulatedRun implements PageSource {
  elapsedMilliseconds = 0;
  readonly chains: readonly SimulatedChain[];
  readonly endsAt: number;
  private readonly events: readonly HistoryEvent[];
  private readonly looks = new Throughput();
  private nextLook = STARTED_AT + CREATE_WORKERS_MILLISECONDS;

  constructor(
    readonly options: SimulatedRunOptions,
    readonly name = 'weekly-digest-2026-03-02',
  ) {
    this.looks.begin(STARTED_AT);
    this.chains = Array.from({ length: options.chains }, (_, chainId) => simulatedChain(chainId, options));
    this.endsAt = Math.max(...this.chains.map((chain) => chain.endsAt)) + 700;
    this.events = historyOf(this.chains, STARTED_AT, this.endsAt, options.fails, ACCOUNT);
  }

  get now(): number {
    return STARTED_AT + this.elapsedMilliseconds;
  }

  finish(): this {
    this.elapsedMilliseconds = this.endsAt - STARTED_AT + 1000;
    return this;
  }

  get arn(): string {
    return `${ACCOUNT}:execution:worker-chains:${this.name}`;
  }

  async executions(): Promise<readonly ExecutionSummary[]> {
    return [summaryOf(this.view())];
  }

  async run(): Promise<RunView> {
    return this.view();
  }

  view(): RunView {
    const { options } = this;
    const ended = this.now >= this.endsAt;
    const planned = this.now >= STARTED_AT + CREATE_WORKERS_MILLISECONDS;
    const chains = planned ? this.chains.map((chain) => this.chainView(chain)) : [];
    const sum = (pick: (chain: ChainView) => number) => chains.reduce((total, chain) => total + pick(chain), 0);
    const totals = {
      planned: planned ? options.chains * options.itemsPerChain : 0,
      done: sum((chain) => chain.done),
      skipped: sum((chain) => chain.skipped),
      unprocessed: sum((chain) => chain.unprocessed),
      inDoubt: sum((chain) => chain.inDoubt),
      itemsPerSecond: sum((chain) => chain.itemsPerSecond),
      throttles: sum((chain) => chain.throttles),
    };
    const left = totals.planned - totals.done - totals.skipped - totals.unprocessed - totals.inDoubt;
    const input: RunInput = {
      job: 'weekly-digest',
      ids: { first: 1, last: options.chains * options.itemsPerChain },
      scheduledFor: '2026-03-02T06:00:00Z',
      chains: options.chains,
      rate: RATE,
    };
    const view: RunView = {
      now: new Date(this.now).toISOString(),
      execution: {
        arn: this.arn,
        name: this.name,
        status: !ended ? 'RUNNING' : options.fails ? 'FAILED' : 'SUCCEEDED',
        startDate: new Date(STARTED_AT).toISOString(),
        ...(ended && { stopDate: new Date(this.endsAt).toISOString() }),
        input,
        ...(ended && !options.fails && { output: report(totals, this.chains, this.endsAt) }),
        ...(ended &&
          options.fails && {
            error: 'Chain.QuotaExhausted',
            cause: JSON.stringify({
              errorType: 'Chain.QuotaExhausted',
              errorMessage:
                'Expected the daily quota of 5,000 recipients to suffice, but the mail service answered "Daily message quota exceeded."; redrive the execution when the quota is free again.',
            }),
          }),
        redriveCount: 0,
      },
      states: statesOf(this, planned, ended),
      chains,
      totals: {
        ...totals,
        isEstimate: false,
        ...(left > 0 &&
          totals.itemsPerSecond > 0 && {
            endsAt: new Date(this.now + (left / totals.itemsPerSecond) * 1000).toISOString(),
          }),
        ...(!ended && planned && { rateLimit: { itemsPerSecond: RATE, usedPerSecond: totals.itemsPerSecond } }),
        mails: totals.done,
        ...(planned && { cost: { dollars: totals.done * 2e-6, mailDollars: totals.done * 1e-4 } }),
      },
      logs: { place: 'here' },
      throughput: planned ? this.throughput() : [],
      executions: [],
      endpoints: {
        'Step Functions': 'http://127.0.0.1:4566',
        'SES v1': 'http://127.0.0.1:4566',
        Lambda: 'http://127.0.0.1:4566',
      },
    };
    return { ...view, executions: [summaryOf(view)] };
  }

  /** As one who looked every half second since the beginning has seen it. */
  private throughput(): readonly ThroughputSample[] {
    const until = Math.min(this.now, this.endsAt);
    for (; this.nextLook <= until; this.nextLook += 500) {
      const chains = this.chains.map((chain) => outcomesAt(chain, this.nextLook));
      const throttles = chains.reduce((sum, chain) => sum + chain.throttles, 0);
      this.looks.observe(this.nextLook, { ...sumOfOutcomes(chains), throttles, allowedPerSecond: RATE });
    }
    return [...this.looks.samples];
  }

  history(_executionArn: string | undefined, afterEventId: number, limit: number): Promise<readonly HistoryEvent[]> {
    const visible = this.events.filter((event) => Date.parse(event.timestamp) <= this.now && event.id > afterEventId);
    return Promise.resolve(visible.slice(0, limit));
  }

  leftovers(): Promise<LeftoversView> {
    return Promise.resolve({ groups: GROUPS, isWhole: true });
  }

  mails({ search, offset, limit, chainId }: MailQuery): Promise<MailPage> {
    const { mails: total = 0 } = this.view().totals;
    const words = search.toLowerCase();
    const mails = Array.from({ length: total }, (_, index) => this.mailOf(total - index))
      .filter(({ origin }) => chainId === undefined || origin?.chainId === chainId)
      .filter((mail) => `${mail.from} ${mail.to} ${mail.subject}`.toLowerCase().includes(words))
      .map(({ messageId, sentAt, from, to, subject, origin }) => ({
        ...{ messageId, sentAt, from, to, subject },
        ...(origin && { origin }),
      }));
    return Promise.resolve({ total: mails.length, mails: mails.slice(offset, offset + limit) });
  }

  private mailOf(item: number): MailDetail {
    const chainId = Math.floor((item - 1) / this.options.itemsPerChain);
    return { ...simulatedMail(item, STARTED_AT), origin: { runId: this.name, chainId, item: String(item) } };
  }

  log(requestId: string): readonly string[] {
    return [`{"level":"INFO","message":"link ended: handed-off","request":"${requestId}"}`, 'a line of the job'];
  }

  mail(messageId: string): Promise<MailDetail | undefined> {
    const number = /^mail-(\d+)@sim\.example$/.exec(messageId)?.[1];
    return Promise.resolve(number ? this.mailOf(Number(number)) : undefined);
  }

  private chainView(chain: SimulatedChain): ChainView {
    const { now } = this;
    const { itemsPerChain, linkMilliseconds } = this.options;
    const started = chain.links.filter((link) => link.startedAt <= now);
    const last = started.at(-1);
    const finished = now >= chain.endsAt && last?.outcome === 'returned';
    const running = last !== undefined && last.endedAt > now;
    return {
      chainId: chain.chainId,
      status: !last
        ? 'planned'
        : finished
          ? 'finished'
          : running
            ? 'running'
            : last.outcome === 'returned'
              ? 'handed-off'
              : 'interrupted',
      start: 1 + chain.chainId * itemsPerChain,
      end: 1 + (chain.chainId + 1) * itemsPerChain,
      items: itemsPerChain,
      isEstimate: false,
      ...outcomesAt(chain, now),
      itemsPerSecond: running && last ? (last.items * 1000) / linkMilliseconds : 0,
      epoch: last?.epoch ?? 0,
      linksClaimed: started.length,
      links: started.map(({ items, endedAt, outcome, ...link }) =>
        endedAt <= now ? { ...link, endedAt, outcome, ...(outcome === 'returned' && saidOf(items)) } : link,
      ),
    };
  }
}

/** What came out of a chain by a moment. */
function outcomesAt({ chainId, links }: SimulatedChain, now: number) {
  let handled = 0;
  let lost = 0;
  for (const { startedAt, endedAt, outcome, items } of links) {
    if (startedAt > now) break;
    handled += Math.floor(items * Math.min(1, (now - startedAt) / (endedAt - startedAt)));
    if (outcome !== 'returned' && endedAt <= now) lost += 1;
  }
  const skipped = Math.floor(handled * 0.04);
  const unprocessed = Math.floor(handled * 0.004);
  const inDoubt = Math.min(lost * 3, handled - skipped - unprocessed);
  const done = handled - skipped - unprocessed - inDoubt;
  return { done, skipped, unprocessed, inDoubt, throttles: Math.floor((handled * (chainId % 4)) / 40) };
}

/** What a link says of itself when it returns. */
function saidOf(items: number): Pick<LinkView, 'settled' | 'end'> {
  const skipped = Math.floor(items * 0.04);
  return { settled: { done: items - skipped, skipped, unprocessed: 0, inDoubt: 0 }, end: 'handed-off' };
}

/** As the list of executions has it. */
export function summaryOf({ execution, totals }: RunView): ExecutionSummary {
  const { input, output: _, error: __, cause: ___, ...rest } = execution!;
  const { done, skipped, unprocessed, inDoubt, planned } = totals;
  return {
    ...{ ...rest, stateMachine: 'worker-chains', job: (input as RunInput).job },
    startedBy: { kind: 'schedule', scheduledFor: '2026-03-02T06:00:00Z' },
    items: { done, skipped, unprocessed, inDoubt, planned },
  };
}

function report(
  totals: Pick<RunReport, 'planned' | 'done' | 'skipped' | 'unprocessed' | 'inDoubt'>,
  chains: readonly SimulatedChain[],
  endsAt: number,
): RunReport {
  const { planned, done, skipped, unprocessed, inDoubt } = totals;
  const unsubscribed = Math.ceil(skipped * 0.8);
  return {
    runId: 'weekly-digest-2026-03-02',
    job: 'weekly-digest',
    planned,
    given: planned ?? 0,
    gone: 0,
    added: 0,
    done,
    skipped,
    skippedBecause: { unsubscribed, 'not-found': skipped - unsubscribed },
    unprocessed,
    inDoubt,
    chains: chains.length,
    links: chains.reduce((count, chain) => count + chain.links.length, 0),
    elapsedSeconds: Math.round((endsAt - STARTED_AT) / 1000),
    topErrors: [
      { code: 'MessageRejected', count: unprocessed - 1, exampleIds: [118, 367, 604] },
      { code: 'InvalidParameterValue', count: 1, exampleIds: [2047] },
    ],
  };
}

const TEN_CHAINS = { chains: 10, itemsPerChain: 260, linksPerChain: 9, linkMilliseconds: 2500 } as const;

/** Ten chains, about half way through: one recovered from a crash, one from a timeout, one from both kinds of failure. */
export function runInProgress(): SimulatedRun {
  const run = new SimulatedRun({ ...TEN_CHAINS, fails: false });
  run.elapsedMilliseconds = 16_300;
  return run;
}

export function finishedRun(): SimulatedRun {
  return new SimulatedRun({ ...TEN_CHAINS, fails: false }).finish();
}

export function failedRun(): SimulatedRun {
  return new SimulatedRun({ ...TEN_CHAINS, fails: true }).finish();
}

/** 40 chains of 50 links, near the end. About every fifth link was interrupted: more than 2,000 events. */
export function wideRun(): SimulatedRun {
  const run = new SimulatedRun({
    chains: 40,
    itemsPerChain: 5000,
    linksPerChain: 50,
    linkMilliseconds: 8000,
    fails: false,
    interruptEvery: 4,
  });
  run.elapsedMilliseconds = (run.endsAt - STARTED_AT) * 0.97;
  return run;
}
