import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { renewConnections } from './clients';
import { stepFunctions } from './handler-clients';
import { observeFeedback } from './observability';
import { ownSurroundings } from './wiring/own-surroundings';
import { wireTakeFeedback } from './wiring/wire-take-feedback';

/** Takes what SES publishes of our mails from the queue. Messages that it names come again, the others are done with. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  renewConnections();
  const takeFeedback = wireTakeFeedback({ ...ownSurroundings(), stepFunctions: stepFunctions() });
  const report = await takeFeedback(Records);
  observeFeedback(report);
  const failed = new Set(report.failed.map(({ messageId }) => messageId));
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}
