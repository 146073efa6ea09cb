import { createHash } from 'node:crypto';

/** What becomes of a mail to one address once SES has accepted it. */
export type Fate = 'delivered' | 'bounced' | 'soft-bounced' | 'complained' | 'globally-suppressed';

/** Shares of the addresses, each from 0 to 1; an address has the same fate each time. */
export interface FateShares {
  /** Mailboxes that do not exist. @default - 0 */
  readonly bounces?: number;
  /** Mailboxes that are full. @default - 0 */
  readonly softBounces?: number;
  /** People who mark the mail as spam. @default - 0 */
  readonly complaints?: number;
  /** Mails that are delayed first, whatever becomes of them then. @default - 0 */
  readonly delays?: number;
  /** Another number gives other addresses. @default - 1 */
  readonly seed?: number;
}

const SIMULATOR_DOMAIN = 'simulator.amazonses.com';

/** Addresses of SES's mailbox simulator (SES Developer Guide, "Using the mailbox simulator manually"). */
const SIMULATOR: Readonly<Record<string, Fate>> = {
  success: 'delivered',
  bounce: 'bounced',
  // The mail is accepted, and an automatic answer comes back to its sender.
  ooto: 'delivered',
  complaint: 'complained',
  suppressionlist: 'globally-suppressed',
};

/** Decides by the address alone, so that a run can be repeated. */
export class Fates {
  readonly #shares: Required<FateShares>;

  /** @throws Error where a share is none, or bounces and complaints are more than all together */
  constructor({ bounces = 0, softBounces = 0, complaints = 0, delays = 0, seed = 1 }: FateShares = {}) {
    for (const [name, share] of Object.entries({ bounces, softBounces, complaints, delays })) {
      if (!(share >= 0 && share <= 1)) {
        throw new Error(`Expected the share of ${name} to be from 0 to 1, got ${share}: 0.03 means 3 %.`);
      }
    }
    if (bounces + softBounces + complaints > 1) {
      throw new Error(
        `Expected bounces, soft bounces and complaints to be at most 1 together, got ${bounces + softBounces + complaints}: lower one.`,
      );
    }
    this.#shares = { bounces, softBounces, complaints, delays, seed };
  }

  of(address: string): Fate {
    const simulated = simulatedFate(address);
    if (simulated !== undefined) return simulated;
    const { bounces, softBounces, complaints } = this.#shares;
    if (bounces + softBounces + complaints === 0) return 'delivered';
    const drawn = this.#draw('fate', address);
    if (drawn < bounces) return 'bounced';
    if (drawn < bounces + softBounces) return 'soft-bounced';
    return drawn < bounces + softBounces + complaints ? 'complained' : 'delivered';
  }

  isDelayed(address: string): boolean {
    return this.#shares.delays > 0 && !isSimulator(address) && this.#draw('delay', address) < this.#shares.delays;
  }

  /** From 0 to 1, exclusive. */
  #draw(purpose: string, address: string): number {
    const digest = createHash('sha256').update(`${this.#shares.seed} ${purpose} ${address.toLowerCase()}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  }
}

/** Whether an address is of the mailbox simulator, whose mails count for nothing: not for the suppression list either. */
export function isSimulator(address: string): boolean {
  return address.toLowerCase().endsWith(`@${SIMULATOR_DOMAIN}`);
}

/** A label may follow the name after a plus: `bounce+label1@…`. */
function simulatedFate(address: string): Fate | undefined {
  if (!isSimulator(address)) return undefined;
  const [name = ''] = address.toLowerCase().slice(0, address.lastIndexOf('@')).split('+');
  return Object.hasOwn(SIMULATOR, name) ? SIMULATOR[name] : 'delivered';
}
