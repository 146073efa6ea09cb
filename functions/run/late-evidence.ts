import type { Ledger } from '../ledger/ledger';
import { pagesOfItems } from '../ledger/pages-of-items';

/**
 * Settles what a run has in doubt though its mail is known to have been accepted: the word of the provider came when the
 * chain had been taken over, and before anybody looked again.
 */
export async function settleByEvidence(
  ledger: Pick<Ledger, 'listItems' | 'feedback' | 'settleInDoubt'>,
  runId: string,
): Promise<void> {
  for await (const items of pagesOfItems(ledger, runId)) {
    const open = items.filter(({ outcome, settled }) => outcome === 'in-doubt' && !settled);
    await Promise.all(
      open.map(async (item) => {
        const evidence = await ledger.feedback.evidenceOf(runId, item.chainId, [item]);
        const accepted = evidence.get(item);
        if (accepted) await ledger.settleInDoubt(accepted);
      }),
    );
  }
}
