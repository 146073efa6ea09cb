import { randomBytes } from 'node:crypto';
import { renewConnections } from './clients';
import { systemClock as clock } from './contract/clock';
import { UnsubscribeTokens } from './email/unsubscribe-token';
import { logger } from './observability';
import { answerUnsubscribe, failedAnswer, type UnsubscribeAnswer } from './unsubscribing/answer-unsubscribe';
import { ownSurroundings } from './wiring/own-surroundings';
import { ledgerIn } from './wiring/surroundings';
import { readUnsubscribeKeys } from './wiring/unsubscribe-keys';

/** Behind the function URL of unsubscribe links. Whatever fails is answered, too: see it by `Url5xxCount` and the log. */
export async function handler(event: unknown): Promise<UnsubscribeAnswer> {
  renewConnections();
  const answer = await answered(event).catch((error: unknown) => {
    onFailure(error);
    return failedAnswer();
  });
  logger().info('unsubscribe link', { status: answer.statusCode });
  return answer;
}

async function answered(event: unknown): Promise<UnsubscribeAnswer> {
  const tokens = new UnsubscribeTokens(await readUnsubscribeKeys(), randomBytes);
  return answerUnsubscribe(event, { ledger: ledgerIn(ownSurroundings()), tokens, clock, onFailure });
}

function onFailure(error: unknown): void {
  logger().error('unsubscribe link', error as Error);
}
