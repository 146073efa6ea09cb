import { defineJob, idRange, type Job, skip } from 'worker-chains';
import { environment } from './deployment';
import { digestFor } from './mail';
import { hasUnsubscribed, readRecipient } from './recipient';
import type { Recipients } from './recipients-table';

export interface WeeklyDigestProps {
  readonly recipients: Pick<Recipients, 'read'>;
  /** Base address of the one-click unsubscribe endpoint, https. */
  readonly unsubscribeUrl: string;
}

/** The job over the given recipients. Reads `props` only when it runs. */
export function weeklyDigest(props: WeeklyDigestProps): Job<unknown> {
  return defineJob<unknown>({
    name: 'weekly-digest',
    source: idRange(),
    load: (ids) => props.recipients.read(ids),
    // A row is looked at when its turn comes: one that is wrong is one item unprocessed, and costs nobody else's.
    process: (row, { send }) =>
      hasUnsubscribed(row) ? skip('unsubscribed') : send(digestFor(readRecipient(row), props.unsubscribeUrl)),
    tolerate: { unprocessed: 0.01 },
  });
}

export default weeklyDigest(environment);
