import type { ChainView } from '../view';

/** How a chain needs a person, the most urgent first. */
const NEEDS: readonly ((chain: ChainView, isOver: boolean) => boolean)[] = [
  ({ status }, isOver) => isOver && status !== 'finished',
  ({ status }) => status === 'interrupted',
  ({ inDoubt }) => inDoubt > 0,
  ({ unprocessed }) => unprocessed > 0,
  ({ throttles }) => throttles > 0,
];

/** The chains with problems in front, worst first; otherwise in their order. */
export function problemsFirst(chains: readonly ChainView[], isOver: boolean): readonly ChainView[] {
  const rank = (chain: ChainView) => {
    const need = NEEDS.findIndex((needs) => needs(chain, isOver));
    return need < 0 ? NEEDS.length : need;
  };
  return chains
    .map((chain) => ({ chain, rank: rank(chain) }))
    .sort((a, b) => a.rank - b.rank || leftOver(b.chain) - leftOver(a.chain) || a.chain.chainId - b.chain.chainId)
    .map(({ chain }) => chain);
}

function leftOver({ unprocessed, inDoubt }: ChainView): number {
  return unprocessed + inDoubt;
}
