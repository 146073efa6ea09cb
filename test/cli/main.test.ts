import { aRun } from '../functions/chain/fixture';
import { progressOf } from '../functions/ledger/ledger-world';
import { Account, deployedTemplate } from '../local/whole-run';
import { type Answer, called } from './called';

jest.setTimeout(120_000);

const call = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  called(args, { environment });

describe('worker-chains', () => {
  it.each([[[]], [['--help']]])('explains itself: %j', async (args) => {
    const { code, stdout, stderr } = await call(args);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of [
      'dev',
      'plan',
      'preview',
      'templates',
      'page',
      'watch',
      'leftovers',
      'chains',
      'feedback',
      'rate',
      'budget',
    ])
      expect(stdout).toContain(`worker-chains ${command} `);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each(['leftovers', 'chains', 'feedback', 'rate'])('explains %s', async (command) => {
    const { code, stdout, stderr } = await call([command, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`  worker-chains ${command} RUN `);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    [
      'nothing',
      'Expected dev, plan, preview, templates, page, watch, leftovers, chains, feedback, rate, budget, got nothing: see worker-chains --help.',
    ],
    [
      'constructor',
      'Expected dev, plan, preview, templates, page, watch, leftovers, chains, feedback, rate, budget, got constructor: see worker-chains --help.',
    ],
    ['--nonsense', "Unknown option '--nonsense': see worker-chains --help."],
    ['chains', 'Expected chains to be followed by a run, got nothing: see worker-chains chains --help.'],
    ['chains run other', "Unexpected argument 'other': see worker-chains chains --help."],
    ['chains run --limit 1', "Unknown option '--limit': see worker-chains chains --help."],
  ])('refuses in one sentence: %s', async (line, sentence) => {
    expect(await call(line.split(' '))).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });
});

describe('without an AWS that answers', () => {
  const KEYS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'us-east-1' };
  const NOTHING = {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: '1',
  };

  it.each([
    [
      'no service',
      { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      /^Expected AWS to answer at 127\.0\.0\.1:9, got ECONNREFUSED: /,
    ],
    ['no region', { ...NOTHING, ...KEYS, AWS_REGION: '' }, /^Expected a region, got none: /],
    ['no credentials', { ...NOTHING, AWS_REGION: 'us-east-1' }, /^Expected AWS credentials, got none \(/],
  ])('says so in one sentence: %s', async (_, environment, sentence) => {
    const { code, stdout, stderr } = await call(['chains', 'run'], environment);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

describe('a look into the ledger', () => {
  let account: Account;
  let look: (...args: string[]) => Promise<Answer>;

  beforeAll(async () => {
    account = await Account.open({ template: await deployedTemplate() });
    await account.subscribe(1, 200, { malformed: [7] });
    const ids = { first: 1, last: 200 };
    await account.run({ job: 'weekly-digest', ids, chains: 2, rate: 500 }, 'run');
    const { endpoint, region, credentials } = account.engine.client('dynamodb');
    look = (...args) =>
      call(args, {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      });
  });
  afterAll(() => account.close());

  const lines = ({ stdout }: Answer) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('lists what a run left over', async () => {
    const [item, ...others] = lines(await look('leftovers', 'run'));
    expect(others).toEqual([]);
    expect(item).toMatchObject({ id: 7, outcome: 'unprocessed', code: 'InvalidEmail' });
    expect(await look('leftovers', 'run', '--outcome', 'in-doubt')).toMatchObject({ code: 0, stdout: '' });
    expect(await look('leftovers', 'run', '--outcome', 'lost')).toMatchObject({
      code: 2,
      stderr: 'Expected --outcome to be unprocessed or in-doubt, got lost.\n',
    });
  });

  it('lists the chains of a run', async () => {
    expect(lines(await look('chains', 'run'))).toMatchObject([
      { chainId: 0, status: 'finished', claimed: 0 },
      { chainId: 1, status: 'finished', claimed: 0 },
    ]);
  });

  it('says of a parked chain until when', async () => {
    const { ledger } = account;
    const run = await ledger.createRun(aRun({ runId: 'waiting', job: 'weekly-digest' }));
    await ledger.createChains(run);
    const { chain } = await ledger.claimLink({ runId: 'waiting', chainId: 0, epoch: 0, link: 0, owner: 'owner' });
    const parkedUntil = Date.parse('2026-10-25T07:00:00Z');
    await ledger.settle(chain, progressOf(chain), 'parked', { parkedUntil });

    const [parked, planned] = lines(await look('chains', 'waiting'));
    expect(parked).toMatchObject({ chainId: 0, status: 'parked', parkedUntil: '2026-10-25T07:00:00.000Z' });
    expect(planned).not.toHaveProperty('parkedUntil');
  });

  it('changes the rate of a run', async () => {
    expect(lines(await look('rate', 'run', '20'))).toEqual([
      { runId: 'run', before: 500, rate: 20, itemsLeft: 0, hoursNeeded: 0 },
    ]);
    expect((await account.ledger.readRun('run'))?.rate).toBe(20);
    expect((await look('rate', 'run', '-1')).stderr).toMatch(/^(Unknown option '-1'|Expected the items per second)/);
    expect(await look('rate', 'run', 'fast')).toMatchObject({
      code: 2,
      stderr: 'Expected the items per second to be a number from 0 to 1000000, got fast.\n',
    });
  });

  it('changes the rate of all runs at a provider, and shows who takes part in its budget', async () => {
    await account.ledger.budgets.join('ses', {
      ...{ runId: 'backfill', job: 'weekly-digest', heartbeatSeconds: 120, weight: 2, priority: -1, wants: 30 },
      ...{ perSecond: 40, concurrency: null },
    });

    expect(lines(await look('rate', '--provider', 'ses', '20'))).toEqual([
      { provider: 'ses', before: 'default', rate: 20, runs: 1 },
    ]);
    expect(lines(await look('budget', 'ses'))).toEqual([
      { provider: 'ses', rate: 20, perSecond: 20, runs: 1 },
      {
        ...{ runId: 'backfill', job: 'weekly-digest', weight: 2, priority: -1, wants: 30, perSecond: 20 },
        seenAt: expect.stringMatching(/^20/),
      },
    ]);
    expect(lines(await look('rate', '--provider', 'ses', 'default'))).toEqual([
      { provider: 'ses', before: 20, rate: 'default', runs: 1 },
    ]);
    expect(lines(await look('budget', 'ses'))[0]).toEqual({ provider: 'ses', rate: 'default', perSecond: 40, runs: 1 });
    expect(lines(await look('budget', 'crm'))).toEqual([{ provider: 'crm', rate: 'default', runs: 0 }]);
    for (const [args, stderr] of [
      [['rate', '--provider', 'ses'], 'Expected the calls per second to be a number from 0 to 1000000, got nothing.'],
      [
        ['rate', '--provider', 'ses', 'run', '5'],
        'Expected --provider or a run, got both: see worker-chains rate --help.',
      ],
      [['budget'], 'Expected budget to be followed by a provider, got nothing: see worker-chains budget --help.'],
    ] as const) {
      expect(await look(...args)).toEqual({ code: 2, stdout: '', stderr: `${stderr}\n` });
    }
  });

  it('knows of no other runs', async () => {
    expect(await look('chains', 'run', '--stack', 'Other')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--stack to be one of the stacks WorkerChains in us-east-1, got Other'),
    });
    expect(await look('chains', 'nobody')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Expected a run of weekly-digest in the stack WorkerChains, got nobody: worker-chains runs lists them.\n',
    });
  });
});
