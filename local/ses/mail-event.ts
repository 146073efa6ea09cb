import type { SesEventType } from './configuration-set';

/** A mail with a configuration set, as the events about it tell of it. */
export interface TracedMail {
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** The sender as the mail has it. */
  readonly source: string;
  readonly destinations: readonly string[];
  readonly configurationSet: string;
  /** Name and value of each field of the message, in its order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly raw: Buffer;
}

/** An event about one mail. Its details stand in `[detailsOf(type)]`. */
export interface SesEvent {
  readonly eventType: SesEventType;
  readonly mail: Readonly<Record<string, unknown>>;
  readonly [details: string]: unknown;
}

interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** Characters of headers in an event; what is beyond them is left out, as `headersTruncated` tells. */
const MOST_HEADER_CHARACTERS = 10_240;

/** Addresses of the documentation's own networks (RFC 5737): nothing here has another. */
const [SOURCE_IP, OUTGOING_IP] = ['192.0.2.1', '192.0.2.2'];

/**
 * The `mail` object (SES Developer Guide, "Contents of event data that Amazon SES publishes", Mail object) with the
 * tags that SES adds by itself.
 */
export function mailObject(mail: TracedMail, account: Account): Readonly<Record<string, unknown>> {
  const { headers, truncated } = shortened(mail.headers);
  const values = (name: string) =>
    mail.headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
  const [from, subject, date, messageId] = ['from', 'subject', 'date', 'message-id'].map((name) => values(name)[0]);
  const [to, cc] = [values('to').flatMap(splitList), values('cc').flatMap(splitList)];
  return {
    timestamp: isoTime(mail.sentAt),
    source: mail.source,
    sourceArn: `arn:aws:ses:${account.region}:${account.accountId}:identity/${addressIn(mail.source)}`,
    sendingAccountId: account.accountId,
    messageId: mail.messageId,
    destination: mail.destinations,
    headersTruncated: truncated,
    headers,
    commonHeaders: {
      ...(from !== undefined && { from: splitList(from) }),
      ...(date !== undefined && { date }),
      ...(to.length > 0 && { to }),
      ...(cc.length > 0 && { cc }),
      messageId: messageId ?? mail.messageId,
      ...(subject !== undefined && { subject }),
    },
    tags: tagsOf(mail),
  };
}

/** Every value of a tag is a list: a name may be given more than once. */
function tagsOf({ source, configurationSet, tags }: TracedMail): Readonly<Record<string, readonly string[]>> {
  const address = addressIn(source);
  const all = new Map<string, string[]>([
    ['ses:operation', ['SendRawEmail']],
    ['ses:configuration-set', [configurationSet]],
    ['ses:source-ip', [SOURCE_IP]],
    ['ses:from-domain', [address.slice(address.lastIndexOf('@') + 1).toLowerCase()]],
    ['ses:caller-identity', ['local']],
  ]);
  for (const [name, value] of tags) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(all);
}

/** The event of a mail that was accepted: `send` is empty. */
export function sendEvent(mail: SesEvent['mail']): SesEvent {
  return { eventType: 'Send', mail, send: {} };
}

/** The event of a mail that was accepted and turned out to hold a virus. */
export function rejectEvent(mail: SesEvent['mail']): SesEvent {
  return { eventType: 'Reject', mail, reject: { reason: 'Bad content' } };
}

export interface BounceKind {
  readonly bounceType: 'Permanent' | 'Transient';
  readonly bounceSubType: 'General' | 'MailboxFull' | 'Suppressed' | 'OnAccountSuppressionList';
  /** Enhanced status code (RFC 3463). */
  readonly status: string;
  readonly diagnosticCode: string;
}

export function bounceEvent(mail: SesEvent['mail'], address: string, kind: BounceKind, of: Occurrence): SesEvent {
  const { bounceType, bounceSubType, status, diagnosticCode } = kind;
  return {
    eventType: 'Bounce',
    mail,
    bounce: {
      feedbackId: of.feedbackId,
      bounceType,
      bounceSubType,
      bouncedRecipients: [{ emailAddress: address, action: 'failed', status, diagnosticCode }],
      timestamp: isoTime(of.at),
      reportingMTA: 'dns; a.smtp-out.example.com',
    },
  };
}

/** @param suppressed whether the address complained earlier, and the mail was not sent */
export function complaintEvent(
  mail: SesEvent['mail'],
  address: string,
  of: Occurrence & { readonly suppressed: boolean },
): SesEvent {
  return {
    eventType: 'Complaint',
    mail,
    complaint: {
      feedbackId: of.feedbackId,
      complaintSubType: of.suppressed ? 'OnAccountSuppressionList' : null,
      complainedRecipients: [{ emailAddress: address }],
      timestamp: isoTime(of.at),
      ...(!of.suppressed && {
        userAgent: 'Amazon SES Mailbox Simulator',
        complaintFeedbackType: 'abuse',
        arrivalDate: isoTime(of.at),
      }),
    },
  };
}

/** When an event came about, milliseconds since the epoch, and SES's id of it. */
export interface Occurrence {
  readonly at: number;
  readonly feedbackId: string;
}

export function deliveryEvent(mail: SesEvent['mail'], address: string, at: number): SesEvent {
  const tags = { ...(mail.tags as object), 'ses:outgoing-ip': [OUTGOING_IP] };
  return {
    eventType: 'Delivery',
    mail: { ...mail, tags },
    delivery: {
      timestamp: isoTime(at),
      processingTimeMillis: Math.max(0, at - Date.parse(String(mail.timestamp))),
      recipients: [address],
      smtpResponse: '250 2.6.0 Message received',
      reportingMTA: 'a.smtp-out.example.com',
    },
  };
}

/** @param expiresAt when SES would give up, milliseconds since the epoch */
export function delayEvent(mail: SesEvent['mail'], address: string, at: number, expiresAt: number): SesEvent {
  return {
    eventType: 'DeliveryDelay',
    mail,
    deliveryDelay: {
      timestamp: isoTime(at),
      delayType: 'TransientCommunicationFailure',
      expirationTime: isoTime(expiresAt),
      delayedRecipients: [
        { emailAddress: address, status: '4.4.1', diagnosticCode: 'smtp; 421 4.4.1 Unable to connect to remote host' },
      ],
      reportingMTA: 'a.smtp-out.example.com',
    },
  };
}

function shortened(headers: TracedMail['headers']) {
  let characters = 0;
  const kept = headers.filter(([name, value]) => {
    characters += name.length + value.length;
    return characters <= MOST_HEADER_CHARACTERS;
  });
  return { headers: kept.map(([name, value]) => ({ name, value })), truncated: kept.length < headers.length };
}

/** The mailboxes of a list of addresses: a comma between quotes, or in a comment, separates none. */
function splitList(list: string): string[] {
  const mailboxes = list.match(/(?:"(?:\\.|[^"\\])*"|\((?:\\.|[^()\\])*\)|[^,"(]|["(])+/g) ?? [];
  return mailboxes.map((mailbox) => mailbox.trim()).filter((mailbox) => mailbox !== '');
}

function addressIn(mailbox: string): string {
  return /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
