import { failLink } from './chain/fail-link';
import { renewConnections } from './clients';
import { logger } from './observability';
import { callbacks, ledger } from './wiring';

/** On-failure destination of RunChain: reports a link that died without a word. */
export async function handler(record: unknown): Promise<void> {
  renewConnections();
  const { end, taskToken: _, ...dead } = await failLink(record, { callbacks: callbacks(), ledger: ledger() });
  if (end === 'reported') logger().error('link died', dead);
  else logger().info('link is not the one that its chain waits for', dead);
}
