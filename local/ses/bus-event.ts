import type { BusEvent } from '../event-bridge/event-bus';
import type { SesEventType } from './configuration-set';
import type { SesEvent } from './mail-event';

/** By event type, `detail-type` (EventBridge Events Reference, "Amazon Simple Email Service events"). */
const DETAIL_TYPES: Readonly<Record<SesEventType, string>> = {
  Send: 'Email Sent',
  Reject: 'Email Rejected',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
  Delivery: 'Email Delivered',
  DeliveryDelay: 'Email Delivery Delayed',
};

/** An event as SES hands it to EventBridge: its resource is the configuration set. */
export function busEvent(event: SesEvent, { region, accountId }: { region: string; accountId: string }): BusEvent {
  const tags = event.mail.tags as Readonly<Record<string, readonly string[]>>;
  const set = tags['ses:configuration-set']?.[0];
  return {
    source: 'aws.ses',
    detailType: DETAIL_TYPES[event.eventType],
    resources: [`arn:aws:ses:${region}:${accountId}:configuration-set/${set}`],
    detail: event,
  };
}
