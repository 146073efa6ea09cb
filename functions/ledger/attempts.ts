import { counted } from '../contract/counted';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import { type OutcomeCounts, settledItems } from '../contract/outcomes';
import { expectedItems } from '../contract/source';
import { isAtWork } from '../contract/status';
import type { ChainRecord, RunRecord } from './records';

/**
 * The rules of who may hold a chain, of how many links a partition can need, and of which failures count. They look at
 * records and write none.
 *
 * An epoch is `1,000,000 × generation + 1000 × redrives + (500 after a canary) + (250 in FinishChains) + parks and
 * retries`, as the state machine computes it.
 *
 * @see docs/how-it-works.md#epochs
 */

/** Items that a run is taken to have, for its tolerance, where its source cannot tell. */
const LEAST_JUDGED = 1000;

/** Attempts of one execution are numbered below this; every execution that resumes a run starts above them. */
export const EPOCHS_PER_GENERATION = 1_000_000;
const EPOCHS_PER_REDRIVE = 1000;
/** Attempts of the chains that go on after their run's canary are numbered from here, above all of those before. */
export const EPOCHS_AFTER_CANARY = 500;
/** RunChains, FinishChains, and both again after a canary: each has so many attempts for itself. */
const EPOCHS_PER_MAP = 250;
/** Of these, as many as a chain may park with; the retries need the others. */
const MOST_PARKS = 200;

/** Which attempt of which chain a link belongs to, and the nonce by which its writes are known. */
export interface LinkIdentity {
  readonly runId: string;
  readonly chainId: number;
  readonly epoch: number;
  readonly link: number;
  readonly owner: string;
}

/** How many executions had served the run before the one that this epoch belongs to. */
export function generationOf(epoch: number): number {
  return Math.floor(epoch / EPOCHS_PER_GENERATION);
}

/** How often that execution had been redriven. */
export function redriveCountOf(epoch: number): number {
  return Math.floor((epoch % EPOCHS_PER_GENERATION) / EPOCHS_PER_REDRIVE);
}

/**
 * Whether two epochs belong to one round: a redrive and a resumption begin a new one, a retry does not. What was counted
 * in an earlier round is forgiven, on every chain of the run at once, whenever its own link gets to start.
 */
export function isSameRound(a: number, b: number): boolean {
  return Math.floor(a / EPOCHS_PER_REDRIVE) === Math.floor(b / EPOCHS_PER_REDRIVE);
}

/** What a link may do with the chain as it stands in the ledger. */
export type Verdict =
  | 'claimable'
  /** An earlier epoch holds items that it may still settle: wait for it, or for its lease to run out. */
  | 'held'
  /** The link has it already. */
  | 'mine'
  /** The chain has ended: only its result is left to be reported. */
  | 'finished'
  /** The same link was delivered before. */
  | 'duplicate'
  /** A later epoch holds the chain. */
  | 'superseded';

/**
 * Link 0 takes the chain from every earlier epoch, a later link from its predecessor alone, once. `isOwnerGone`: whoever
 * held the chain before cannot touch an item any more.
 */
export function judge(chain: ChainRecord, { epoch, link, owner }: LinkIdentity, isOwnerGone: boolean): Verdict {
  if (chain.owner === owner) return 'mine';
  if (chain.epoch > epoch) return 'superseded';
  if (chain.epoch === epoch) {
    if (chain.status === 'finished') return link > chain.link ? 'finished' : 'duplicate';
    return link === chain.link + 1 && chain.status === 'handed-off' ? 'claimable' : 'duplicate';
  }
  if (chain.status === 'finished') return 'finished';
  // A link beyond the first belongs to an epoch that began: it cannot be later than the one in the ledger.
  if (link > 0) return 'superseded';
  // A chain that is running with nothing claimed is fenced by taking it: its owner's next claim is refused.
  return chain.status === 'running' && chain.claim !== null && !isOwnerGone ? 'held' : 'claimable';
}

/**
 * What a link changes in the chain that it takes. Link 0 begins an attempt, and where that is the first one of a round – a
 * redrive or a resumption, not a retry – what was counted against the chain before is forgiven.
 */
export function valuesOfLink(before: ChainRecord, { epoch, link, owner }: LinkIdentity): Partial<ChainRecord> {
  const taken = { status: 'running', epoch, link, owner, links: before.links + 1, awaited: null } as const;
  if (link > 0) return taken;
  const { failures, links, fullLinks, given } = before;
  return {
    ...taken,
    settledBefore: workedItems(before),
    ...(!isSameRound(epoch, before.epoch) && {
      forgivenFailures: failures,
      forgivenLinks: links - fullLinks,
      unseenInDoubt: 0,
      givenBefore: given,
    }),
  };
}

/** Whether no other chain of the run is in the hands of a link, or about to be. */
export function isLastAtWork(chainId: number, chains: readonly Pick<ChainRecord, 'chainId' | 'status'>[]): boolean {
  return chains.every((other) => other.chainId === chainId || !isAtWork(other));
}

/** Whether an attempt later than `epoch` waits for the chain: then whoever has it settles what it knows and lets go. */
export function isAwaited({ awaited }: Pick<ChainRecord, 'awaited'>, epoch: number): boolean {
  return awaited !== null && awaited.epoch > epoch;
}

/**
 * Links that a partition can honestly need beside those that used their time, which are bounded by the time that a
 * chain may take: one for every chunk, and 50 more for chunks that an interruption cut in two. A chain beyond that is
 * a runaway.
 */
export function linkBudget(items: number, chunkItems: number): number {
  return Math.ceil(items / chunkItems) + 50;
}

/** Items of a chain that somebody worked on to the end: to find an item in doubt gets nothing done. */
function workedItems(counts: OutcomeCounts): number {
  return settledItems(counts) - counts.inDoubt;
}

/** Whether the present attempt has got something done: then its interruption costs the chain no retry. */
export function hasProgressed(chain: ChainRecord): boolean {
  return chain.link > 0 || workedItems(chain) > chain.settledBefore;
}

/**
 * Failures of a chain that count against the run's tolerance, seen from a link of `epoch`: those of the same round.
 * A chain that no link of this round has had yet has none.
 */
export function countedFailures(chain: ChainRecord, epoch: number): number {
  const { failures, forgivenFailures } = chain;
  return isSameRound(chain.epoch, epoch) ? failures - forgivenFailures : 0;
}

/** Failures of all chains of a run that count against its tolerance, seen from a link of `epoch`. */
export function failuresIn(chains: readonly ChainRecord[], epoch: number): number {
  return chains.reduce((sum, chain) => sum + countedFailures(chain, epoch), 0);
}

/** Items that the round of `epoch` found in doubt when it took a chain over: nobody has seen them yet. */
export function unseenInDoubtIn(chains: readonly ChainRecord[], epoch: number): number {
  return chains.reduce((sum, chain) => sum + (isSameRound(chain.epoch, epoch) ? chain.unseenInDoubt : 0), 0);
}

/**
 * Items of a run by which its failures are judged while it is on: as many as were expected, or were given by now. Where
 * nothing is known beforehand a first failure must not end the run.
 */
export function judgedItems({ plan }: Pick<RunRecord, 'plan'>, chains: readonly Pick<ChainRecord, 'given'>[]): number {
  return Math.max(expectedItems(plan) ?? LEAST_JUDGED, givenItems(chains));
}

/** Items that the sources of all these chains have given. */
export function givenItems(chains: readonly Pick<ChainRecord, 'given'>[]): number {
  return chains.reduce((sum, { given }) => sum + given, 0);
}

/** How many of so many items may fail. */
export function toleratedFailures(
  { tolerateUnprocessed }: Pick<RunRecord, 'tolerateUnprocessed'>,
  items: number,
): number {
  return Math.floor(tolerateUnprocessed * items);
}

/** Names the owner of a chain by its invocation, and tells two deliveries of one event apart by a nonce. */
export function ownerOf(requestId: string, nonce: string): string {
  return `${requestId}#${nonce}`;
}

/** The request id of the invocation that owns a chain; undefined where the owner does not tell. */
export function invocationOf(owner: string): string | undefined {
  const end = owner.indexOf('#');
  return end > 0 ? owner.slice(0, end) : undefined;
}

/**
 * Links of a chain that count against its budget: not those that used their time, which are bounded by the time that a
 * chain may take, and not those of an earlier round.
 */
function countedLinks({ links, fullLinks, forgivenLinks }: ChainRecord): number {
  return links - fullLinks - forgivenLinks;
}

/**
 * @throws `Chain.Runaway` where the chain has used more short links than its partition can need: its budget, and one for
 * each item beyond those that were expected.
 */
export function guardLinkBudget(chain: ChainRecord): void {
  const { chainId, given, linkBudget } = chain;
  const used = countedLinks(chain);
  const allowed = linkBudget + Math.max(0, given - (expectedItems(chain) ?? 0));
  if (used > allowed) {
    const links = counted(used, 'link');
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `Chain ${chainId} has used ${links} that ended before their time where its partition allows ${allowed}.`,
    );
  }
}

/**
 * @throws `Chain.Runaway` where the chain has parked so often that its next attempts would be numbered like others of the
 * execution
 */
export function guardParks({ chainId, epoch }: Pick<ChainRecord, 'chainId' | 'epoch'>): void {
  if (epoch % EPOCHS_PER_MAP < MOST_PARKS) return;
  throw new WorkerChainsError(
    ERROR_CODES.runaway,
    `Chain ${chainId} has waited for its hour or been retried ${MOST_PARKS} times in one execution, which is as often as ` +
      'it may: redrive the execution to go on.',
  );
}

/** Beyond what was planned: a chain may meet as many items again that came while the run was on, and so many more. */
const MOST_ADDED = 1000;

/**
 * Items that a chain may be given in this round. Where the number is only estimated, or not known, there is no such bound:
 * a cursor that must advance and the time that a chain may take are left.
 */
export function mostGiven({ items, givenBefore }: ChainRecord, isFrozen: boolean): number {
  if (items === undefined) return Number.POSITIVE_INFINITY;
  return isFrozen ? items : 2 * Math.max(items, givenBefore) + MOST_ADDED;
}
