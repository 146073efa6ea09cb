import type { ChainRecord } from '../ledger/records';

/**
 * The chain was taken from this link: a conditional write says that somebody else has it. Whatever the link still knows is
 * not heard any more; it ends quietly.
 */
export class ChainTaken extends Error {
  override readonly name = 'ChainTaken';

  constructor({ runId, chainId, epoch, link }: Pick<ChainRecord, 'runId' | 'chainId' | 'epoch' | 'link'>) {
    super(`Chain ${chainId} of run ${runId} was taken from link ${link} of epoch ${epoch}.`);
  }
}
