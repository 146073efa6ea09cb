import { defineJob, idRange, type Job, skip } from 'worker-chains';
import { environment } from './deployment';
import { digestFor, ownUnsubscribeLink } from './mail';
import { hasUnsubscribed, readRecipient } from './recipient';
import type { Recipients } from './recipients-table';

export interface WeeklyDigestProps {
  readonly recipients: Pick<Recipients, 'read'>;
  /** Base address of a one-click unsubscribe endpoint of one's own, https. @default - that of the worker chains */
  readonly unsubscribeUrl?: string | undefined;
}

/** The job over the given recipients. Reads `props` only when it runs. */
export function weeklyDigest(props: WeeklyDigestProps): Job<unknown> {
  return defineJob<unknown>({
    name: 'weekly-digest',
    source: idRange(),
    load: (ids) => props.recipients.read(ids),
    // A row is looked at when its turn comes: one that is wrong is one item unprocessed, and costs nobody else's.
    process: (row, { send, unsubscribeLink }) => {
      if (hasUnsubscribed(row)) return skip('unsubscribed');
      const recipient = readRecipient(row);
      const { email: to, locale } = recipient;
      const endpoint = props.unsubscribeUrl;
      return send(
        digestFor(recipient, endpoint ? ownUnsubscribeLink(recipient, endpoint) : unsubscribeLink({ to, locale })),
      );
    },
    tolerate: { unprocessed: 0.01 },
  });
}

export default weeklyDigest(environment);
