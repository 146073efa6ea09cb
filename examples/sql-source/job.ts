import { defineJob, html } from 'worker-chains';
import { rowsByKey } from './rows-by-key';

export default defineJob<Readonly<Record<'name' | 'email' | 'token', string>>>({
  name: 'customer-news',
  source: rowsByKey('customers', 'id', 'text'),
  process: ({ name, email, token }, { send }) =>
    send({
      to: email,
      subject: 'News',
      html: html`<p>Dear ${name}, there is news.</p>`.toString(),
      text: `Dear ${name}, there is news.`,
      unsubscribeUrl: `https://example.com/unsubscribe?token=${token}`,
    }),
});
