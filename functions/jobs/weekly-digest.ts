import { type Job, skip } from '../chain/job';
import type { Recipient, Recipients } from '../email/recipients';
import { idRange } from '../sources/id-range';
import { defineJob } from './define-job';
import { environment } from './environment';
import { digestFor } from './weekly-digest-mail';

export interface WeeklyDigestProps {
  readonly recipients: Pick<Recipients, 'read'>;
  /** Base address of the one-click unsubscribe endpoint, https. */
  readonly unsubscribeUrl: string;
}

/** The job over the given recipients. Reads `props` only when it runs. */
export function weeklyDigest(props: WeeklyDigestProps): Job<Recipient> {
  return defineJob<Recipient>({
    name: 'weekly-digest',
    source: idRange(),
    load: (ids) => props.recipients.read(ids),
    process: (recipient, { send }) =>
      recipient.unsubscribed ? skip('unsubscribed') : send(digestFor(recipient, props.unsubscribeUrl)),
    tolerate: { unprocessed: 0.01 },
  });
}

export default weeklyDigest(environment);
