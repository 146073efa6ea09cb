import type { Job } from '../contract/job';
import {
  budgetName,
  isSes,
  type Provider,
  providersOf,
  rateShare,
  type SesProvider,
  sendsMail,
} from '../contract/provider';
import type { ProviderBudget, ProviderQuota } from '../contract/quota';

/** What the providers of a job let runs do now. */
export interface JobQuota {
  /** What paces the items: the rate of the first provider, and, if the job sends mails, the 24-hour quota of SES. */
  readonly quota: ProviderQuota;
  /** Share of that rate that runs may use; the rest is production's. */
  readonly rateShare: number;
  /** Every provider, the first in front. */
  readonly providers: readonly ProviderBudget[];
}

/** Reads what SES lets the account do. */
type ReadQuota = () => Promise<ProviderQuota>;

/**
 * Asks each provider of a job once; SES only if it is one of them.
 *
 * @param sendShare share of SES's rate that runs may use
 * @throws what a provider's `rate` throws, or Error where it answers no rate
 */
export async function readJobQuota(
  job: Pick<Job, 'name' | 'providers'>,
  readQuota: ReadQuota,
  sendShare: number,
): Promise<JobQuota> {
  const ses = sendsMail(job) ? await readQuota() : undefined;
  const rated = await Promise.all(
    providersOf(job).map(async ({ name, provider }) => ({
      name,
      provider,
      perSecond: await rateOf(name, provider, ses),
    })),
  );
  const [first] = rated as [(typeof rated)[number]];
  return {
    quota: quotaOf(first, ses),
    rateShare: rateShare(first.provider, sendShare),
    providers: rated.map(({ name, provider, perSecond }) => ({
      name,
      budget: budgetName(name, provider),
      perSecond: perSecond * rateShare(provider, sendShare),
    })),
  };
}

/** The `quota` of it alone: what a link looks at again. */
export async function readItemQuota(job: Pick<Job, 'providers'>, readQuota: ReadQuota): Promise<ProviderQuota> {
  const ses = sendsMail(job) ? await readQuota() : undefined;
  const [first] = providersOf(job) as [ReturnType<typeof providersOf>[number]];
  return quotaOf({ ...first, perSecond: await rateOf(first.name, first.provider, ses) }, ses);
}

function quotaOf(
  { name, provider, perSecond }: ProviderBudget & { readonly provider: Provider | SesProvider },
  { perDay, usedToday }: Pick<ProviderQuota, 'perDay' | 'usedToday'> = {
    perDay: Number.POSITIVE_INFINITY,
    usedToday: 0,
  },
): ProviderQuota {
  return { perSecond, perDay, usedToday, ...(!isSes(provider) && { provider: name }) };
}

async function rateOf(name: string, provider: Provider | SesProvider, ses?: ProviderQuota): Promise<number> {
  if (isSes(provider)) return ses?.perSecond ?? 0;
  const { rate } = provider;
  if (typeof rate === 'number') return rate;
  const read: unknown = await rate();
  if (typeof read === 'number' && Number.isFinite(read) && read >= 0) return read;
  throw new Error(
    `Expected the rate of the provider ${name} to be a number of calls per second of at least 0, got ${String(read)}: correct what its \`rate\` reads.`,
  );
}
