import { type SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { SentMail } from '../contract/email';
import { Refusal } from '../contract/errors';
import type { MailTransport, OutgoingMail } from '../contract/mail-transport';
import { refusalFrom } from './refusal';
import { type MailTag, tagsOf } from './trace-tags';

/** Tags that SES makes `Feedback-ID` of, in this order; it takes no such header from the message itself. */
const FEEDBACK_ID_TAGS = ['ses:feedback-id-a', 'ses:feedback-id-b'] as const;

export interface SesTransportOptions {
  /** Configuration set of every mail: whose events tell what became of them. @default - that of the identity, if any */
  readonly configurationSet?: string;
}

/**
 * Amazon SES v1, one SendRawEmail call per mail. The client must be built with `maxAttempts: 1`, because the SDK's default
 * is three attempts.
 */
export class SesTransport implements MailTransport {
  constructor(
    private readonly ses: Pick<SESClient, 'send'>,
    private readonly options: SesTransportOptions = {},
  ) {}

  async send({ to, from, raw, trace, feedbackIds = [] }: OutgoingMail): Promise<SentMail> {
    const { configurationSet } = this.options;
    const tags = [...(trace ? tagsOf(trace) : []), ...feedbackIds.map(feedbackTag)];
    const command = new SendRawEmailCommand({
      Destinations: [to],
      RawMessage: { Data: raw },
      ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
      ...(tags.length > 0 && { Tags: tags }),
    });
    const { MessageId } = await this.ses.send(command).catch((error: unknown) => {
      // SES's message repeats the address that it refuses: it is kept which of the two that was, but not the address itself.
      throw refusalFrom(error, { [to]: '<recipient>', [from]: '<sender>' });
    });
    if (MessageId) return { messageId: MessageId };
    throw new Refusal('ambiguous', 'NoMessageId', 'Expected SES to answer with a message id, got none.');
  }
}

function feedbackTag(id: string, index: number): MailTag {
  return { Name: FEEDBACK_ID_TAGS[index] as string, Value: id };
}
