import * as z from 'zod/mini';
import { keptMessage } from '../contract/kept-text';
import { traceOf } from '../email/trace-tags';
import type { FeedbackKind, MailEvent } from '../ledger/feedback';

/** What an event of SES says about a mail of ours. */
export interface SesFeedback {
  readonly event: Omit<MailEvent, 'expiresAt'>;
  /** When SES took the mail, in milliseconds since the epoch. */
  readonly mailedAt: number;
  /** Whom the mail was for, and must get none any more; nobody where that does not follow. */
  readonly suppressed: readonly string[];
  readonly suppression?: 'bounced' | 'complained';
  /** Whether it counts against the run: not where SES held the mail back, which harms no reputation. */
  readonly isJudged: boolean;
}

/** An event that says nothing about a mail of ours, and why. */
export interface NoFeedback {
  readonly because: string;
}

const timestamp = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text))));
const recipients = z.array(z.object({ emailAddress: z.string(), status: z.optional(z.string()) }));

/**
 * SES's events as EventBridge delivers them, as far as they are needed here. Source: SES Developer Guide, "Examples of
 * event data that Amazon SES publishes"; the same JSON is the `detail` of an EventBridge event.
 */
const envelope = z.object({
  source: z.literal('aws.ses'),
  detail: z.looseObject({ eventType: z.string(), mail: z.unknown() }),
});
const mailShape = z.object({
  timestamp,
  messageId: z.string().check(z.minLength(1)),
  destination: z.array(z.string()),
  tags: z.optional(z.record(z.string(), z.unknown())),
});
const bounceShape = z.object({
  bounceType: z.string(),
  bounceSubType: z.optional(z.string()),
  bouncedRecipients: recipients,
  timestamp,
});
const complaintShape = z.object({
  complainedRecipients: recipients,
  complaintFeedbackType: z.optional(z.nullable(z.string())),
  complaintSubType: z.optional(z.nullable(z.string())),
  timestamp,
});
const rejectShape = z.object({ reason: z.optional(z.string()) });
const delayShape = z.object({ delayType: z.optional(z.string()), timestamp });

/** The subtype of a bounce or complaint that SES made up: the address is on the account's own suppression list. */
const HELD_BACK = 'OnAccountSuppressionList';

/** What differs from one kind of event to another. */
interface Finding extends Pick<SesFeedback, 'suppression'> {
  readonly kind: FeedbackKind;
  readonly at: string;
  readonly detail?: string;
  readonly isJudged?: boolean;
  /** Whom it is about, as the mailbox provider calls them. */
  readonly about?: readonly string[];
}

/**
 * Reads an event of SES that EventBridge delivered, in JSON. Never throws: what is malformed, of a kind that we do not
 * know, or about a mail that carries no tags of ours is answered with the reason why it says nothing.
 */
export function sesFeedbackOf(json: string): SesFeedback | NoFeedback {
  const parsed = envelope.safeParse(parsedJson(json));
  if (!parsed.success) return { because: 'it is no event of SES' };
  const { detail } = parsed.data;
  const mail = mailShape.safeParse(detail.mail);
  if (!mail.success) return { because: 'it does not say about which mail it is' };
  const { tags = {}, messageId, destination } = mail.data;
  const trace = traceOf(tags);
  if (!trace) return { because: 'its mail has no tags of a run' };
  const finding = findingOf(detail, mail.data.timestamp);
  if ('because' in finding) return finding;
  const { kind, at, detail: said, suppression, isJudged = false, about = [] } = finding;
  return {
    event: { ...trace, messageId, kind, at: Date.parse(at), ...(said !== undefined && { detail: said }) },
    mailedAt: Date.parse(mail.data.timestamp),
    suppressed: suppression ? addressees(destination, about) : [],
    ...(suppression && { suppression }),
    isJudged,
  };
}

function findingOf(detail: z.infer<typeof envelope>['detail'], mailedAt: string): Finding | NoFeedback {
  switch (detail.eventType) {
    case 'Send':
      return { kind: 'accepted', at: mailedAt };
    case 'Bounce':
      return read(bounceShape, detail, 'bounce', bounceFinding);
    case 'Complaint':
      return read(complaintShape, detail, 'complaint', complaintFinding);
    case 'Reject':
      // It carries no time of its own: SES looks for viruses when it takes the mail.
      return read(rejectShape, detail, 'reject', ({ reason }) => ({
        kind: 'rejected',
        at: mailedAt,
        detail: said(reason),
      }));
    case 'DeliveryDelay':
      return read(delayShape, detail, 'deliveryDelay', ({ delayType, timestamp: at }) => ({
        kind: 'delayed',
        at,
        detail: said(delayType),
      }));
    default:
      return { because: `events of the kind ${said(detail.eventType)} are not asked for` };
  }
}

function read<Shape extends z.ZodMiniType>(
  shape: Shape,
  detail: object,
  field: string,
  finding: (part: z.infer<Shape>) => Finding | NoFeedback,
): Finding | NoFeedback {
  const parsed = shape.safeParse((detail as Readonly<Record<string, unknown>>)[field]);
  return parsed.success ? finding(parsed.data) : { because: `its \`${field}\` is malformed` };
}

/**
 * Only `Permanent` ones are hard. `Undetermined` ones are not: SES could not tell from the bounce what it means, and its
 * own suppression list and bounce rate take only hard bounces. Nobody is to go without mails for what nobody understood.
 */
function bounceFinding(bounce: z.infer<typeof bounceShape>): Finding {
  const { bounceType, bounceSubType, bouncedRecipients, timestamp: at } = bounce;
  const detail = said(bounceType, bounceSubType, bouncedRecipients[0]?.status);
  if (bounceType !== 'Permanent') return { kind: 'soft-bounced', at, detail };
  return {
    ...{ kind: 'bounced', at, detail, suppression: 'bounced' },
    about: bouncedRecipients.map(({ emailAddress }) => emailAddress),
    isJudged: bounceSubType !== HELD_BACK,
  };
}

function complaintFinding(complaint: z.infer<typeof complaintShape>): Finding | NoFeedback {
  const { complainedRecipients, complaintFeedbackType, complaintSubType, timestamp: at } = complaint;
  if (complaintFeedbackType === 'not-spam') return { because: 'it says that the mail is no spam' };
  return {
    ...{ kind: 'complained', at, suppression: 'complained' },
    detail: said(complaintFeedbackType, complaintSubType),
    about: complainedRecipients.map(({ emailAddress }) => emailAddress),
    isJudged: complaintSubType !== HELD_BACK,
  };
}

/**
 * To whom of a mail's recipients a bounce or complaint applies. We send each mail to one: whatever address the answer
 * names – that of a forwarding, one with its letters in another case –, it is about this one, which is the one that the
 * next mail would go to. Of several, those that are named.
 */
function addressees(destination: readonly string[], about: readonly string[]): readonly string[] {
  const sentTo = destination.map(bareAddress);
  if (sentTo.length === 1) return sentTo;
  const named = new Set(about.map((address) => bareAddress(address).toLowerCase()));
  return sentTo.filter((address) => named.has(address.toLowerCase()));
}

/** `zoe@example.org` of `"Zoe" <zoe@example.org>`. */
function bareAddress(address: string): string {
  return (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim();
}

/** The words of a provider in one line, without addresses; undefined if there are none. */
function said(...words: readonly (string | null | undefined)[]): string | undefined {
  const text = words.filter(Boolean).join(' ');
  return text === '' ? undefined : keptMessage(text);
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
