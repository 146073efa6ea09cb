import { ENVIRONMENT } from '../contract/names';
import { sendingDomain } from '../email/address';

/** The domain of this function's sender, where it has one. */
export function sendersDomain(): { readonly sendingDomain?: string } {
  const sender = process.env[ENVIRONMENT.sender];
  return sender ? { sendingDomain: sendingDomain(sender) } : {};
}
