import type { ChainRecord } from '../ledger/records';

/**
 * The chain was taken from this link: a conditional write was refused because another attempt has the chain. The ledger
 * refuses every later write of this link, too; it ends without an answer to its task.
 */
export class ChainTaken extends Error {
  override readonly name = 'ChainTaken';

  constructor({ runId, chainId, epoch, link }: Pick<ChainRecord, 'runId' | 'chainId' | 'epoch' | 'link'>) {
    super(`Chain ${chainId} of run ${runId} was taken from link ${link} of epoch ${epoch}.`);
  }
}
