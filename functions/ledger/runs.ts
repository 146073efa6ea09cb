import { type RunStatus, runStatusesBefore } from '../contract/status';
import { RECORD_VERSION } from '../contract/versions';
import type { Condition, Key, LedgerTable } from './ledger-table';
import { postponedPartition } from './postponed';
import type { Reaction } from './reaction';
import { type CanaryVerdict, type ChainRecord, itemsPartition, type RunRecord, runKey, runOf } from './records';
import { ABSENT, allOf, has, KNOWN_VERSION, PRESENT, statusIn } from './write-conditions';

/** Records that are written at a time when a run is kept for longer. */
const EXTENDED_AT_A_TIME = 25;

/** The records of runs. */
export class Runs {
  constructor(private readonly table: LedgerTable) {}

  /** Stores a new run, or answers the one that has this id already: an earlier try of the same execution stored it, or somebody else. */
  async create(run: RunRecord): Promise<RunRecord> {
    const { stored } = await this.table.put(
      runKey(run.runId),
      { ...run, version: RECORD_VERSION },
      ABSENT,
      () => false,
    );
    return runOf(stored ?? run);
  }

  async read(runId: string): Promise<RunRecord | undefined> {
    const stored = await this.table.get(runKey(runId));
    return stored && runOf(stored);
  }

  /** Moves the run along an edge of the status table. False if the edge does not exist from where the run is. */
  async setStatus(runId: string, to: RunStatus, values: Partial<RunRecord>): Promise<boolean> {
    const from = statusIn(runStatusesBefore(to));
    return this.change(runId, { ...values, status: to }, from, (stored) => stored.status === to);
  }

  /** Changes the budget of a run while it is on, in items per second; 0 pauses it. False if there is no such run. */
  async setRate(runId: string, rate: number): Promise<boolean> {
    return this.change(runId, { rate }, PRESENT, (stored) => stored.rate === rate);
  }

  /**
   * Notes what the run does about the feedback on its mails; one that pauses gets the rate 0 by the same write. False if
   * somebody else was first.
   */
  async react(run: RunRecord, reaction: Reaction): Promise<boolean> {
    const { act, because, round, at } = reaction;
    const what = act === 'pause' ? { rate: 0, pausedBecause: because } : { stopping: true };
    const asRead: Condition = run.reaction
      ? has({ reactions: run.reaction.round })
      : { expression: 'attribute_not_exists(#reactions)' };
    const isMine = (stored: Partial<RunRecord>) => stored.reaction?.round === round && stored.reaction.at === at;
    return this.change(run.runId, { reaction, reactions: round, ...what }, allOf(PRESENT, asRead), isMine);
  }

  /**
   * Notes how the canary fared. Answers what is noted: the first word counts.
   *
   * @throws Error where there is no such run
   */
  async noteCanaryVerdict(runId: string, canaryVerdict: CanaryVerdict): Promise<CanaryVerdict> {
    const unjudged: Condition = { expression: 'attribute_not_exists(#canaryVerdict)' };
    const key = runKey(runId);
    const { stored } = await this.table.update(
      key,
      { canaryVerdict },
      allOf(PRESENT, KNOWN_VERSION, unjudged),
      () => true,
    );
    if (!stored) throw new Error(`Run ${runId} has vanished from the ledger.`);
    const run = runOf(stored);
    return run.canaryVerdict ?? canaryVerdict;
  }

  /** The execution was stopped for the run's last reaction. */
  async noteStopped(runId: string): Promise<void> {
    await this.change(runId, { stopping: false }, PRESENT, () => true);
  }

  /** Hands the run to another execution: fences out every attempt of the one before. Undefined if somebody else was first. */
  async adopt(run: RunRecord, executionArn: string, values: Partial<RunRecord>): Promise<RunRecord | undefined> {
    const { generation } = run;
    const { written, stored } = await this.table.update(
      runKey(run.runId),
      { ...values, version: RECORD_VERSION, status: 'running', executionArn, generation: generation + 1 },
      allOf(statusIn(runStatusesBefore('running')), has({ generation })),
      (found) => found.executionArn === executionArn,
    );
    return written && stored ? runOf(stored) : undefined;
  }

  /**
   * Keeps what belongs to a run until `expiresAt`, in seconds since the epoch: its chains, and every item that is listed or
   * postponed. Records of a later deployment as well: to be kept for longer harms none.
   */
  async extend(runId: string, expiresAt: number): Promise<void> {
    await this.keepUntil(expiresAt, itemsPartition(runId), '');
    for await (const stored of this.table.scan(runKey(runId).pk, 'chain#')) {
      const { chainId, postponed = 0, postponedAt } = stored as Partial<ChainRecord> & Pick<ChainRecord, 'chainId'>;
      if (postponed > 0) await this.keepUntil(expiresAt, postponedPartition(runId, chainId), '', postponedAt);
    }
    // The chains last: they tell whether this was done to the end.
    await this.keepUntil(expiresAt, runKey(runId).pk, 'chain#');
  }

  private async keepUntil(expiresAt: number, pk: string, prefix: string, after?: string): Promise<void> {
    let position = after;
    do {
      const limit = EXTENDED_AT_A_TIME;
      const page = await this.table.query(pk, prefix, { limit, ...(position !== undefined && { after: position }) });
      const keys = page.items as unknown as readonly Key[];
      await Promise.all(keys.map(({ sk }) => this.table.update({ pk, sk }, { expiresAt }, PRESENT, () => true)));
      position = page.next;
    } while (position !== undefined);
  }

  /** @throws `LaterVersion` where a later deployment has taken the run up: whoever asked read it before that. */
  private async change(
    runId: string,
    values: Partial<RunRecord>,
    condition: Condition,
    isMine: (stored: Partial<RunRecord>) => boolean,
  ): Promise<boolean> {
    const { written, stored } = await this.table.update(runKey(runId), values, allOf(KNOWN_VERSION, condition), isMine);
    if (stored) runOf(stored);
    return written;
  }
}
