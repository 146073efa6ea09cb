import type { Email, MailOrigin, SentMail } from '../contract/email';
import type { MailTransport } from '../contract/mail-transport';
import { parseSender, type Sender } from './address';
import { type MailGuard, sendGuarded } from './mail-guard';
import { composeMime, type Mime } from './mime';

export interface MailerOptions {
  /** `From` of every mail: `digest@example.com` or `Weekly Digest <digest@example.com>`. */
  readonly sender: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Asked before a mail of an item is handed over. @default - every mail may be */
  readonly guard?: MailGuard;
}

/** Composes mails and hands them over to a transport. */
export class Mailer {
  readonly #transport: MailTransport;
  readonly #sender: Sender;
  readonly #options: MailerOptions;

  /** @throws Error where `sender` is not one address */
  constructor(transport: MailTransport, options: MailerOptions) {
    this.#transport = transport;
    this.#sender = parseSender(options.sender);
    this.#options = options;
  }

  /**
   * The mail as bytes, and the address that it goes to, in the form in which it is sent to.
   *
   * @throws Refusal where no mail can be made of it
   */
  compose(email: Email): Promise<Mime> {
    return composeMime(email, this.#sender, this.#options.now());
  }

  /**
   * Resolves when the transport has accepted the mail.
   *
   * @param origin of which item it is. @default - of none: nobody is asked whether it may be sent, and it is not traced
   * @throws Refusal where it was not accepted, or where that is not known
   */
  async send(email: Email, origin?: MailOrigin): Promise<SentMail> {
    const { to, raw } = await this.compose(email);
    const { feedbackIds } = email;
    const mail = { to, from: this.#sender.address, raw, ...(feedbackIds && { feedbackIds }) };
    if (!origin) return this.#transport.send(mail);
    return sendGuarded(this.#options.guard, to, origin, () => this.#transport.send({ ...mail, trace: origin }));
  }
}
