import type { Clock } from '../contract/clock';
import { RECORD_VERSION } from '../contract/versions';
import type { Condition, LedgerTable } from './ledger-table';
import { type ClaimKey, type Holder, holderOf } from './records';
import { allOf, has, KNOWN_VERSION } from './write-conditions';

/** Records that one execution holds at a time: an occurrence, what another run left over, a job's active place. */
export class Claims {
  constructor(
    private readonly table: LedgerTable,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes what only one run may have, if nobody has it, if this execution has it already, or if it is still as
   * `instead` was read. Answers who has it afterwards. `expiresAt` is in seconds since the epoch.
   */
  async take(
    key: ClaimKey,
    holder: Omit<Holder, 'at'> & { readonly executionArn: string },
    { instead, expiresAt }: { readonly instead?: Holder; readonly expiresAt?: number } = {},
  ): Promise<Holder> {
    const { runId, executionArn, redriveCount } = holder;
    const record: Holder = { runId, executionArn, redriveCount, at: this.clock.now() };
    const other = instead && isStill(instead);
    const { stored } = await this.table.put(
      key,
      { ...record, version: RECORD_VERSION, ...(expiresAt !== undefined && { expiresAt }) },
      {
        expression:
          KNOWN_VERSION.expression +
          ' AND (attribute_not_exists(#pk) OR (#runId = :runId' +
          ' AND (attribute_not_exists(#executionArn) OR #executionArn = :executionArn)' +
          ' AND (attribute_not_exists(#redriveCount) OR #redriveCount <= :redriveCount))' +
          `${other ? ` OR (${other.expression})` : ''})`,
        values: { ...KNOWN_VERSION.values, runId, executionArn, redriveCount, ...other?.values },
      },
      () => true,
    );
    // Refused by a claim that was given up since: ask again, so that it is taken in writing.
    return stored ? holderOf(stored) : this.take(key, holder, { instead, expiresAt });
  }

  /** Who has a claim, if anybody does. */
  async read(key: ClaimKey): Promise<Holder | undefined> {
    const stored = await this.table.get(key);
    return stored && holderOf(stored);
  }

  /**
   * Gives up a claim of `runId`. Nothing happens if `runId` does not have it, or if a later deployment has taken the run
   * up: it gives the claim up itself.
   */
  async giveUp(key: ClaimKey, runId: string): Promise<void> {
    await this.table.delete(key, allOf(has({ runId }), KNOWN_VERSION));
  }
}

/** Holds while a claim is as it was read. */
function isStill({ runId, executionArn, redriveCount }: Holder): Condition {
  const values = { otherRunId: runId, otherRedriveCount: redriveCount };
  const sameCount = '(attribute_not_exists(#redriveCount) OR #redriveCount = :otherRedriveCount)';
  return executionArn === undefined
    ? { expression: `#runId = :otherRunId AND attribute_not_exists(#executionArn) AND ${sameCount}`, values }
    : {
        expression: `#runId = :otherRunId AND #executionArn = :otherExecutionArn AND ${sameCount}`,
        values: { ...values, otherExecutionArn: executionArn },
      };
}
