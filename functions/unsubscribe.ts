import { randomBytes } from 'node:crypto';
import { renewConnections } from './clients';
import { systemClock as clock } from './contract/clock';
import { UnsubscribeTokens } from './email/unsubscribe-token';
import { logger } from './observability';
import { answerUnsubscribe, type UnsubscribeAnswer } from './unsubscribing/answer-unsubscribe';
import { ownSurroundings } from './wiring/own-surroundings';
import { ledgerIn } from './wiring/surroundings';
import { readUnsubscribeKeys } from './wiring/unsubscribe-keys';

/** Behind the function URL of unsubscribe links. */
export async function handler(event: unknown): Promise<UnsubscribeAnswer> {
  renewConnections();
  const tokens = new UnsubscribeTokens(await readUnsubscribeKeys(), randomBytes);
  const answer = await answerUnsubscribe(event, { ledger: ledgerIn(ownSurroundings()), tokens, clock });
  logger().info('unsubscribe link', { status: answer.statusCode });
  return answer;
}
