import type { MailOrigin } from '../contract/email';
import { Refusal } from '../contract/errors';

/**
 * Asked before a mail is handed over whether it may be; throws a `Refusal` where it may not. Answers how to give back what
 * was taken for the mail, where there is such a thing; that never rejects.
 *
 * @param to the address, in the form in which it is sent to
 */
export type MailGuard = (to: string, origin: MailOrigin) => Promise<(() => Promise<void>) | undefined>;

/**
 * Sends a mail if the guard lets it, and gives back what was taken for it where it was refused for good. In every other case
 * it stays taken: the mail may have been sent, or is tried again by the same item.
 *
 * @param send one attempt
 * @throws Refusal where it was not accepted, or where that is not known
 */
export async function sendGuarded<Sent>(
  guard: MailGuard | undefined,
  to: string,
  origin: MailOrigin,
  send: () => Promise<Sent>,
): Promise<Sent> {
  const giveBack = await guard?.(to, origin);
  try {
    return await send();
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'rejected') await giveBack?.();
    throw error;
  }
}
