import type { Email, MailTrace, SentMail } from '../contract/email';
import type { MailTransport } from '../contract/mail-transport';
import { parseSender, type Sender } from './address';
import { composeMime, type Mime } from './mime';

export interface MailerOptions {
  /** `From` of every mail: `digest@example.com` or `Weekly Digest <digest@example.com>`. */
  readonly sender: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Asked before a mail is handed over whether it may be; throws a `Refusal` where it may not.
   *
   * @param to the address, in the form in which it is sent to
   * @default - every mail may
   */
  guard?(to: string, trace: MailTrace): Promise<void>;
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
   * @param trace of which item it is. @default - of none: nobody is asked whether it may be sent, and it is not traced
   * @throws Refusal where it was not accepted, or where that is not known
   */
  async send(email: Email, trace?: MailTrace): Promise<SentMail> {
    const { to, raw } = await this.#permitted(email, trace);
    const { feedbackIds } = email;
    return this.#transport.send({
      to,
      from: this.#sender.address,
      raw,
      ...(trace && { trace }),
      ...(feedbackIds && { feedbackIds }),
    });
  }

  /**
   * Does with a mail of an item all that is done before it is handed over: composes it, and asks whether it may be sent.
   *
   * @throws Refusal where it would not be
   */
  async rehearse(email: Email, trace: MailTrace): Promise<void> {
    await this.#permitted(email, trace);
  }

  async #permitted(email: Email, trace?: MailTrace): Promise<Mime> {
    const mime = await this.compose(email);
    if (trace) await this.#options.guard?.(mime.to, trace);
    return mime;
  }
}
