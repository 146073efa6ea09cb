import { errorName } from '../contract/aws-errors';
import { WorkerChainsError } from '../contract/errors';
import { keptCode, keptMessage } from '../contract/kept-text';
import { ERROR_CODES } from '../contract/names';
import type { LinkEvent } from '../contract/payloads';
import { guardLinkBudget, hasProgressed } from '../ledger/attempts';
import type { LinkClaim } from '../ledger/chains';
import type { RunRecord } from '../ledger/records';
import { ChainTaken } from './chain-taken';
import { type EntryDependencies, enter } from './entry';
import { Lease } from './lease';
import { answerTask, type EndDependencies, type Ending, endLink } from './link-end';
import { type LinkReport, linkReport } from './link-report';
import { beginWork, type LinkWork, type WorkDependencies } from './link-work';
import { recoverClaims } from './recovery';

/** What a link needs from the outside. */
export interface LinkDependencies extends EntryDependencies, WorkDependencies, Pick<EndDependencies, 'handoff'> {}

/**
 * Runs one link of a chain: enters, works through chunks, ends. Rejects only when not even the failure could be reported.
 *
 * @see docs/how-it-works.md#life-of-a-link
 */
export async function runLink(event: LinkEvent, dependencies: LinkDependencies): Promise<LinkReport> {
  return new Link(event, dependencies).run();
}

class Link {
  /** Milliseconds since the epoch. */
  private readonly startedAt: number;
  private readonly lease: Lease;
  private runRecord?: RunRecord;
  private work?: LinkWork;

  constructor(
    private readonly event: LinkEvent,
    private readonly deps: LinkDependencies,
  ) {
    this.startedAt = deps.clock.now();
    this.lease = new Lease(deps.callbacks, deps.clock, event.taskToken);
  }

  async run(): Promise<LinkReport> {
    try {
      return this.report(await this.enterAndProcess());
    } catch (error) {
      const failure = error instanceof WorkerChainsError ? error : this.interruption(error);
      await this.deps.callbacks.fail(this.event.taskToken, failure);
      return this.report({ end: 'failed' }, failure);
    } finally {
      this.lease.release();
    }
  }

  private async enterAndProcess(): Promise<Ending> {
    const entry = await enter(this.event, this.lease, this.deps);
    if (entry.kind === 'superseded') return this.refuseTask();
    if (entry.kind === 'finished') return answerTask(this.event, entry.claim.chain, this.deps);
    return entry.kind === 'claimed' ? this.processPartition(entry.run, entry.claim) : { end: entry.kind };
  }

  /** Ends the task: the chain is not its execution's any more. */
  private async refuseTask(): Promise<Ending> {
    const { chainId, runId, taskToken } = this.event;
    const sentence = `Chain ${chainId} of run ${runId} is served by a later execution: follow that one.`;
    await this.deps.callbacks.fail(taskToken, new WorkerChainsError(ERROR_CODES.superseded, sentence));
    return { end: 'superseded' };
  }

  private async processPartition(run: RunRecord, claim: LinkClaim): Promise<Ending> {
    const { ledger, clock } = this.deps;
    const { event, lease, startedAt } = this;
    this.runRecord = run;
    guardLinkBudget(claim.chain);
    const work = await beginWork(run, claim, lease, this.deps);
    this.work = work;
    const { chain } = work;
    try {
      await recoverClaims({ chain, previousEpoch: claim.previousEpoch, run, job: work.job, ledger, clock });
      // What was planned with may be of another day.
      if (event.link > 0 || claim.wasParked) work.allowance.glance();
      await work.loop.run();
      const ending = await endLink({ event, run, work, lease, startedAt }, this.deps);
      if (ending.end === 'lease-lost' || ending.end === 'parked') await work.retire();
      return ending;
    } catch (error) {
      // The task is answered by the attempt that has the chain now.
      if (error instanceof ChainTaken) return { end: 'superseded' };
      // What is known of this link's items is settled whatever went wrong; if that fails too, the next epoch finds out.
      await chain.giveUp(keptText(error)).catch(() => {});
      // An error without a code is tried again soon.
      if (error instanceof WorkerChainsError) await work.retire();
      throw error;
    } finally {
      work.release();
    }
  }

  /** Whatever has no code of its own: an attempt that has got something done costs the chain no retry. */
  private interruption(cause: unknown): WorkerChainsError {
    const hasWorked = this.work && hasProgressed(this.work.chain.record);
    return new WorkerChainsError(hasWorked ? ERROR_CODES.interrupted : ERROR_CODES.crashed, keptText(cause), { cause });
  }

  private report(ending: Ending, failure?: WorkerChainsError): LinkReport {
    const { event, startedAt, runRecord, work } = this;
    return linkReport({ event, startedAt, now: this.deps.clock.now(), runRecord, work, ending, failure });
  }
}

/** What an error says, without addresses and tokens: it goes to the ledger, the execution and the log. */
function keptText(error: unknown): string {
  return `${keptCode(errorName(error))}: ${keptMessage(error)}`;
}
