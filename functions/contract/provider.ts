/**
 * Who lets a job's effects happen: an API of one's own, a partner's. Every run of every job that names the same provider
 * shares its budget.
 */
export interface Provider {
  /** Calls per second that it accepts from all runs together; or where that is read, once per run and now and then. */
  readonly rate: number | (() => Promise<number>);
  /** Calls that it accepts at a time, from all runs together, a whole number. @default - no such limit */
  readonly concurrency?: number;
  /**
   * It honours the idempotency key: a call that is made again with the same key has no second effect, for at least as long
   * as a run takes, its pauses included. What stays open is then asked again. @default - false
   */
  readonly idempotent?: boolean;
  /**
   * Seconds after which a call is given up, at most 60: its `signal` is aborted, and unless the attempt says otherwise
   * within a second, it is in doubt. @default - 10
   */
  readonly timeoutSeconds?: number;
  /** Share of the rate, 0 to below 1, that is kept for others than runs: production. @default - 0 */
  readonly reserve?: number;
}

/** What one attempt of a call may use. */
export interface CallContext {
  /**
   * The same on every attempt, also after a crash: `<run>/<item>/<provider>`, with `#2` for the item's second call of the
   * provider. At most 255 printable ASCII characters; what is longer, or has others, is hashed.
   */
  readonly idempotencyKey: string;
  /** Aborted when the provider's `timeoutSeconds` are over. */
  readonly signal: AbortSignal;
}

const SES = Symbol.for('worker-chains.ses');

/** Amazon SES as a provider: its rate and its 24-hour quota are read from the account. `send` goes through it. */
export interface SesProvider {
  readonly [SES]: true;
}

/**
 * Amazon SES, as one of a job's `providers`: the job may `send`.
 *
 * @example
 * providers: { crm: { rate: 50 }, mail: ses() },
 */
export function ses(): SesProvider {
  return Object.freeze({ [SES]: true as const });
}

/** Whether a provider is SES. */
export function isSes(provider: unknown): provider is SesProvider {
  return typeof provider === 'object' && provider !== null && SES in provider;
}

/** Budget of the account's SES, whatever a job calls it. */
export const SES_BUDGET = 'ses';

/** Name of a provider's budget: every run of every job that takes part in it shares it, within one ledger. */
export function budgetName(name: string, provider: Provider | SesProvider): string {
  return isSes(provider) ? SES_BUDGET : name;
}

/** Providers by their names. The first one paces the items, the others only what they are called for. */
export type Providers<Name extends string = string> = Readonly<Record<Name, Provider | SesProvider>>;

/** Those of a job that names none. */
export const MAIL_ONLY: Providers = Object.freeze({ mail: ses() });

/** A job's providers with their names, the first one in front. */
export function providersOf({ providers = MAIL_ONLY }: { readonly providers?: Providers }) {
  return Object.entries(providers).map(([name, provider]) => ({ name, provider }));
}

/** Whether a job may send mails, and needs what that takes: a quota, a sender, permissions. */
export function sendsMail(job: { readonly providers?: Providers }): boolean {
  return providersOf(job).some(({ provider }) => isSes(provider));
}

/** Whether a job does nothing but send mails: then one that was accepted proves that its item is done. */
export function sendsOnly(job: { readonly providers?: Providers }): boolean {
  return providersOf(job).every(({ provider }) => isSes(provider));
}

/** Whether a call that is made again with the same key has no second effect. */
export function isIdempotentProvider(provider: Provider | SesProvider): boolean {
  return !isSes(provider) && provider.idempotent === true;
}

/** Whether whatever a job does may be done again: then an interruption leaves nobody in doubt. */
export function isIdempotent(job: { readonly providers?: Providers }): boolean {
  return providersOf(job).every(({ provider }) => isIdempotentProvider(provider));
}

/** Share of a provider's rate that runs may use; `sendShare` is that of SES. */
export function rateShare(provider: Provider | SesProvider, sendShare: number): number {
  return isSes(provider) ? sendShare : 1 - (provider.reserve ?? 0);
}
