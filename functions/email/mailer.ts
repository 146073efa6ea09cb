import { type SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { Email, MailTrace, SentMail } from '../contract/email';
import { Refusal } from '../contract/errors';
import { parseSender, type Sender } from './address';
import { composeMime } from './mime';
import { refusalFrom } from './refusal';

export interface MailerOptions {
  /** `From` of every mail: `digest@example.com` or `Weekly Digest <digest@example.com>`. */
  readonly sender: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Sends mails through Amazon SES v1, one SendRawEmail call per mail and no second try: a repeated timeout would be a
 * second mail. The client must be built with `maxAttempts: 1`, because the SDK's default is three attempts.
 */
export class Mailer {
  readonly #ses: SESClient;
  readonly #sender: Sender;
  readonly #now: () => number;

  /** @throws Error where `sender` is not one address */
  constructor(ses: SESClient, options: MailerOptions) {
    this.#ses = ses;
    this.#sender = parseSender(options.sender);
    this.#now = () => options.now();
  }

  /**
   * Resolves when SES has accepted the mail.
   *
   * @throws Refusal where it has not, or where that is not known
   */
  async send(email: Email, _trace?: MailTrace): Promise<SentMail> {
    const { to, raw } = await composeMime(email, this.#sender, this.#now());
    const command = new SendRawEmailCommand({ Destinations: [to], RawMessage: { Data: raw } });
    const answer = await this.#ses.send(command).catch((error: unknown) => {
      // SES's message repeats the address that it refuses: it is kept which of the two that was, but not the address itself.
      throw refusalFrom(error, { [email.to]: '<recipient>', [to]: '<recipient>', [this.#sender.address]: '<sender>' });
    });
    if (!answer.MessageId) {
      throw new Refusal('ambiguous', 'NoMessageId', 'Expected SES to answer with a message id, got none.');
    }
    return { messageId: answer.MessageId };
  }
}
