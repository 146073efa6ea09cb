import { LaterVersion } from '../contract/errors';
import type { MailEvent } from '../ledger/feedback';
import type { Ledger } from '../ledger/ledger';
import { type ChainRecord, claimedItems } from '../ledger/records';

export type EvidenceLedger = Pick<Ledger, 'readChain' | 'feedback' | 'settleInDoubt'>;

/** Reads each chain once, however many events of a batch are about its items. */
export class ChainsOfBatch {
  private readonly chains = new Map<string, Promise<ChainRecord | 'unknown' | undefined>>();

  constructor(private readonly ledger: Pick<Ledger, 'readChain'>) {}

  /** Undefined where there is none (any more), `unknown` where a later deployment wrote it. */
  read({ runId, chainId }: Pick<MailEvent, 'runId' | 'chainId'>): Promise<ChainRecord | 'unknown' | undefined> {
    const key = JSON.stringify([runId, chainId]);
    const known = this.chains.get(key) ?? this.readNow(runId, chainId);
    this.chains.set(key, known);
    return known;
  }

  private async readNow(runId: string, chainId: number): Promise<ChainRecord | 'unknown' | undefined> {
    try {
      return await this.ledger.readChain(runId, chainId);
    } catch (error) {
      if (error instanceof LaterVersion) return 'unknown';
      throw error;
    }
  }
}

/**
 * Keeps that SES has taken a mail where somebody may want to know: while its item is claimed, whoever takes the chain over
 * from a link that died will ask. An item that is in doubt already is settled. Of all others it is known that they are done.
 *
 * @returns the chain's owner where the item was claimed: then `confirmEvidence` has the last word
 */
export async function keepEvidence(
  event: MailEvent,
  chains: ChainsOfBatch,
  ledger: EvidenceLedger,
): Promise<string | undefined> {
  const chain = await chains.read(event);
  if (chain === undefined) return undefined;
  if (chain === 'unknown') {
    await ledger.feedback.note(event);
    return undefined;
  }
  if (!holds(chain, event)) {
    if (chain.inDoubt > 0) await ledger.settleInDoubt(event);
    return undefined;
  }
  await ledger.feedback.note(event);
  return chain.owner;
}

/**
 * Whoever takes a chain over writes that before it asks for evidence. If nobody has since the evidence is kept, it will be
 * found. If somebody has, it may have asked too early, and have put the item in doubt by now.
 *
 * @param chains read after the evidence was kept
 */
export async function confirmEvidence(
  event: MailEvent,
  owner: string,
  chains: ChainsOfBatch,
  ledger: EvidenceLedger,
): Promise<void> {
  const chain = await chains.read(event);
  if (chain === undefined || chain === 'unknown') return;
  if (chain.owner === owner && holds(chain, event)) return;
  if (chain.owner !== owner || chain.inDoubt > 0) await ledger.settleInDoubt(event);
}

function holds(chain: ChainRecord, { chunk, index }: MailEvent): boolean {
  return claimedItems(chain).some((item) => item.chunk === chunk && item.index === index);
}
