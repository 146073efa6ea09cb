/**
 * Every line of a CSV in S3 into an HTTP API that honours `Idempotency-Key`. What it throttles is asked again when it says
 * so; what stays open – a timeout, a link that died – is asked again with the same key. A line that cannot be read is one
 * unprocessed item, named by its number.
 */
import { defineJob, env, http, s3Object, variable } from 'worker-chains';

/** A line of the export. Of CSV every value is text. */
interface Line {
  readonly customer_id: string;
  readonly email: string;
  readonly plan: string;
}

export default defineJob({
  name: 'csv-to-api',
  source: s3Object({ bucket: env('EXPORTS_BUCKET'), key: 'customers.csv', format: 'csv', id: 'customer_id' }),
  providers: { crm: { rate: 500, concurrency: 100, idempotent: true, timeoutSeconds: 2 } },
  process({ customer_id, email, plan }: Line, { call }) {
    // Outside of the attempt: a variable that is missing is no answer that stays open.
    const url = `${variable('CRM_URL')}/customers/${encodeURIComponent(customer_id)}`;
    return call('crm', ({ idempotencyKey, signal }) =>
      http(url, { method: 'PUT', json: { email, plan }, idempotencyKey, signal }),
    );
  },
});
