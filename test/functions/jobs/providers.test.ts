import { type Providers, sendsMail, ses } from '../../../functions/contract/provider';
import { defineJob } from '../../../functions/jobs/define-job';
import { idRange } from '../../../functions/sources/id-range';
import { table } from '../../../functions/sources/table';

const withProviders = (providers: unknown) =>
  defineJob({
    name: 'sync',
    source: idRange(),
    load: async () => new Map<number, string>(),
    providers: providers as Providers,
    process: () => undefined,
  });

describe('the providers of a job', () => {
  test('stay as they were declared, the first one in front', () => {
    const crm = { rate: 50, concurrency: 20, idempotent: true, timeoutSeconds: 30, reserve: 0.2 };
    const rate = async () => 5;
    const { providers } = withProviders({ crm, erp: { rate }, mail: ses() });

    expect(Object.entries(providers ?? {})).toEqual([
      ['crm', crm],
      ['erp', { rate }],
      ['mail', ses()],
    ]);
    expect(Object.isFrozen(providers) && Object.isFrozen(providers?.crm)).toBe(true);
  });

  test('let a job send mails only with ses() among them', () => {
    expect(sendsMail(withProviders(undefined))).toBe(true);
    expect(sendsMail(withProviders({ crm: { rate: 1 }, mail: ses() }))).toBe(true);
    expect(sendsMail(withProviders({ crm: { rate: 1 } }))).toBe(false);
  });

  test('are known to `call` by their names', () => {
    const job = defineJob({
      name: 'sync',
      source: idRange(),
      load: async () => new Map([[1, { email: 'zoe@example.com' }]]),
      providers: { crm: { rate: 1 }, mail: ses() },
      process: ({ email }, { call }) => {
        // @ts-expect-error: nobody declared this provider.
        void call('erp', () => 1);
        return call('crm', ({ idempotencyKey }) => `${email} ${idempotencyKey}`);
      },
    });

    expect(job.name).toBe('sync');
  });

  test('are known by their names, too, where `process` says what the rows of its source are', () => {
    const job = defineJob({
      name: 'sync',
      source: table({ name: 'users', key: 'id' }),
      providers: { crm: { rate: 1 } },
      process: ({ email }: { readonly email: string }, { call }) => {
        // @ts-expect-error: nobody declared this provider.
        void call('erp', () => 1);
        return call('crm', () => email.length);
      },
    });

    expect(job.name).toBe('sync');
  });

  const rate =
    'Expected `providers.crm.rate` to be a number of calls per second above 0, at most 1000000, or a function';
  const names = 'Expected names of `providers` to be lower-case words joined by hyphens, at most 32 characters, got';
  test.each([
    [[], 'Expected `providers` to be an object such as { crm: { rate: 50 } }, got [].'],
    [null, 'Expected `providers` to be an object such as { crm: { rate: 50 } }, got null.'],
    [ses(), 'Expected `providers` to be an object such as { crm: { rate: 50 } }'],
    ['crm', 'Expected `providers` to be an object such as { crm: { rate: 50 } }, got "crm".'],
    [{}, 'Expected `providers` to be 1 to 5 providers, got 0.'],
    [Object.fromEntries([...'abcdef'].map((name) => [name, { rate: 1 }])), 'to be 1 to 5 providers, got 6.'],
    [{ Crm: { rate: 1 } }, `${names} "Crm".`],
    [{ 'crm/a': { rate: 1 } }, `${names} "crm/a".`],
    [{ 1: { rate: 1 } }, `${names} "1".`],
    [{ ['x'.repeat(33)]: { rate: 1 } }, names],
    [{ mail: ses(), more: ses() }, 'Expected `providers` to have ses() at most once, got ["mail","more"].'],
    [{ ses: { rate: 1 } }, 'Expected the provider `ses` to be ses(), whose budget has that name, got {"rate":1}.'],
    [{ crm: 50 }, 'Expected `providers.crm` to be a provider such as { rate: 50 }, or ses(), got 50.'],
    [{ crm: null }, 'Expected `providers.crm` to be a provider such as { rate: 50 }, or ses(), got null.'],
    [{ crm: {} }, `${rate} that reads it, got undefined.`],
    [{ crm: { rate: 0 } }, `${rate} that reads it, got 0.`],
    [{ crm: { rate: Number.NaN } }, `${rate} that reads it, got NaN.`],
    [{ crm: { rate: Number.POSITIVE_INFINITY } }, `${rate} that reads it, got Infinity.`],
    [{ crm: { rate: '50' } }, `${rate} that reads it, got "50".`],
    [{ crm: { rate: 1, concurrency: 0 } }, '`providers.crm.concurrency` to be a whole number of at least 1, got 0.'],
    [
      { crm: { rate: 1, concurrency: 1.5 } },
      '`providers.crm.concurrency` to be a whole number of at least 1, got 1.5.',
    ],
    [{ crm: { rate: 1, idempotent: 'yes' } }, '`providers.crm.idempotent` to be true or false, got "yes".'],
    [
      { crm: { rate: 1, timeoutSeconds: 0 } },
      '`providers.crm.timeoutSeconds` to be a number of seconds above 0, at most 60',
    ],
    [{ crm: { rate: 1, timeoutSeconds: 61 } }, 'above 0, at most 60, got 61.'],
    [{ crm: { rate: 1, reserve: 1 } }, '`providers.crm.reserve` to be a share from 0 to below 1, got 1.'],
    [{ crm: { rate: 1, reserve: -0.1 } }, '`providers.crm.reserve` to be a share from 0 to below 1, got -0.1.'],
    [
      { crm: { rate: 1, timeout: 5 } },
      'Expected `providers.crm` to have only the fields rate, concurrency, idempotent, timeoutSeconds, reserve, got "timeout".',
    ],
  ])('are refused in one sentence: %j', (providers, sentence) => {
    expect(() => withProviders(providers)).toThrow(sentence);
  });
});
