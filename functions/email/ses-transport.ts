import { type SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { SentMail } from '../contract/email';
import { Refusal } from '../contract/errors';
import type { MailTransport, OutgoingMail } from '../contract/mail-transport';
import { refusalFrom } from './refusal';
import { tagsOf } from './trace-tags';

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

  async send({ to, from, raw, trace }: OutgoingMail): Promise<SentMail> {
    const { configurationSet } = this.options;
    const command = new SendRawEmailCommand({
      Destinations: [to],
      RawMessage: { Data: raw },
      ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
      ...(trace && { Tags: [...tagsOf(trace)] }),
    });
    const { MessageId } = await this.ses.send(command).catch((error: unknown) => {
      // SES's message repeats the address that it refuses: it is kept which of the two that was, but not the address itself.
      throw refusalFrom(error, { [to]: '<recipient>', [from]: '<sender>' });
    });
    if (MessageId) return { messageId: MessageId };
    throw new Refusal('ambiguous', 'NoMessageId', 'Expected SES to answer with a message id, got none.');
  }
}
