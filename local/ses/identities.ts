import { ServiceError } from '../aws-service';
import { checkAddress } from './address-check';

/** RFC 5321, 4.5.3.1.2. */
const LONGEST_DOMAIN = 255;

/**
 * Verified senders: addresses and domains; a domain covers its subdomains. Verification succeeds at once: there is no
 * mailbox to click a link in and no DNS to publish a record in.
 */
export class Identities {
  readonly #verified: Set<string>;
  readonly #everySender: boolean;

  /** @param verified @default - every sender counts as verified */
  constructor(verified?: readonly string[]) {
    this.#everySender = verified === undefined;
    this.#verified = new Set(verified?.map(canonical));
  }

  verifyAddress(address: string): void {
    checkAddress(address);
    this.#verified.add(canonical(address));
  }

  /** @throws ServiceError `InvalidParameterValue` where it is no domain */
  verifyDomain(domain: string): void {
    if (domain.length > LONGEST_DOMAIN || !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(domain)) {
      throw new ServiceError('InvalidParameterValue', `Invalid domain name ${domain.slice(0, LONGEST_DOMAIN)}.`);
    }
    this.#verified.add(canonical(domain));
  }

  isVerified(identity: string): boolean {
    return this.#verified.has(canonical(identity));
  }

  /** May mail come from this address? */
  maySend(address: string): boolean {
    if (this.#everySender || this.isVerified(address)) return true;
    const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
    return labels.some((_, index) => this.isVerified(labels.slice(index).join('.')));
  }

  list(type?: string): string[] {
    return [...this.#verified].filter((identity) => {
      if (type === 'EmailAddress') return identity.includes('@');
      return type !== 'Domain' || !identity.includes('@');
    });
  }
}

/** The domain in lower case; SES keeps the case of the local part ("Email addresses are case-sensitive"). */
function canonical(identity: string): string {
  const at = identity.lastIndexOf('@');
  return identity.slice(0, at + 1) + identity.slice(at + 1).toLowerCase();
}
