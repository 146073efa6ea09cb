import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { surroundingsOf } from '../../cli/dev/endpoints';
import { routes } from '../../cli/routes';
import packageJson from '../../package.json';
import { aRun } from '../functions/chain/fixture';
import { progressOf } from '../functions/ledger/ledger-world';
import { Account, deployedTemplate } from '../local/whole-run';
import { type Answer, called } from './called';
import { PROJECT } from './dev/started';
import { heard, said } from './in-process';

const call = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  called(args, { environment });

const COMMANDS = [...routes.getAllEntries()].map(({ name }) => name['convert-camel-to-kebab']);

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('worker-chains', () => {
  it.each([[[]], [['--help']]])('explains itself: %j', async (args) => {
    const { code, stdout, stderr } = await call(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(COMMANDS).toEqual([
      'dev',
      'plan',
      'preview',
      'templates',
      'doctor',
      'page',
      'watch',
      'report',
      'runs',
      'show',
      'item',
      'leftovers',
      'feedback',
      'recipient',
      'compare',
      'start',
      'stop',
      'resume',
      'pause',
      'tune',
      'retry',
      'budget',
      'completion',
    ]);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} +\\S`, 'm'));
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it.each(COMMANDS)('explains %s', async (command) => {
    const { code, stdout, stderr } = await said([command, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`  worker-chains ${command} `);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it.each([
    ['constructor', 'Expected a command, got constructor: see npx worker-chains --help.'],
    ['leftovrs', 'Expected a command, got leftovrs: perhaps leftovers, or see npx worker-chains --help.'],
    ['--nonsense', 'Expected a command, got --nonsense: see npx worker-chains --help.'],
    ['leftovers', 'Expected leftovers to be followed by RUN, got nothing: see npx worker-chains leftovers --help.'],
    ['leftovers run other', "Unexpected argument 'other': see npx worker-chains leftovers --help."],
    ['leftovers run --nonsense 1', "Unknown option '--nonsense': see npx worker-chains leftovers --help."],
    ['leftovers run --limit=', 'Expected --limit to be a whole number from 1 to 1000, got nothing.'],
    ['leftovers run --limit 1001', 'Expected --limit to be a whole number from 1 to 1000, got 1001.'],
    ['leftovers run --limit 0', 'Expected --limit to be a whole number from 1 to 1000, got 0.'],
    ['leftovers run --outcome lost', 'Expected --outcome to be unprocessed or in-doubt, got lost.'],
    [
      'feedback run --kind lost',
      'Expected --kind to be accepted, bounced, soft-bounced, complained, rejected or delayed, got lost.',
    ],
    ['recipient', 'Expected recipient to be followed by ADDRESS, got nothing: see npx worker-chains recipient --help.'],
    ['budget', 'Expected budget to be followed by PROVIDER, got nothing: see npx worker-chains budget --help.'],
    ['tune', 'Expected tune to be followed by RUN or by --provider, got neither: see npx worker-chains tune --help.'],
    [
      'tune run --provider ses',
      'Expected tune to be followed by RUN or by --provider, got both: see npx worker-chains tune --help.',
    ],
    ['tune run', 'Expected --rate to say the items per second, got nothing: for example --rate 20.'],
    ['tune run --rate -1', 'Expected --rate to be a number from 0 to 1000000, got -1.'],
    ['tune run --rate fast', 'Expected --rate to be a number from 0 to 1000000, got fast.'],
    ['budget ', 'Expected budget to be followed by PROVIDER, got nothing: see npx worker-chains budget --help.'],
    ['show ', 'Expected show to be followed by RUN, got nothing: see npx worker-chains show --help.'],
    [
      'show run --stack=',
      'Expected --stack to be followed by a value, got nothing: see npx worker-chains show --help.',
    ],
    [
      'report run --html=',
      'Expected --html to be followed by a value, got nothing: see npx worker-chains report --help.',
    ],
    [
      'report run --html a --csv ./a',
      'Expected --html and --csv to be two files, got a for both: name another for one of them.',
    ],
    ['page ', 'Expected page to be followed by RUN, got nothing: see npx worker-chains page --help.'],
    ['start --name=', 'Expected --name to be followed by a value, got nothing: see npx worker-chains start --help.'],
    ['start --rate 0', 'Expected --rate to be a number above 0, up to 1000000, got 0.'],
    ['retry run --rate -0.5', 'Expected --rate to be a number above 0, up to 1000000, got -0.5.'],
    [
      'start --items 1-5 --input {"ids":[1,2,3]}',
      'Expected --items or ids in --input, got both: leave out one of them.',
    ],
    ['start --rate 5 --input {"rate":7}', 'Expected --rate or rate in --input, got both: leave out one of them.'],
    ['completion fish', 'Expected the shell to be bash or zsh, got fish.'],
  ])('refuses in one sentence: %s', async (line, sentence) => {
    expect(await said(line.split(' '))).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it.each(['a\tb', 'a/b', '*', 'x'.repeat(81)])('refuses a name that no execution can have: %j', async (name) => {
    const { code, stdout, stderr } = await said(['start', `--name=${name}`]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^Expected --name to be 1 to 80 characters without white space, brackets and any of .*, got \S+( of 81 characters)?: for example --name monday\.\n$/,
    );
  });

  it.each(['--version', '-v'])('tells its version: %s', async (flag) => {
    expect(await said([flag])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  it('prints a script with which a shell completes commands, options and their values', async () => {
    const { stdout: script } = await call(['completion', 'bash']);
    expect(script).toContain('complete -o default -F _worker_chains worker-chains');
    const typed = `${script}
worker-chains() { "$NODE" --import tsx cli/main.ts "$@"; }
for line in 'worker-chains left' 'worker-chains leftovers RUN --outcome in'; do
  COMP_WORDS=($line); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _worker_chains; echo "\${COMPREPLY[*]}"
done`;
    const env = { ...process.env, NODE: process.execPath };
    expect(execFileSync('bash', ['-c', typed], { cwd: PROJECT, env, encoding: 'utf8' })).toBe('leftovers\nin-doubt\n');
  });

  it('prints one for zsh, too, which proposes what follows and leaves files to zsh', async () => {
    const { stdout: script } = await call(['completion', 'zsh']);
    // What zsh has only while somebody types: it is told what was typed, and says what it is given to propose.
    const typed = `compdef() { print "$1 completes $2"; }
compadd() { shift; print -l -- "$@"; }
_files() { print files; }
${script}
worker-chains() { "$NODE" --import tsx cli/main.ts "$@"; }
words=(worker-chains left); CURRENT=2; _worker_chains
words=(worker-chains leftovers RUN --outcome in); CURRENT=5; _worker_chains
words=(worker-chains report RUN --html ''); CURRENT=5; _worker_chains`;
    const env = { ...process.env, NODE: process.execPath };
    expect(execFileSync('zsh', ['-f', '-c', typed], { cwd: PROJECT, env, encoding: 'utf8' })).toBe(
      '_worker_chains completes worker-chains\nleftovers\nin-doubt\nfiles\n',
    );
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
    const { code, stdout, stderr } = await call(['show', 'run'], environment);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

describe('a look into the ledger', () => {
  let account: Account;
  let environment: Readonly<Record<string, string>>;
  const before = { ...process.env };
  let look: (...args: string[]) => Promise<Answer>;

  beforeAll(async () => {
    account = await Account.open({ template: await deployedTemplate() });
    await account.subscribe(1, 200, { malformed: [7] });
    const ids = { first: 1, last: 200 };
    await account.run({ job: 'weekly-digest', ids, chains: 2, rate: 500 }, 'run');
    environment = surroundingsOf(account.engine);
    Object.assign(process.env, environment);
    look = (...args) => heard(args);
  });
  afterAll(async () => {
    process.env = before;
    await account.close();
  });

  const lines = ({ stdout }: Answer) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('lists what a run left over', async () => {
    const [item, ...others] = lines(await look('leftovers', 'run', '--json'));
    expect(others).toEqual([]);
    expect(item).toMatchObject({ id: 7, outcome: 'unprocessed', code: 'InvalidEmail' });
    const { stdout } = await look('leftovers', 'run');
    expect(stdout).toMatch(
      /^item +outcome +code +message +chain +at\n7 +unprocessed +InvalidEmail +\S.* +\d +20\S+Z\n$/,
    );
    expect(await look('leftovers', 'run', '--outcome', 'in-doubt')).toMatchObject({ code: 0, stdout: 'None.\n' });
  });

  it('says of a parked chain until when', async () => {
    const { ledger } = account;
    const run = await ledger.createRun(aRun({ runId: 'waiting', job: 'weekly-digest' }));
    await ledger.createChains(run);
    const { chain } = await ledger.claimLink({ runId: 'waiting', chainId: 0, epoch: 0, link: 0, owner: 'owner' });
    const parkedUntil = Date.parse('2026-10-25T07:00:00Z');
    await ledger.settle(chain, progressOf(chain), 'parked', { parkedUntil });

    const [, parked, planned] = lines(await look('show', 'waiting', '--json'));
    expect(parked).toMatchObject({ chainId: 0, status: 'parked', parkedUntil: '2026-10-25T07:00:00.000Z' });
    expect(planned).not.toHaveProperty('parkedUntil');
    expect((await look('show', 'waiting')).stdout).toMatch(/^ +0 +parked .* until 2026-10-25T07:00:00Z$/m);
  });

  it('changes the rate of a run', async () => {
    expect(lines(await look('tune', 'waiting', '--rate', '20', '--json'))).toEqual([
      { runId: 'waiting', before: 1000, rate: 20, itemsLeft: 100, hoursNeeded: 0 },
    ]);
    expect((await account.ledger.readRun('waiting'))?.rate).toBe(20);
    expect(await look('tune', 'run', '--rate', '20')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Expected run to be unfinished, got one that is through with all its items: there is nothing to tune.\n',
    });
  });

  it('speaks of items a second where a permit is for a chunk of them', async () => {
    const { ledger } = account;
    const run = aRun({ runId: 'chunks', job: 'weekly-digest', rate: 4, itemsPerPermit: 25 });
    await ledger.createChains(await ledger.createRun(run));

    expect(lines(await look('show', 'chunks', '--json'))[0]).toMatchObject({ rate: 100 });
    expect((await look('show', 'chunks')).stdout).toMatch(/^100 items\/s, /m);
    expect(lines(await look('tune', 'chunks', '--rate', '50', '--json'))).toEqual([
      expect.objectContaining({ before: 100, rate: 50 }),
    ]);
    expect((await ledger.readRun('chunks'))?.rate).toBe(2);
    expect(lines(await look('compare', 'chunks', 'waiting', '--json'))).toContainEqual(
      expect.objectContaining({ runId: 'chunks', rate: 50 }),
    );
  });

  it('changes the rate of all runs at a provider, and shows who takes part in its budget', async () => {
    await account.ledger.budgets.join('ses', {
      ...{ runId: 'backfill', job: 'weekly-digest', heartbeatSeconds: 120, weight: 2, priority: -1, wants: 30 },
      ...{ perSecond: 40, concurrency: null },
    });

    expect(lines(await look('tune', '--provider', 'ses', '--rate', '20', '--json'))).toEqual([
      { provider: 'ses', before: 'default', rate: 20, runs: 1 },
    ]);
    expect(lines(await look('budget', 'ses', '--json'))).toEqual([
      { provider: 'ses', rate: 20, perSecond: 20, runs: 1 },
      {
        ...{ runId: 'backfill', job: 'weekly-digest', weight: 2, priority: -1, wants: 30, perSecond: 20 },
        seenAt: expect.stringMatching(/^20/),
      },
    ]);
    expect(lines(await look('tune', '--provider', 'ses', '--rate', 'default', '--json'))).toEqual([
      { provider: 'ses', before: 20, rate: 'default', runs: 1 },
    ]);
    expect(lines(await look('budget', 'ses', '--json'))[0]).toEqual({
      provider: 'ses',
      rate: 'default',
      perSecond: 40,
      runs: 1,
    });
    expect(lines(await look('budget', 'crm', '--json'))).toEqual([{ provider: 'crm', rate: 'default', runs: 0 }]);
    expect((await look('budget', 'ses')).stdout).toMatch(/^ses: rate default, 40\/s for all runs together\.\nrun +job/);
  });

  it('ends quietly when whoever reads its output goes away', async () => {
    const command = `"$NODE" --import tsx cli/main.ts leftovers run | true; echo "\${PIPESTATUS[0]}"`;
    const env = { ...process.env, ...environment, NODE: process.execPath };
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command], { cwd: PROJECT, env });
    expect([stdout, stderr]).toEqual(['141\n', '']);
  });

  it.each(['-x', 'a(b)', `${'x'.repeat(3000)}`, 'a\nb', 'a b', 'arn:aws:states:x'])(
    'says on one line that it does not know a run: %j',
    async (run) => {
      const { code, stdout, stderr } = await look('show', '--', run);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^Expected [^\n]{1,300}\.\n$/);
    },
  );

  it('prints a rate without the digits that arithmetic leaves behind, and keeps it as it was set', async () => {
    const { ledger } = account;
    const run = aRun({ runId: 'noise', job: 'weekly-digest', rate: 0.132, itemsPerPermit: 25 });
    await ledger.createChains(await ledger.createRun(run));
    expect(lines(await look('show', 'noise', '--json'))[0]).toMatchObject({ rate: 3.3 });
    expect((await look('tune', 'noise', '--rate', '0.7')).stdout).toMatch(/^noise: 0\.7\/s instead of 3\.3\/s; /);
    expect((await ledger.readRun('noise'))?.rate).toBe(0.7 / 25);
  });

  it('forecasts by what the provider allows where that is less than the rate', async () => {
    const { ledger } = account;
    const run = aRun({ runId: 'bounded', job: 'weekly-digest', providers: [{ name: 'crm', perSecond: 0.5 }] });
    await ledger.createChains(await ledger.createRun(run));
    expect((await look('tune', 'bounded', '--rate', '1000')).stdout).toMatch(
      /^bounded: 1000\/s instead of 1000\/s; 100 items are left, about 3 min at the 0\.5\/s that its provider allows it\.\n/,
    );
    expect(lines(await look('tune', 'bounded', '--rate', '0.2512345', '--json'))).toEqual([
      { runId: 'bounded', before: 1000, rate: 0.2512345, itemsLeft: 100, hoursNeeded: 0.11 },
    ]);
  });

  it('knows of no other runs', async () => {
    expect(await look('show', 'run', '--stack', 'Other')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--stack to be one of the stacks WorkerChains in us-east-1, got Other'),
    });
    expect(await look('show', 'nobody')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Expected a run of weekly-digest in the stack WorkerChains, got nobody: npx worker-chains runs --stack WorkerChains --job weekly-digest lists them.\n',
    });
  });
});
