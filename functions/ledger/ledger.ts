import type { ItemId } from '../contract/payloads';
import type { RunStatus } from '../contract/status';
import { AddressClaims } from './address-claims';
import type { LinkIdentity } from './attempts';
import { Budgets } from './budgets';
import { type ChainProgress, Chains, type LinkClaim, type SettledStatus } from './chains';
import { Claims } from './claims';
import { Feedback, type MailEvent } from './feedback';
import { type AuditRecord, Items, type LeftoverItem, type PageOfItems } from './items';
import { JudgedFeedback } from './judged-feedback';
import { LedgerTable, type TableOptions } from './ledger-table';
import { Postponed } from './postponed';
import type { Reaction } from './reaction';
import { Recipients } from './recipients';
import {
  activePlaceOf,
  type CanaryVerdict,
  type ChainRecord,
  type ItemRecord,
  type KeptItem,
  type PlacedRun,
  type RunRecord,
} from './records';
import { Runs } from './runs';
import { WarmUps } from './warm-ups';

/**
 * The ledger: the single source of truth about runs, chains and the items that need looking at. It only stores – what may
 * follow on what is decided by `attempts.ts` and by the edges of `contract/status.ts` – and a write takes effect only on a
 * record that is as its writer knew it. Each part says in its own file what its writes are conditional on.
 *
 * Any call may throw `LaterVersion`, where it meets a record of a later deployment, and the service's own error, where it
 * was not answered for ten minutes.
 *
 * @see docs/how-it-works.md#the-ledger
 */
export class Ledger {
  /** What only one run may have: an occurrence, what another run left over, a job's active place. */
  readonly claims: Claims;
  /** Who takes part in a provider's budget, and what is set for all of them. */
  readonly budgets: Budgets;
  /** What is known of addresses, whatever the run: who bounced, complained, unsubscribed. */
  readonly recipients: Recipients;
  /** Which item of a run has an address for itself. */
  readonly addresses: AddressClaims;
  /** What mail providers said of a run's mails. */
  readonly feedback: Feedback;
  /** What of it counts against a run. */
  readonly judgedFeedback: JudgedFeedback;
  /** Items that wait for their windows. */
  readonly postponed: Postponed;
  /** How many mails sending domains have sent on which day. */
  readonly warmUps: WarmUps;
  private readonly runs: Runs;
  private readonly chains: Chains;
  private readonly items: Items;

  constructor(options: TableOptions) {
    const table = new LedgerTable(options);
    this.claims = new Claims(table, options.clock);
    this.budgets = new Budgets(table, options.clock);
    this.recipients = new Recipients(table);
    this.addresses = new AddressClaims(table);
    this.feedback = new Feedback(table);
    this.judgedFeedback = new JudgedFeedback(table);
    this.postponed = new Postponed(table);
    this.warmUps = new WarmUps(table);
    this.runs = new Runs(table);
    this.chains = new Chains(table, options.clock);
    this.items = new Items(table);
  }

  /** Stores a new run, or answers the one that has this id already. */
  createRun(run: RunRecord): Promise<RunRecord> {
    return this.runs.create(run);
  }

  readRun(runId: string): Promise<RunRecord | undefined> {
    return this.runs.read(runId);
  }

  /** Moves the run along an edge of the status table. False if the edge does not exist from where the run is. */
  setRunStatus(runId: string, to: RunStatus, values: Partial<RunRecord> = {}): Promise<boolean> {
    return this.runs.setStatus(runId, to, values);
  }

  /**
   * Changes the budget of a run while it is on, in items per second; 0 pauses it. Its links see it within two seconds, and
   * use more than before when the other runs have made room. False if there is no such run.
   */
  setRate(runId: string, rate: number): Promise<boolean> {
    return this.runs.setRate(runId, rate);
  }

  /** Notes what the run does about the feedback on its mails, and pauses it if that is what. False if somebody else was first. */
  noteReaction(run: RunRecord, reaction: Reaction): Promise<boolean> {
    return this.runs.react(run, reaction);
  }

  /** Notes how the canary of a run fared. Answers what is noted: the first word counts. */
  noteCanaryVerdict(runId: string, verdict: CanaryVerdict): Promise<CanaryVerdict> {
    return this.runs.noteCanaryVerdict(runId, verdict);
  }

  /** Lets a chain that is through with the canary go through its partition for everybody else. Answers it as it is then. */
  sendOn(chain: ChainRecord): Promise<ChainRecord> {
    return this.chains.sendOn(chain);
  }

  /** The execution was stopped for the run's last reaction. */
  noteStopped(runId: string): Promise<void> {
    return this.runs.noteStopped(runId);
  }

  /** Hands the run to another execution. Undefined if somebody else was first. */
  adoptRun(run: RunRecord, executionArn: string, values: Partial<RunRecord>): Promise<RunRecord | undefined> {
    return this.runs.adopt(run, executionArn, values);
  }

  /** Keeps the chains and items of a run until `expiresAt`, in seconds since the epoch. */
  extend(runId: string, expiresAt: number): Promise<void> {
    return this.runs.extend(runId, expiresAt);
  }

  /** The job has no active run any more, if `runId` was it. */
  deactivate(run: PlacedRun & Pick<RunRecord, 'runId'>): Promise<void> {
    return this.claims.giveUp(activePlaceOf(run), run.runId);
  }

  /** Stores the run's chains as planned; a chain that is already there is left as it is. */
  createChains(run: RunRecord): Promise<void> {
    return this.chains.create(run);
  }

  readChain(runId: string, chainId: number): Promise<ChainRecord | undefined> {
    return this.chains.read(runId, chainId);
  }

  /** All chains of a run, in the order of their numbers. */
  readChains(runId: string): Promise<readonly ChainRecord[]> {
    return this.chains.readAll(runId);
  }

  /** Takes the chain for one link, if the rules let it. `isOwnerGone`: its owner before cannot touch an item any more. */
  claimLink(identity: LinkIdentity, isOwnerGone = false): Promise<LinkClaim> {
    return this.chains.claim(identity, isOwnerGone);
  }

  /** Says that a later epoch waits. Answers since when somebody has, in milliseconds since the epoch. Undefined if the chain has moved on. */
  awaitChain(chain: ChainRecord, epoch: number): Promise<number | undefined> {
    return this.chains.noteWaiting(chain, epoch);
  }

  /** Reserves a chunk, and settles what came of the ones before. Undefined if the chain was taken from this link. */
  claimChunk(chain: ChainRecord, ids: readonly KeptItem[], progress: ChainProgress): Promise<ChainRecord | undefined> {
    return this.chains.claimChunk(chain, ids, progress);
  }

  /** Settles without reserving. Undefined if the chain was taken from this link. */
  settle(
    chain: ChainRecord,
    progress: ChainProgress,
    status: SettledStatus,
    values: Partial<ChainRecord> = {},
  ): Promise<ChainRecord | undefined> {
    return this.chains.settle(chain, progress, status, values);
  }

  /** Takes the chain away from whoever has it, as it was read. Harmless if it has moved on since. */
  interruptChain(chain: ChainRecord, lastError: string): Promise<void> {
    return this.chains.interrupt(chain, lastError);
  }

  /** Records how an item came out, and answers what is recorded: the first word counts. */
  recordItem(item: ItemRecord): Promise<ItemRecord['outcome']> {
    return this.items.record(item);
  }

  /** Keeps how an item came out that needs no looking at, for an audit. The first word counts. */
  auditItem(item: AuditRecord): Promise<void> {
    return this.items.audit(item);
  }

  /** What an audit has kept of an item; undefined where the run keeps none, or the item has not come out yet. */
  readAudit(runId: string, id: ItemId): Promise<AuditRecord | undefined> {
    return this.items.readAudit(runId, id);
  }

  /**
   * Notes of an item in doubt that its mail was accepted: it is done. Answers whether it is settled so now or was before; false where
   * the item is not in doubt.
   */
  settleInDoubt(event: MailEvent): Promise<boolean> {
    return this.items.settleInDoubt(event);
  }

  /** What is recorded of one chunk's items, by their index in the chunk. */
  readChunkItems(runId: string, chainId: number, chunk: number): Promise<ReadonlyMap<number, ItemRecord>> {
    return this.items.readChunk(runId, chainId, chunk);
  }

  /** One page of a run's unprocessed and in-doubt items. May be empty before the end, which has no `next`. */
  listItems(
    runId: string,
    page: PageOfItems = {},
  ): Promise<{ readonly items: readonly LeftoverItem[]; readonly next?: string }> {
    return this.items.list(runId, page);
  }
}
