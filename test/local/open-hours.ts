import { defineJob, idRange } from 'worker-chains';
import { environment } from '../../examples/weekly-digest/deployment';
import { digestFor } from '../../examples/weekly-digest/mail';
import { readRecipient } from '../../examples/weekly-digest/recipient';

/** `HH:MM` in UTC. At synthesis there are none. */
const { OPENS_AT: from = '00:00', CLOSES_AT: until = '24:00' } = process.env;

/** The weekly digest in hours that the construct's environment sets. */
export default defineJob<unknown>({
  name: 'open-hours',
  source: idRange(),
  load: (ids) => environment.recipients.read(ids),
  process: (row, { send, unsubscribeLink }) => {
    const recipient = readRecipient(row);
    return send(digestFor(recipient, unsubscribeLink({ to: recipient.email })));
  },
  sendWindow: { from, until, zone: 'Etc/UTC' },
});
