import type { Condition, LedgerTable } from './ledger-table';
import { allOf, has } from './write-conditions';

/** Who wants an address of a run for itself. */
export interface AddressClaimant {
  /** The run that the items come from in the end: leftovers of it are its own items. */
  readonly root: string;
  /** Stands for the address: `recipientKeyOf`. */
  readonly key: string;
  /** The item, in at most 256 characters. */
  readonly owner: string;
  /** Differs between any two mails. */
  readonly mark: string;
}

/**
 * Which item of a run has an address for itself. The claim stays with its item, so that whoever takes the item up again –
 * a retry, a redrive, a run over leftovers – has it, too.
 */
export class AddressClaims {
  constructor(private readonly table: LedgerTable) {}

  /**
   * Takes the address for an item. False where another item has it. Repeats itself for two seconds: a mail waits.
   *
   * @param expiresAt seconds since the epoch
   */
  async take(claimant: AddressClaimant, expiresAt: number): Promise<boolean> {
    const { owner, mark } = claimant;
    return this.table.setAndCount(recordKey(claimant), { owner, mark, expiresAt }, 'mails', freeFor(owner));
  }

  /**
   * Gives it back after a mail that was definitely not sent – if that was the only mail that the item ever wanted to send
   * there: of another one it is not known here how it came out. Tries once: in doubt, the claim stays.
   */
  async giveBack(claimant: AddressClaimant): Promise<void> {
    const { owner, mark } = claimant;
    const isOnly = allOf(has({ owner, mark }), { expression: '#mails = :one', values: { one: 1 } });
    await this.table.tryOnce(recordKey(claimant), { owner: FREE, mails: 0 }, isOnly);
  }
}

/** No item's: those are JSON in base64url, and this is not. */
const FREE = 'nobody';

function freeFor(owner: string): Condition {
  return {
    expression: 'attribute_not_exists(#pk) OR #owner IN (:owner, :free)',
    values: { owner, free: FREE },
  };
}

/** A partition of its own for each address: so many are written in a run that a few partitions would throttle them. */
function recordKey({ root, key }: AddressClaimant) {
  return { pk: `address#${root}#${key}`, sk: 'claim' };
}
