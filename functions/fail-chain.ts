import { renewConnections } from './clients';
import { stepFunctions } from './handler-clients';
import { logger } from './observability';
import { ownSurroundings } from './wiring/own-surroundings';
import { wireFailLink } from './wiring/wire-fail-link';

/** On-failure destination of RunChain: reports a link that ended without reporting itself. */
export async function handler(record: unknown): Promise<void> {
  renewConnections();
  const failLink = wireFailLink({ ...ownSurroundings(), stepFunctions: stepFunctions() });
  const { end, taskToken: _, ...dead } = await failLink(record);
  if (end === 'reported') logger().error('link died', dead);
  else logger().info('link is not the one that its chain waits for', dead);
}
