import type { MailTrace } from '../../../functions/contract/email';
import { tagsOf } from '../../../functions/email/trace-tags';

/** Events as SES publishes them to EventBridge (SES Developer Guide, "Examples of event data that Amazon SES publishes"). */

const MAILED = '2026-01-05T08:10:00.000Z';

export const TRACE: MailTrace = { runId: 'run-1', id: 7, chainId: 0, chunk: 1, index: 6 };

interface Change {
  readonly trace?: Partial<MailTrace>;
  readonly to?: string;
  /** When SES took the mail, ISO 8601. */
  readonly mailed?: string;
}

function event(detailType: string, eventType: string, part: object, { trace, to, mailed = MAILED }: Change): string {
  const given = { ...TRACE, ...trace };
  const tags = Object.fromEntries(tagsOf(given).map(({ Name, Value }) => [Name, [Value]]));
  const mail = {
    timestamp: mailed,
    source: 'Weekly Digest <digest@example.com>',
    sendingAccountId: '123456789012',
    messageId: `message-of-${given.id}`,
    destination: [to ?? `user.${given.id}@example.org`],
    headersTruncated: false,
    headers: [],
    tags: { 'ses:configuration-set': ['digest'], 'ses:from-domain': ['example.com'], ...tags },
  };
  const wrapped = {
    version: '0',
    id: 'event-1',
    'detail-type': detailType,
    source: 'aws.ses',
    account: '123456789012',
  };
  return JSON.stringify({
    ...wrapped,
    time: MAILED,
    region: 'us-east-1',
    resources: [],
    detail: { eventType, mail, ...part },
  });
}

export const sendEvent = (change: Change = {}) => event('Email Sent', 'Send', { send: {} }, change);

export function bounceEvent(
  change: Change & { readonly type?: string; readonly subType?: string; readonly about?: string } = {},
) {
  const bounce = {
    bounceType: change.type ?? 'Permanent',
    bounceSubType: change.subType ?? 'General',
    bouncedRecipients: [{ emailAddress: change.about ?? 'user.7@example.org', action: 'failed', status: '5.1.1' }],
    timestamp: '2026-01-05T08:10:05.000Z',
    feedbackId: 'feedback-1',
  };
  return event('Email Bounced', 'Bounce', { bounce }, change);
}

export function complaintEvent(change: Change & { readonly type?: string; readonly subType?: string | null } = {}) {
  const complaint = {
    complainedRecipients: [{ emailAddress: 'user.7@example.org' }],
    complaintFeedbackType: change.type ?? 'abuse',
    complaintSubType: change.subType ?? null,
    timestamp: '2026-01-05T09:00:00.000Z',
    feedbackId: 'feedback-2',
  };
  return event('Email Complaint Received', 'Complaint', { complaint }, change);
}

export const rejectEvent = (change: Change = {}) =>
  event('Email Rejected', 'Reject', { reject: { reason: 'Bad content' } }, change);

export function delayEvent(change: Change = {}) {
  const deliveryDelay = { delayType: 'MailboxFull', timestamp: '2026-01-05T08:20:00.000Z', delayedRecipients: [] };
  return event('Email Delivery Delayed', 'DeliveryDelay', { deliveryDelay }, change);
}
