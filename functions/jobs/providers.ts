import { isSes, MAIL_ONLY, type Provider, type Providers } from '../contract/provider';
import { demand, demandOnly, isPlain } from './invalid-job';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Characters: the name is part of every idempotency key. */
const LONGEST_NAME = 32;
/** Each has a budget that every chain looks at. */
const MOST_PROVIDERS = 5;
const FIELDS = ['rate', 'concurrency', 'idempotent', 'timeoutSeconds', 'reserve'];
/** As in a run's input. */
const HIGHEST_RATE = 1_000_000;
/**
 * Well below the three minutes that a link of the default timeout keeps for what is under way at its end.
 */
const LONGEST_TIMEOUT_SECONDS = 60;
/** Under this name the ledger keeps the budget of SES, whatever a job calls it. */
const NAME_OF_SES = 'ses';

/**
 * The providers of a job, as they stay.
 *
 * @throws InvalidJob where there are none or too many, or one is wrong: one sentence about the first such thing
 */
export function checkedProviders(providers: Providers): Providers {
  if (providers === MAIL_ONLY) return providers;
  demand(
    typeof providers === 'object' && providers !== null && !Array.isArray(providers) && !isSes(providers),
    '`providers` to be an object such as { crm: { rate: 50 } }',
    providers,
  );
  const entries = Object.entries(providers);
  demand(
    entries.length >= 1 && entries.length <= MOST_PROVIDERS,
    `\`providers\` to be 1 to ${MOST_PROVIDERS} providers`,
    entries.length,
  );
  for (const [name] of entries) {
    demand(
      name.length <= LONGEST_NAME && NAME.test(name),
      `names of \`providers\` to be lower-case words joined by hyphens, at most ${LONGEST_NAME} characters`,
      name,
    );
  }
  const mailing = entries.filter(([, provider]) => isSes(provider)).map(([name]) => name);
  demand(mailing.length <= 1, '`providers` to have ses() at most once', mailing);
  const checked = entries.map(([name, provider]) => {
    if (isSes(provider)) return [name, provider] as const;
    demand(name !== NAME_OF_SES, `the provider \`${name}\` to be ses(), whose budget has that name`, provider);
    return [name, checkedProvider(`providers.${name}`, provider)] as const;
  });
  return Object.freeze(Object.fromEntries(checked));
}

function checkedProvider(at: string, provider: Provider): Provider {
  demand(isPlain(provider), `\`${at}\` to be a provider such as { rate: 50 }, or ses()`, provider);
  demandOnly(at, FIELDS, provider);
  const { rate, concurrency, idempotent, timeoutSeconds, reserve } = provider;
  demand(
    typeof rate === 'function' || isBetween(rate, 0, HIGHEST_RATE),
    `\`${at}.rate\` to be a number of calls per second above 0, at most ${HIGHEST_RATE}, or a function that reads it`,
    rate,
  );
  demand(
    concurrency === undefined || (Number.isSafeInteger(concurrency) && concurrency >= 1),
    `\`${at}.concurrency\` to be a whole number of at least 1`,
    concurrency,
  );
  demand(
    idempotent === undefined || typeof idempotent === 'boolean',
    `\`${at}.idempotent\` to be true or false`,
    idempotent,
  );
  demand(
    timeoutSeconds === undefined || isBetween(timeoutSeconds, 0, LONGEST_TIMEOUT_SECONDS),
    `\`${at}.timeoutSeconds\` to be a number of seconds above 0, at most ${LONGEST_TIMEOUT_SECONDS}`,
    timeoutSeconds,
  );
  demand(
    reserve === undefined || (typeof reserve === 'number' && reserve >= 0 && reserve < 1),
    `\`${at}.reserve\` to be a share from 0 to below 1`,
    reserve,
  );
  return Object.freeze({ ...provider });
}

/** Above the one and at most the other. */
function isBetween(value: unknown, above: number, most: number): boolean {
  return typeof value === 'number' && value > above && value <= most;
}
