import { defineJob, idRange } from 'worker-chains';
import { environment } from '../../examples/weekly-digest/deployment';
import { digestFor } from '../../examples/weekly-digest/mail';
import { readRecipient } from '../../examples/weekly-digest/recipient';

/** A second job over the recipients of the first. */
export default defineJob<unknown>({
  name: 'quiet-week',
  source: idRange(),
  load: (ids) => environment.recipients.read(ids),
  process: (row, { send, unsubscribeLink }) => {
    const recipient = readRecipient(row);
    return send(digestFor(recipient, unsubscribeLink({ to: recipient.email })));
  },
});
