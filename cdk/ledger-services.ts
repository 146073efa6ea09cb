import { ENVIRONMENT } from '../functions/contract/names';
import type { SharedFunctionProps } from './functions';
import type { Ledger } from './ledger-storage';
import { MailFeedback } from './mail-feedback';
import { UnsubscribeEndpoint } from './unsubscribe-endpoint';

/** What stands with a ledger, for the jobs that share it. Not members of it: nobody outside of this package makes them. */
const FEEDBACKS = new WeakMap<Ledger, MailFeedback>();
const ENDPOINTS = new WeakMap<Ledger, UnsubscribeEndpoint>();

/** The way on which what SES publishes of mails comes back: made for the first job that asks, and shared by all. */
export function mailFeedbackOf(ledger: Ledger, shared: SharedFunctionProps): MailFeedback {
  const made = FEEDBACKS.get(ledger);
  if (made) return made;
  const feedback = new MailFeedback(ledger, 'Feedback', { shared, ledgerTable: tableOf(ledger) });
  ledger.grantFeedback(feedback.fn);
  FEEDBACKS.set(ledger, feedback);
  return feedback;
}

/** Where recipients unsubscribe: made for the first job that asks, and shared by all. */
export function unsubscribeEndpointOf(ledger: Ledger, shared: SharedFunctionProps): UnsubscribeEndpoint {
  const made = ENDPOINTS.get(ledger);
  if (made) return made;
  const endpoint = new UnsubscribeEndpoint(ledger, 'Unsubscribe', { shared, ledgerTable: tableOf(ledger) });
  ledger.grantUnsubscribe(endpoint.fn);
  ENDPOINTS.set(ledger, endpoint);
  return endpoint;
}

function tableOf({ table }: Ledger): { readonly variable: string; readonly name: string } {
  return { variable: ENVIRONMENT.ledgerTable, name: table.tableName };
}
