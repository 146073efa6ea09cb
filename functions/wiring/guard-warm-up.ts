import type { Clock } from '../contract/clock';
import type { MailOrigin } from '../contract/email';
import { NotBefore } from '../contract/errors';
import { beginningOfDay, type WarmUp, warmUpDay, warmUpLimit } from '../contract/warm-up';
import type { Ledger } from '../ledger/ledger';
import { ledgerSilent } from './ledger-silent';

export interface WarmUpTerms {
  /** Of the job. */
  readonly warmUp: WarmUp;
  /** That of the sender, in lower case and Punycode. */
  readonly domain: string;
  /** Reads how many mails runs may send within a day anyway: `mailsADay`. */
  readonly readMailsADay: () => Promise<number>;
}

export interface WarmUpGuardOptions extends WarmUpTerms {
  readonly ledger: Pick<Ledger, 'warmUps'>;
  readonly clock: Clock;
}

/**
 * Takes a place of the sending domain's day for each mail, until the domain may send as many as the account. A mail that is
 * tried again on the same day keeps its place. An item that has got something it must not get again gets its further mails
 * in any case, counted as well.
 *
 * @throws Refusal `NotBefore`, where the day has no place left; `throttled`, where the ledger does not answer
 */
export function guardWarmUp(options: WarmUpGuardOptions): (origin: MailOrigin) => Promise<void> {
  const places = new DayPlaces(options);
  return (origin) => places.take(origin);
}

class DayPlaces {
  /** When the domain began, in milliseconds since the epoch, once it is known. */
  private beganAt?: number;
  /** The last day that was seen to be full: nobody asks for it again. */
  private fullDay?: number;
  /** The day for which it was asked what runs may send anyway, and the answer once it is there. */
  private asked?: { readonly day: number; mails?: number };
  /** The day on which a mail was counted. */
  private readonly counted = new WeakMap<MailOrigin, number>();

  constructor(private readonly options: WarmUpGuardOptions) {}

  async take(origin: MailOrigin): Promise<void> {
    const { ledger, clock, warmUp, domain } = this.options;
    const beganAt = await this.beginning();
    const day = warmUpDay(beganAt, clock.now());
    const limit = warmUpLimit(warmUp, day);
    if (limit >= this.mailsADay(day) || this.counted.get(origin) === day) return;
    const isTaken =
      this.fullDay !== day || origin.isBegun
        ? await ledger.warmUps.take(domain, beganAt, day, origin.isBegun ? undefined : limit).catch(silent)
        : false;
    if (!isTaken) {
      this.fullDay = day;
      const sentence = `The ${limit} mails of day ${day} of the warm-up of ${domain} are sent.`;
      throw new NotBefore(beginningOfDay(beganAt, day + 1), 'WarmUpDayFull', sentence);
    }
    this.counted.set(origin, day);
  }

  private async beginning(): Promise<number> {
    const { ledger, clock, domain } = this.options;
    this.beganAt ??= await ledger.warmUps.begin(domain, clock.now()).catch(silent);
    return this.beganAt;
  }

  /** Asked once a day, without being waited for: as long as nobody knows, mails are counted. */
  private mailsADay(day: number): number {
    if (this.asked?.day !== day) {
      const asked: { readonly day: number; mails?: number } = { day };
      this.asked = asked;
      this.options.readMailsADay().then(
        (mails) => {
          asked.mails = mails;
        },
        () => {},
      );
    }
    return this.asked.mails ?? Number.POSITIVE_INFINITY;
  }
}

function silent(cause: unknown): never {
  throw ledgerSilent('whether the day of the warm-up has a place left', cause);
}
