import { defineJob, idRange } from 'worker-chains';
import { environment } from '../../examples/weekly-digest/deployment';
import { digestFor } from '../../examples/weekly-digest/mail';
import { readRecipient } from '../../examples/weekly-digest/recipient';

/** A job whose first five in a hundred are judged before anybody else is mailed. */
export default defineJob<unknown>({
  name: 'canary-first',
  source: idRange(),
  canary: { share: 0.05, feedbackSeconds: 8 },
  load: (ids) => environment.recipients.read(ids),
  process: (row, { send, unsubscribeLink }) => {
    const recipient = readRecipient(row);
    return send(digestFor(recipient, unsubscribeLink({ to: recipient.email })));
  },
});
