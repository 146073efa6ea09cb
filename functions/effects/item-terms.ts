import type { Clock } from '../contract/clock';
import type { MailOrigin, SendMail, UnsubscribeRecipient } from '../contract/email';
import type { Refusal } from '../contract/errors';
import type { Job } from '../contract/job';
import { isIdempotentProvider, isSes, type Provider, type SesProvider } from '../contract/provider';
import { rejected } from '../contract/verdicts';
import type { AttemptTerms, Permits, ProviderTerms } from './paced-attempt';
import { USUAL_TIMEOUT_SECONDS } from './timed-attempt';

/** A provider, as the items of a link use it. */
export interface NamedProvider extends ProviderTerms {
  readonly name: string;
  /** It sends mails. */
  readonly isSes: boolean;
  /** Seconds after which one of its calls is given up. */
  readonly timeoutSeconds: number;
}

/** What a provider's declaration says of the terms of its effects. */
export function termsOf(name: string, provider: Provider | SesProvider): Omit<NamedProvider, 'pace' | 'places'> {
  const { timeoutSeconds = USUAL_TIMEOUT_SECONDS } = isSes(provider) ? {} : provider;
  return { name, isSes: isSes(provider), idempotent: isIdempotentProvider(provider), timeoutSeconds };
}

/** What an item is processed with. */
export interface ItemTerms extends AttemptTerms {
  readonly job: Pick<Job, 'name' | 'process' | 'processChunk'>;
  /** Those of the job. The first one paces the items. */
  readonly providers: readonly NamedProvider[];
  /** What mails are sent with. */
  readonly send: SendMail;
  /** Makes unsubscribe links. @default - there is no endpoint for them */
  readonly unsubscribeLink?: (recipient: UnsubscribeRecipient) => string;
  /** Whose items these are: what their mails are traced home by. */
  readonly trace: Pick<MailOrigin, 'runId' | 'chainId' | 'expiresAt'>;
  /** The run that idempotency keys name. */
  readonly rootRun: string;
  readonly clock: Clock;
}

/** When the items themselves may start. */
export function itemPace({ providers }: Pick<ItemTerms, 'providers'>): Permits | undefined {
  return providers[0]?.pace;
}

/** The provider that a job calls by this name, if it declares one. */
export function calledProvider(name: string, { providers }: Pick<ItemTerms, 'providers'>): NamedProvider | undefined {
  return providers.find((one) => one.name === name && !one.isSes);
}

export function sendRefused(job: string): Refusal {
  return rejected(
    'NoSuchProvider',
    `Expected \`ses()\` among the providers of the job ${job}, got a send without it: add \`mail: ses()\` to \`providers\`.`,
  );
}

export function callRefused(name: unknown, { job, providers }: Pick<ItemTerms, 'job' | 'providers'>): Refusal {
  const named = providers.filter(({ isSes }) => !isSes).map((provider) => provider.name);
  return rejected(
    'NoSuchProvider',
    `Expected \`call\` of a provider that the job ${job.name} declares beside ses(), which are ${named.join(', ') || 'none'}, got ${String(name)}: declare it in \`providers\`.`,
  );
}

export function linkRefused(job: string): Error {
  return new Error(
    `Expected an endpoint for unsubscribe links of the job ${job}, got none: leave \`unsubscribe\` of the construct's \`mail\` to its default, or make links of your own.`,
  );
}
