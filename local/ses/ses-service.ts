import { type Clock, sleep } from '../../functions/contract/clock';
import { notImplemented, type Service, ServiceError } from '../aws-service';
import { checkAddress } from './address-check';
import type { EventPublisher } from './event-publisher';
import { checkHeaderFields } from './header-fields';
import { Identities } from './identities';
import { Inbox, type MailSummary } from './inbox';
import { checkTags, tagsOfHeader } from './message-tags';
import { addressOf, fieldList, readHeaders } from './raw-message';
import { SendingQuota } from './sending-quota';
import { SendingStatistics } from './sending-statistics';

export interface SesOptions {
  readonly clock: Clock;
  /** Recipients per second. @default - 250 */
  readonly maxSendRate?: number;
  /** Refuses what exceeds `maxSendRate` in any second, wherever that begins. @default - short bursts pass, as at SES */
  readonly strictSendRate?: boolean;
  /** Recipients in any 24 hours; -1 = unlimited. @default - 50,000 */
  readonly max24HourSend?: number;
  /** A fresh string per call: message ids, verification tokens. */
  readonly randomId: () => string;
  /** Time between a request and its answer, milliseconds. @default - none */
  readonly latencyMs?: number | (() => number);
  /**
   * Milliseconds from one answer of GetSendQuota to the next; SES documents a second. @default - as often as asked
   */
  readonly sendQuotaIntervalMs?: number;
  /** Addresses and domains that may send. @default - every sender is verified */
  readonly verifiedIdentities?: readonly string[];
  /** @default - 'us-east-1' */
  readonly region?: string;
  /**
   * Where accepted mails go; mails that it already holds count for the daily quota. @default - a new inbox in memory
   */
  readonly inbox?: Inbox;
  /**
   * Holds the configuration sets, and publishes what becomes of mails that name one. @default - there is no
   * configuration set
   */
  readonly events?: EventPublisher;
  /** Called with every accepted mail. */
  readonly onSent?: (mail: MailSummary) => void;
}

type Input = Record<string, unknown>;
type Operation = (input: Input) => Record<string, unknown>;

const IDENTITY_TYPES = ['EmailAddress', 'Domain'];
const MOST_RECIPIENTS = 50;
const LARGEST_MESSAGE_BYTES = 10_485_760;

/**
 * The embedded Amazon SES v1: the operations that this project uses, with SES's quotas, error codes and messages.
 * Every request is decided when it arrives and answered after `latencyMs`. Refused in this order: malformed parameters,
 * sending switched off, unverified sender, daily quota, sending rate. AWS does not document its order.
 */
export class Ses implements Service {
  readonly inbox: Inbox;
  readonly #options: SesOptions;
  readonly #identities: Identities;
  readonly #quota: SendingQuota;
  readonly #statistics = new SendingStatistics();
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #maxSendRate: number;
  readonly #max24HourSend: number;
  #quotaToldAt = Number.NEGATIVE_INFINITY;
  #sendingEnabled = true;

  constructor(options: SesOptions) {
    this.#options = options;
    this.#maxSendRate = options.maxSendRate ?? 250;
    this.#max24HourSend = options.max24HourSend ?? 50_000;
    this.#identities = new Identities(options.verifiedIdentities);
    this.#quota = new SendingQuota(
      {
        maxSendRate: this.#maxSendRate,
        max24HourSend: this.#max24HourSend,
        strictRate: options.strictSendRate ?? false,
      },
      options.clock.now(),
    );
    this.inbox = options.inbox ?? new Inbox();
    for (const { sentAt, destinations } of this.inbox.summaries()) this.#quota.restore(destinations.length, sentAt);
    this.#operations = {
      SendRawEmail: (input) => this.#sendRawEmail(input),
      GetSendQuota: () => this.#getSendQuota(),
      GetSendStatistics: () => ({ SendDataPoints: this.#statistics.dataPoints(options.clock.now()) }),
      VerifyEmailIdentity: (input) => this.#verifyEmailIdentity(input),
      VerifyDomainIdentity: (input) => this.#verifyDomainIdentity(input),
      ListIdentities: (input) => this.#listIdentities(input),
      GetIdentityVerificationAttributes: (input) => this.#getIdentityVerificationAttributes(input),
      GetAccountSendingEnabled: () => ({ Enabled: this.#sendingEnabled }),
      UpdateAccountSendingEnabled: (input) => this.#updateAccountSendingEnabled(input),
    };
  }

  /** @throws ServiceError where the request is refused, with SES's own code and message */
  async handle(operation: string, input: Input): Promise<Record<string, unknown>> {
    const { clock, latencyMs = 0 } = this.#options;
    const implemented = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    if (!implemented) throw notImplemented('SES', operation);
    const answer = decide(() => implemented(input));
    const milliseconds = typeof latencyMs === 'number' ? latencyMs : latencyMs();
    if (milliseconds > 0) await sleep(clock, milliseconds);
    return answer();
  }

  #sendRawEmail(input: Input): Record<string, unknown> {
    refuseUnknown('SendRawEmail', input, ['RawMessage', 'Source', 'Destinations', 'ConfigurationSetName', 'Tags']);
    const raw = rawData(input.RawMessage);
    if (raw.length > LARGEST_MESSAGE_BYTES) {
      throw invalid(`Message length is more than ${LARGEST_MESSAGE_BYTES} bytes long: '${raw.length}'.`);
    }
    const source = optionalString(input, 'Source');
    const headers = readHeaders(raw);
    checkHeaderFields(headers.unfolded);
    const tags = input.Tags === undefined ? tagsOfHeader(headers.messageTags) : checkTags(input.Tags);
    const given = optionalStrings(input, 'Destinations').map(addressOf);
    const destinations = given.length > 0 ? given : headers.recipients;
    const senders = source === undefined ? headers.fromAddresses : [addressOf(source), ...headers.fromAddresses];
    if (headers.fromAddresses.length === 0) throw invalid("Missing required header 'From'.");
    if (destinations.length === 0) throw invalid("Missing required header 'To'.");
    if (destinations.length > MOST_RECIPIENTS) throw invalid(`Recipient count exceeds ${MOST_RECIPIENTS}.`);
    for (const address of [...senders, ...destinations]) checkAddress(address);
    const configurationSet = optionalString(input, 'ConfigurationSetName') ?? headers.configurationSet;
    this.#refuseConfigurationSet(configurationSet);
    this.#refuseUnlessAllowed(senders);
    const now = this.#options.clock.now();
    this.#quota.countMail(destinations.length, now);
    this.#statistics.count(destinations.length, now);
    const messageId = this.#options.randomId();
    const mail = this.inbox.add({ messageId, sentAt: now, destinations, raw, tags });
    this.#options.onSent?.(mail);
    if (configurationSet !== undefined) {
      this.#options.events?.accepted({
        messageId,
        sentAt: now,
        source: source ?? headers.fromAddresses[0] ?? '',
        destinations,
        configurationSet,
        headers: fieldList(headers.unfolded),
        tags,
        raw,
      });
    }
    return { MessageId: messageId };
  }

  #refuseConfigurationSet(name: string | undefined): void {
    if (name === undefined) return;
    const set = this.#options.events?.configurationSet(name);
    if (set === undefined) {
      throw new ServiceError('ConfigurationSetDoesNotExist', `Configuration set <${name}> does not exist.`);
    }
    if (!set.sendingEnabled) {
      throw new ServiceError(
        'ConfigurationSetSendingPausedException',
        `Sending is paused for the configuration set <${name}>.`,
      );
    }
  }

  #refuseUnlessAllowed(senders: readonly string[]): void {
    if (!this.#sendingEnabled) {
      throw new ServiceError('AccountSendingPausedException', 'Email sending is disabled for this account.');
    }
    const unverified = [...new Set(senders)].filter((address) => !this.#identities.maySend(address));
    if (unverified.length > 0) {
      const region = (this.#options.region ?? 'us-east-1').toUpperCase();
      throw new ServiceError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${region}: ` +
          unverified.join(', '),
      );
    }
  }

  #getSendQuota(): Record<string, unknown> {
    const { clock, sendQuotaIntervalMs = 0 } = this.#options;
    if (clock.now() - this.#quotaToldAt < sendQuotaIntervalMs) {
      throw new ServiceError('Throttling', 'Rate exceeded');
    }
    this.#quotaToldAt = clock.now();
    return {
      Max24HourSend: this.#max24HourSend,
      MaxSendRate: this.#maxSendRate,
      SentLast24Hours: this.#quota.sentLast24Hours(clock.now()),
    };
  }

  #verifyEmailIdentity(input: Input): Record<string, unknown> {
    this.#identities.verifyAddress(requiredString(input, 'EmailAddress'));
    return {};
  }

  #verifyDomainIdentity(input: Input): Record<string, unknown> {
    this.#identities.verifyDomain(requiredString(input, 'Domain'));
    return { VerificationToken: this.#options.randomId() };
  }

  #listIdentities(input: Input): Record<string, unknown> {
    refuseUnknown('ListIdentities', input, ['IdentityType']);
    const type = optionalString(input, 'IdentityType');
    if (type !== undefined && !IDENTITY_TYPES.includes(type)) {
      throw broken('identityType', `'${type}'`, `satisfy enum value set: [${IDENTITY_TYPES.join(', ')}]`);
    }
    return { Identities: this.#identities.list(type) };
  }

  #getIdentityVerificationAttributes(input: Input): Record<string, unknown> {
    if (input.Identities === undefined) throw missing('identities');
    const verified = optionalStrings(input, 'Identities').filter((identity) => this.#identities.isVerified(identity));
    return {
      VerificationAttributes: Object.fromEntries(
        verified.map((identity) => [identity, { VerificationStatus: 'Success' }]),
      ),
    };
  }

  #updateAccountSendingEnabled(input: Input): Record<string, unknown> {
    if (typeof input.Enabled !== 'boolean') throw missing('enabled');
    this.#sendingEnabled = input.Enabled;
    return {};
  }
}

/** Runs `operation` now; the function it returns gives the answer, or throws, later. */
function decide<Answer>(operation: () => Answer): () => Answer {
  try {
    const answer = operation();
    return () => answer;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}

function missing(path: string): ServiceError {
  return broken(path, 'null', 'not be null');
}

function broken(path: string, shown: string, rule: string): ServiceError {
  return new ServiceError(
    'ValidationError',
    `1 validation error detected: Value ${shown} at '${path}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** Parameters that would change what the operation does, and that are not implemented, are rejected by name. */
function refuseUnknown(operation: string, input: Input, known: readonly string[]): void {
  const unknown = Object.keys(input).find((key) => input[key] !== undefined && !known.includes(key));
  if (unknown !== undefined) throw notImplemented('SES', `${operation} with ${unknown}`);
}

function rawData(message: unknown): Buffer {
  const data = (message as { readonly Data?: unknown } | null | undefined)?.Data;
  if (!(data instanceof Uint8Array)) throw missing('rawMessage.data');
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined) throw missing(name.charAt(0).toLowerCase() + name.slice(1));
  return value;
}

function optionalString(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`Expected ${name} to be a string.`);
}

function optionalStrings(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw invalid(`Expected ${name} to be a list of strings.`);
}
