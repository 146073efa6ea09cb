import { type FeedbackMessage, type FeedbackReport, takeFeedback } from '../feedback/take-feedback';
import { Executions } from '../run/executions';
import { ledgerIn, type Surroundings, type WithStepFunctions } from './surroundings';

/** The function behind the queue of feedback. */
export function wireTakeFeedback(
  around: Surroundings & WithStepFunctions,
): (messages: readonly FeedbackMessage[]) => Promise<FeedbackReport> {
  const { stepFunctions: client, clock, random } = around;
  const ledger = ledgerIn(around);
  const executions = new Executions({ client, clock, random });
  return (messages) => takeFeedback(messages, { ledger, executions, clock });
}
