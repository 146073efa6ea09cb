import { newConnections } from '../../functions/clients';
import { Mailer } from '../../functions/email/mailer';
import { SesTransport } from '../../functions/email/ses-transport';
import { newSes } from '../../functions/handler-clients';

/**
 * Sends one mail to the SES at AWS_ENDPOINT_URL_SES and prints how it was refused: a process of its own, because in
 * jest's realm the SDK does not know Node's errors for errors, and drops what they tell.
 */
const ses = newSes(newConnections(), { connection: 1000, answer: 1000 });
const mailer = new Mailer(new SesTransport(ses), { sender: 'digest@example.com', now: () => 0 });
void mailer
  .send({ to: 'user@example.org', subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com/?token=1' })
  .then(
    () => 'sent',
    (refusal: { readonly kind: string }) => refusal.kind,
  )
  .then((kind) => {
    process.stdout.write(kind, () => process.exit());
  });
