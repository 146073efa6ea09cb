/**
 * A statement to every customer of a DynamoDB table whose keys are ULIDs. The scan's rows are the data: nothing is read a
 * second time. Customers may come and go while a run is on.
 */
import { defineJob, env, html, skip, table } from 'worker-chains';

interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly balanceCents: number;
  readonly token: string;
}

export default defineJob({
  name: 'monthly-statement',
  source: table({
    name: env('CUSTOMERS_TABLE'),
    key: 'id',
    projection: ['name', 'email', 'balanceCents', 'token'],
    // So that the report says how many customers went or came while the run was on.
    count: true,
  }),
  process({ name, email, balanceCents, token }: Customer, { send }) {
    if (email === undefined) return skip('no-email');
    const balance = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(balanceCents / 100);
    return send({
      to: email,
      toName: name,
      subject: 'Your monthly statement',
      html: html`<p>Dear ${name},</p><p>your balance is <b>${balance}</b>.</p>`.toString(),
      text: `Dear ${name},\n\nyour balance is ${balance}.\n`,
      unsubscribeUrl: `https://example.com/unsubscribe?token=${token}`,
    });
  },
});
