import { errorName } from '../contract/aws-errors';
import type { Email } from '../contract/email';
import { WorkerChainsError } from '../contract/errors';
import type { Job, Source } from '../contract/job';
import { keptCode, keptMessage } from '../contract/kept-text';
import { ERROR_CODES } from '../contract/names';
import { NO_COUNTS, outcomesOf, settledItems } from '../contract/outcomes';
import type { ChainResult, LinkEvent } from '../contract/payloads';
import type { ProviderQuota } from '../contract/quota';
import { guardLinkBudget, hasProgressed } from '../ledger/attempts';
import type { LinkClaim } from '../ledger/chains';
import type { ChainRecord, RunRecord } from '../ledger/records';
import { Allowance } from './allowance';
import { Chain } from './chain';
import { ChunkLoop } from './chunk-loop';
import { type EntryDependencies, enter } from './entry';
import type { Handoff } from './handoff';
import { Interruptible } from './interruptible';
import { Lease } from './lease';
import { Pace } from './pace';
import { type LinkEnd, type LinkReport, standingOf } from './telemetry';
import { partOf, Tuning } from './tuning';

/** What a link needs from the outside. */
export interface LinkDependencies extends EntryDependencies {
  readonly handoff: Pick<Handoff, 'invoke'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly findJob: (name: string) => Job;
  readonly findSource: (kind: string, job: Job) => Source;
  readonly readQuota: () => Promise<ProviderQuota>;
  /** One attempt to send a mail; rejects with a `Refusal`. */
  readonly send: (email: Email) => Promise<void>;
  /** Items to claim at a time, for each that is under way. @default - `CLAIM_FACTOR` */
  readonly claimFactor?: number;
}

/**
 * Kept free at the end of an invocation: for the sends in flight, which time out earlier, and for settling and handing
 * over, which sit out an outage of two minutes.
 */
const RESERVE_MILLISECONDS = 180_000;

/** Runs one link of a chain. Rejects only when not even the failure could be reported. */
export async function runLink(event: LinkEvent, dependencies: LinkDependencies): Promise<LinkReport> {
  return new Link(event, dependencies).run();
}

/** Why a link starts no further item. */
type Stop = 'time-spent' | 'lease-lost' | 'awaited' | 'quota-exhausted';

class Link {
  private readonly startedAt: number;
  private readonly lease: Lease;
  private stop?: Stop;
  private readonly untilStop = new Interruptible();
  private loop?: ChunkLoop;
  private runRecord?: RunRecord;
  private chain?: Chain;
  private pace?: Pace;
  private handoffMilliseconds?: number;

  constructor(
    private readonly event: LinkEvent,
    private readonly deps: LinkDependencies,
  ) {
    this.startedAt = deps.clock.now();
    this.lease = new Lease(deps.callbacks, deps.clock, event.taskToken);
  }

  async run(): Promise<LinkReport> {
    try {
      return this.report(await this.enterAndWork());
    } catch (error) {
      const failure = error instanceof WorkerChainsError ? error : this.interruption(error);
      await this.deps.callbacks.fail(this.event.taskToken, failure);
      return this.report('failed', failure);
    } finally {
      this.lease.release();
    }
  }

  /** Whatever has no code of its own: an attempt that has got something done costs the chain no retry. */
  private interruption(cause: unknown): WorkerChainsError {
    const hasWorked = this.chain && hasProgressed(this.chain.record);
    return new WorkerChainsError(hasWorked ? ERROR_CODES.interrupted : ERROR_CODES.crashed, describe(cause), { cause });
  }

  private async enterAndWork(): Promise<LinkEnd> {
    const entry = await enter(this.event, this.lease, this.deps);
    if (entry.kind === 'superseded') return this.answerSuperseded();
    if (entry.kind === 'finished') return this.answer(entry.claim.chain);
    return entry.kind === 'claimed' ? this.work(entry.run, entry.claim) : entry.kind;
  }

  private async answerSuperseded(): Promise<LinkEnd> {
    const { chainId, runId, taskToken } = this.event;
    const sentence = `Chain ${chainId} of run ${runId} is served by a later execution: follow that one.`;
    await this.deps.callbacks.fail(taskToken, new WorkerChainsError(ERROR_CODES.superseded, sentence));
    return 'superseded';
  }

  private async work(run: RunRecord, claim: LinkClaim): Promise<LinkEnd> {
    const { ledger, clock, random, findJob, findSource, readQuota } = this.deps;
    this.runRecord = run;
    const claimed = claim.chain;
    const job = findJob(run.job);
    guardLinkBudget(claimed);
    const { backOff } = claimed;
    const chains = await ledger.readChains(run.runId);
    const part = partOf(claimed.chainId, run, chains, clock.now());
    const itemsPerSecond = run.rate / part.chains;
    const pace = new Pace({ clock, random, itemsPerSecond, phase: part.phase, ...(backOff && { backOff }) });
    this.pace = pace;
    const tuning = new Tuning({ ledger, clock, run, chain: claimed, pace, onAwaited: () => this.halt('awaited') });
    tuning.begin(chains);
    const allowance = new Allowance({
      run,
      settled: settledItems(claimed),
      chainsAtWork: () => tuning.chainsAtWork,
      readQuota,
      onQuota: (quota) => tuning.follow(quota),
    });
    const cancelDeadline = clock.after(this.workMilliseconds(run), () => this.halt('time-spent'));
    this.lease.onLost(() => this.halt('lease-lost'));
    const chain = new Chain(claim, ledger, run, job, findSource(run.source, job), pace);
    this.chain = chain;
    try {
      if (!(await chain.recover(clock.now()))) return 'superseded';
      if (this.event.link > 0) allowance.glance();
      this.loop = this.loopOver(chain, pace, allowance);
      if (!(await this.loop.work())) return 'superseded';
      return await this.end(chain);
    } catch (error) {
      // What is known of this link's items is settled whatever went wrong; if that fails too, the next epoch finds out.
      await chain.giveUp(describe(error)).catch(() => {});
      throw error;
    } finally {
      cancelDeadline();
      tuning.release();
      pace.stop();
    }
  }

  private loopOver(chain: Chain, pace: Pace, allowance: Allowance): ChunkLoop {
    const { clock, send, claimFactor } = this.deps;
    return new ChunkLoop({
      chain,
      pace,
      lease: this.lease,
      allowance,
      clock,
      link: this.event.link,
      send,
      ...(claimFactor !== undefined && { claimFactor }),
      isStopped: () => this.stop !== undefined,
      untilStop: this.untilStop,
      onQuotaExhausted: () => this.halt('quota-exhausted'),
      onAwaited: () => this.halt('awaited'),
    });
  }

  /** Settles, and does what follows from how the link ended. */
  private async end(chain: Chain): Promise<LinkEnd> {
    const { handoff, clock } = this.deps;
    if (chain.isAtEnd()) {
      const finished = await chain.settle('finished');
      return finished ? this.answer(finished) : 'superseded';
    }
    const hasLease = this.stop !== 'lease-lost' && this.lease.held();
    if (!hasLease || this.stop === 'awaited') {
      await chain.settle('interrupted');
      return hasLease ? 'superseded' : 'lease-lost';
    }
    if (this.stop === 'quota-exhausted') {
      throw new WorkerChainsError(
        ERROR_CODES.quotaExhausted,
        'What a run may take of the 24-hour quota is spent, or sending is paused: redrive the execution when there is quota again.',
      );
    }
    const decidedAt = clock.now();
    const full = this.workedFully(chain.linkSeconds) ? { fullLinks: chain.record.fullLinks + 1 } : {};
    const backOff = this.pace?.backOff() ?? null;
    if (!(await chain.settle('handed-off', { ...full, backOff }))) return 'superseded';
    if (!(await this.lease.check())) {
      await chain.settle('interrupted');
      return 'lease-lost';
    }
    await handoff.invoke({ ...this.event, link: this.event.link + 1 });
    this.handoffMilliseconds = clock.now() - decidedAt;
    return 'handed-off';
  }

  private async answer(chain: ChainRecord): Promise<LinkEnd> {
    const { chainId, links } = chain;
    const result: ChainResult = { chainId, links, ...outcomesOf(chain) };
    return (await this.deps.callbacks.succeed(this.event.taskToken, result)) ? 'finished' : 'lease-lost';
  }

  /** Used its time, however little the pace let it do. Links that hand over sooner, again and again, are a runaway. */
  private workedFully(linkSeconds: number): boolean {
    return this.deps.clock.now() - this.startedAt >= linkSeconds * 500;
  }

  private halt(stop: Stop): void {
    this.stop ??= stop;
    this.pace?.stop();
    this.untilStop.interrupt();
  }

  /** The link's time counts from when it has the chain: however slow a start was, there is time to get something done. */
  private workMilliseconds(run: RunRecord): number {
    const remaining = this.deps.remainingMilliseconds();
    const reserve = Math.min(RESERVE_MILLISECONDS, remaining / 3);
    return Math.max(0, Math.min(run.linkSeconds * 1000, remaining - reserve));
  }

  private report(end: LinkEnd, failure?: WorkerChainsError): LinkReport {
    const { runId, chainId, epoch, link } = this.event;
    const now = this.deps.clock.now();
    return {
      runId,
      chainId,
      epoch,
      link,
      end,
      ...(failure && { code: failure.code, message: failure.message }),
      ...(this.runRecord && { job: this.runRecord.job, run: standingOf(this.runRecord, now) }),
      ...outcomesOf(this.chain?.handledHere() ?? NO_COUNTS),
      chunks: this.loop?.claims ?? 0,
      throttles: this.pace?.throttles ?? 0,
      heldBackMilliseconds: Math.round(this.pace?.heldBackMilliseconds ?? 0),
      milliseconds: now - this.startedAt,
      ...(this.handoffMilliseconds !== undefined && { handoffMilliseconds: this.handoffMilliseconds }),
    };
  }
}

/** What an error says, without addresses and tokens: it goes to the ledger, the execution and the log. */
function describe(error: unknown): string {
  return `${keptCode(errorName(error))}: ${keptMessage(error)}`;
}
