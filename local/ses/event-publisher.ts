import type { Clock } from '../../functions/contract/clock';
import type { ConfigurationSetConfig, SuppressedReason } from './configuration-set';
import {
  type BounceKind,
  bounceEvent,
  complaintEvent,
  delayEvent,
  deliveryEvent,
  mailObject,
  rejectEvent,
  type SesEvent,
  sendEvent,
  type TracedMail,
} from './mail-event';
import { type Fate, type FateShares, Fates, isSimulator } from './mail-fate';
import { SuppressionList } from './suppression-list';

export interface EventPublisherOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly configurationSets: readonly ConfigurationSetConfig[];
  /** A fresh string per event. */
  readonly randomId: () => string;
  /** Takes an event that a destination asks for. */
  readonly publish: (event: SesEvent) => void;
  /** What becomes of mails beyond the simulator's addresses. @default - all are delivered */
  readonly fates?: FateShares;
  /**
   * Milliseconds from what happens to each copy of the event about it: `[0, 40]` publishes it twice, `[]` never. Events
   * that are late overtake each other. @default - one copy, at once
   */
  readonly lateness?: (event: SesEvent) => readonly number[];
}

const BOUNCES: Readonly<Record<'bounced' | 'soft-bounced' | 'globally-suppressed' | 'suppressed', BounceKind>> = {
  bounced: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 user unknown',
  },
  'soft-bounced': {
    bounceType: 'Transient',
    bounceSubType: 'MailboxFull',
    status: '5.2.2',
    diagnosticCode: 'smtp; 552 5.2.2 mailbox full',
  },
  'globally-suppressed': {
    bounceType: 'Permanent',
    bounceSubType: 'Suppressed',
    status: '5.1.1',
    diagnosticCode:
      'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
  },
  suppressed: {
    bounceType: 'Permanent',
    bounceSubType: 'OnAccountSuppressionList',
    status: '5.1.1',
    diagnosticCode:
      'Amazon SES did not send the message to this address because it is on the suppression list for your account.',
  },
};

/** SES tries for 14 hours. */
const TRIES_MILLISECONDS = 14 * 3_600_000;

/** The test file of the antivirus makers, as text and as it begins in base64: SES rejects a mail with it. */
const VIRUSES = ['EICAR-STANDARD-ANTIVIRUS-TEST-FILE', 'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJE'];

/** Publishes what becomes of mails with a configuration set. */
export class EventPublisher {
  readonly #options: EventPublisherOptions;
  readonly #sets: ReadonlyMap<string, ConfigurationSetConfig>;
  readonly #fates: Fates;
  readonly #suppressed = new SuppressionList();

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    this.#sets = new Map(options.configurationSets.map((set) => [set.name, set]));
    this.#fates = new Fates(options.fates);
  }

  configurationSet(name: string): ConfigurationSetConfig | undefined {
    return this.#sets.get(name);
  }

  /** Puts an address on the account's suppression list, as PutSuppressedDestination does. */
  suppress(address: string, reason: SuppressedReason): void {
    this.#suppressed.add(address, reason);
  }

  /** A mail that SES has just accepted. */
  accepted(mail: TracedMail): void {
    const set = this.#sets.get(mail.configurationSet);
    if (set === undefined) return;
    const told = mailObject(mail, this.#options);
    if (VIRUSES.some((virus) => mail.raw.includes(virus))) {
      this.#publish(set, rejectEvent(told));
      return;
    }
    this.#publish(set, sendEvent(told));
    for (const address of mail.destinations) this.#publishFate(set, told, address);
  }

  #publishFate(set: ConfigurationSetConfig, mail: SesEvent['mail'], address: string): void {
    const at = this.#options.clock.now();
    const of = { at, feedbackId: this.#options.randomId() };
    const reason = this.#suppressed.reasonFor(address, set.suppressedReasons);
    if (reason === 'BOUNCE') {
      this.#publish(set, bounceEvent(mail, address, BOUNCES.suppressed, of));
      return;
    }
    if (reason === 'COMPLAINT') {
      this.#publish(set, complaintEvent(mail, address, { ...of, suppressed: true }));
      return;
    }
    if (this.#fates.isDelayed(address)) this.#publish(set, delayEvent(mail, address, at, at + TRIES_MILLISECONDS));
    const fate = this.#fates.of(address);
    this.#suppressAfter(fate, address);
    if (fate === 'delivered' || fate === 'complained') {
      this.#publish(set, deliveryEvent(mail, address, at));
      if (fate === 'complained') this.#publish(set, complaintEvent(mail, address, { ...of, suppressed: false }));
    } else {
      this.#publish(set, bounceEvent(mail, address, BOUNCES[fate], of));
    }
  }

  #suppressAfter(fate: Fate, address: string): void {
    if (isSimulator(address)) return;
    if (fate === 'bounced') this.#suppressed.add(address, 'BOUNCE');
    if (fate === 'complained') this.#suppressed.add(address, 'COMPLAINT');
  }

  #publish({ destinations }: ConfigurationSetConfig, event: SesEvent): void {
    const { clock, publish, lateness = () => [0] } = this.#options;
    const copies = destinations.filter((types) => types.includes(event.eventType));
    // Each destination gets its own.
    for (const _ of copies) {
      for (const milliseconds of lateness(event)) clock.after(milliseconds, () => publish(event));
    }
  }
}
