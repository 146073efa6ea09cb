import { type Clock, sleep } from '../contract/clock';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import type { LinkEvent } from '../contract/payloads';
import { EVENT_VERSION, guardVersion } from '../contract/versions';
import { generationOf, type LinkIdentity, redriveCountOf } from '../ledger/attempts';
import type { LinkClaim } from '../ledger/chains';
import type { Ledger } from '../ledger/ledger';
import type { RunRecord } from '../ledger/records';
import type { Executions } from '../run/executions';
import { activate } from '../run/uniqueness';
import type { Callbacks } from './callbacks';
import type { Lease } from './lease';

export interface EntryDependencies {
  readonly ledger: Ledger;
  readonly callbacks: Callbacks;
  readonly executions: Pick<Executions, 'describe'>;
  readonly clock: Clock;
  /** Names this invocation and no other: see `ownerOf`. */
  readonly newOwner: () => string;
  /** Milliseconds until Lambda ends this invocation. */
  readonly remainingMilliseconds: () => number;
}

/** Whether a link may work, and on what. */
export type Entry =
  | { readonly kind: 'lease-lost' | 'superseded' | 'duplicate' }
  | { readonly kind: 'claimed' | 'finished'; readonly run: RunRecord; readonly claim: LinkClaim };

/** Pause between two looks of a link that waits for its chain. */
const LOOK_AGAIN_MILLISECONDS = 500;
/** A link that still waits for its chain so shortly before Lambda ends it fails; the next attempt waits on. */
const RESERVE_MILLISECONDS = 5000;

/**
 * What comes before a link may touch anything: the lease, whether its execution still serves the run and the run its job,
 * and the chain itself.
 *
 * @throws `Run.Overlapping` where another run of the job is active
 * @throws `Chain.Crashed` where an earlier attempt still held the chain shortly before Lambda ends this invocation
 * @throws LaterVersion where a later deployment wrote the event or a record
 */
export async function enter(event: LinkEvent, lease: Lease, dependencies: EntryDependencies): Promise<Entry> {
  const { ledger } = dependencies;
  const { runId, epoch } = event;
  guardVersion(`the event of chain ${event.chainId} of run ${runId}`, event, EVENT_VERSION);
  if (!(await lease.confirm())) {
    await noteStop(event, ledger);
    return { kind: 'lease-lost' };
  }
  const run = await ledger.readRun(runId);
  if (!run) throw new Error(`Run ${runId} is not in the ledger.`);
  if (generationOf(epoch) < run.generation) return { kind: 'superseded' };
  lease.keep(run.heartbeatSeconds);
  // A redrive does not pass CreateWorkers: its first links ask whether the run may still be the one.
  if (event.link === 0) {
    const { executionArn } = run;
    await activate(run, { runId, executionArn, redriveCount: redriveCountOf(epoch) }, dependencies);
  }
  const claim = await takeChain(event, run, lease, dependencies);
  if (!claim) return { kind: 'lease-lost' };
  const { kind } = claim;
  return kind === 'claimed' || kind === 'finished' ? { kind, run, claim } : { kind };
}

/**
 * Takes the chain. Where an earlier attempt holds items that it may still settle, this one notes in the ledger that it
 * waits, and does so for one heartbeat interval: by then the lease of the earlier attempt has run out, and it touches
 * nothing more. A chain whose owner is known to be dead is taken at once. Undefined if the lease was lost meanwhile.
 */
async function takeChain(
  { runId, chainId, epoch, link }: LinkEvent,
  { heartbeatSeconds }: RunRecord,
  lease: Lease,
  { ledger, clock, newOwner, remainingMilliseconds }: EntryDependencies,
): Promise<Exclude<LinkClaim, { kind: 'held' }> | undefined> {
  const identity: LinkIdentity = { runId, chainId, epoch, link, owner: newOwner() };
  let since = clock.now();
  for (;;) {
    const isOwnerGone = clock.now() - since >= heartbeatSeconds * 1000;
    const claim = await ledger.claimLink(identity, isOwnerGone);
    if (claim.kind !== 'held') return claim;
    if (claim.chain.awaited?.epoch !== epoch) {
      // Attempts before this one may have waited for the same owner.
      since = Math.min(since, (await ledger.awaitChain(claim.chain, epoch)) ?? since);
    }
    if (remainingMilliseconds() < RESERVE_MILLISECONDS) {
      throw new WorkerChainsError(
        ERROR_CODES.crashed,
        `Chain ${chainId} of run ${runId} is still held by an attempt that has not let go: the next attempt waits on.`,
      );
    }
    await sleep(clock, LOOK_AGAIN_MILLISECONDS);
    if (!(await lease.checkRecent())) return undefined;
  }
}

/** The run was stopped while the chain waited for this very link: the ledger notes that no link has the chain now. */
async function noteStop({ runId, chainId, epoch, link }: LinkEvent, ledger: Ledger): Promise<void> {
  if (link === 0) return;
  const chain = await ledger.readChain(runId, chainId);
  if (chain?.epoch !== epoch || chain.link !== link - 1 || chain.status !== 'handed-off') return;
  await ledger.interruptChain(chain, 'The run was stopped, or this attempt was given up, between two links.');
}
