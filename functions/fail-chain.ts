import { failLink } from './chain/fail-link';
import { callbacks, ledger } from './domain';
import { logger } from './observability';

/** On-failure destination of RunChain: reports a link that died without a word. */
export async function handler(record: unknown): Promise<void> {
  const { runId, chainId, epoch, link, cause } = await failLink(record, { callbacks: callbacks(), ledger: ledger() });
  logger().error('link died', { runId, chainId, epoch, link, cause });
}
