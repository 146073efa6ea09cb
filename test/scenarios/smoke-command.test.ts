import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Failure } from '../../cli/command-line';
import { Template, unbundledApp } from '../cdk/stacks';
import type { Scenario } from './scenario';
import type { ScenarioTarget } from './scenario-target';
import { SCENARIOS } from './scenarios';
import { MONTH_DOLLARS, type SmokeServices, smoke } from './smoke-command';
import { SmokeStack } from './smoke-stack';

const ACCOUNT = '123456789012';
const RIGHT = ['--account', ACCOUNT, '--region', 'eu-west-1', '--sender', 'me@example.com'];
const HOLDS: Scenario = { name: 'it holds', play: async () => {} };
const FAILS: Scenario = { name: 'it fails', play: async () => Promise.reject(new Error('Expected 1, got 2.')) };

/** The command in an account that only notes what is done to it. */
async function smoked(args: readonly string[], given: Partial<SmokeServices> = {}, scenarios = [HOLDS]) {
  const done: string[] = [];
  const said: string[] = [];
  const code = await smoke(
    args,
    {
      identity: async () => ({ account: ACCOUNT, region: 'eu-west-1' }),
      cdk: async (what, region) => void done.push(`${what.join(' ')} in ${region}`),
      open: async ({ account, region }) => ({ name: `account ${account} in ${region}` }) as ScenarioTarget,
      say: (text) => said.push(text),
      ...given,
    },
    scenarios,
  );
  return { code, done, said };
}

const DEPLOYED = 'deploy WorkerChainsSmoke --require-approval never -c sender=me@example.com in eu-west-1';
const DESTROYED = 'destroy WorkerChainsSmoke --force -c sender=me@example.com in eu-west-1';

describe('npm run smoke deploys nothing', () => {
  it('unless account and region are named: it says which, what it would do there and what it costs', async () => {
    expect(await smoked([])).toEqual({
      code: 2,
      done: [],
      said: [
        'Expected --account 123456789012 --region eu-west-1, which says that WorkerChainsSmoke is to be deployed there, got neither: it costs about $0.05 and is destroyed at the end; with --keep it costs up to $5 a month. To do it: npm run smoke -- --account 123456789012 --region eu-west-1 --sender ADDRESS.',
      ],
    });
  });

  it.each([
    [['--account', ACCOUNT], /^Expected --account 123456789012 --region eu-west-1, .* got 123456789012: /],
    [
      ['--account', '210987654321', '--region', 'eu-west-1', '--sender', 'me@example.com'],
      /^Expected --account 123456789012 --region eu-west-1, to which the credentials lead, got --account 210987654321 /,
    ],
    [[...RIGHT, '--region', 'us-east-1'], /got --account 123456789012 --region us-east-1: set AWS_PROFILE/],
    [RIGHT.slice(0, 4), /^Expected --sender to be an address that is verified in SES in eu-west-1, got nothing: /],
    [[...RIGHT, '--yes'], /^Unknown option '--yes': see npm run smoke -- --help\.$/],
    [[...RIGHT, 'now'], /^Unexpected argument 'now'.*: see npm run smoke -- --help\.$/],
    [['--account'], /^Option '--account <value>' argument missing: see npm run smoke -- --help\.$/],
  ])('for %j', async (args, sentence) => {
    const { code, done, said } = await smoked(args);
    expect([code, done, said]).toEqual([2, [], [expect.stringMatching(sentence)]]);
  });

  it('without credentials, in a process of its own: one sentence, exit code 2', async () => {
    const script = join(__dirname, 'smoke.ts');
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_|^HOME$/.test(name)));
    // Where this machine is one of EC2's it is not asked.
    const env = { ...own, HOME: '/nowhere', AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' };
    const ended = await new Promise((done) => {
      execFile(process.execPath, ['--import', 'tsx', script, ...RIGHT], { env }, (error, stdout) =>
        done([error?.code ?? 0, stdout]),
      );
    });
    expect(ended).toEqual([2, expect.stringMatching(/^Expected AWS credentials, got none \(.*\): log in, [^\n]*\n$/)]);
  });
});

describe('npm run smoke', () => {
  it('deploys, plays and destroys, and says which scenarios hold', async () => {
    const { code, done, said } = await smoked(RIGHT);
    expect([code, done]).toEqual([0, [DEPLOYED, DESTROYED]]);
    expect(said.slice(1)).toEqual(['ok it holds', '1 passed, 0 failed on account 123456789012 in eu-west-1']);
  });

  it('plays the others where one fails, and destroys all the same', async () => {
    const { code, done, said } = await smoked(RIGHT, {}, [FAILS, HOLDS]);
    expect([code, done]).toEqual([1, [DEPLOYED, DESTROYED]]);
    expect(said.slice(1)).toEqual([
      'FAILED it fails\n  Expected 1, got 2.',
      'ok it holds',
      '1 passed, 1 failed on account 123456789012 in eu-west-1',
    ]);
  });

  it('destroys what a deployment that failed has left', async () => {
    const done: string[] = [];
    const cdk = async ([what = '']: readonly string[]) => {
      done.push(what);
      if (what === 'deploy') throw new Failure('Expected cdk deploy to succeed, got exit code 1: see above.');
    };
    const { code, said } = await smoked(RIGHT, { cdk });
    expect([code, done]).toEqual([1, ['deploy', 'destroy']]);
    expect(said.at(-1)).toBe('Expected cdk deploy to succeed, got exit code 1: see above.');
  });

  it('leaves the stack with --keep, and says what that costs', async () => {
    const { code, done, said } = await smoked([...RIGHT, '--keep']);
    expect([code, done]).toEqual([0, [DEPLOYED]]);
    expect(said.at(-1)).toMatch(/^WorkerChainsSmoke stays, for up to \$5 a month: .*npx cdk destroy/);
  });

  it('fails where the stack could not be destroyed, and says how it is', async () => {
    const cdk = async ([what]: readonly string[]) => {
      if (what === 'destroy') throw new Failure('no');
    };
    const { code, said } = await smoked(RIGHT, { cdk });
    expect([code, said.at(-1)]).toEqual([1, expect.stringMatching(/may still be there \(no\): .* removes it\.$/)]);
  });

  it('says what only an inbox could show', async () => {
    const { said } = await smoked(RIGHT, {}, [{ ...HOLDS, unseenWithoutInbox: 'there is none' }]);
    expect(said).toContain('   not seen: there is none');
  });

  it('plays the very scenarios that CI plays on the engine', async () => {
    const played: string[] = [];
    const spies = SCENARIOS.map((scenario) =>
      jest.spyOn(scenario, 'play').mockImplementation(async () => void played.push(scenario.name)),
    );
    const cdk = async () => {};
    const open = async () => ({ name: 'a' }) as ScenarioTarget;
    const identity = async () => ({ account: ACCOUNT, region: 'eu-west-1' });
    await smoke(RIGHT, { identity, cdk, open, say: () => {} });
    expect(played).toEqual(SCENARIOS.map(({ name }) => name));
    for (const spy of spies) spy.mockRestore();
  });
});

describe('its stack', () => {
  const stackIn = (app: App) => new SmokeStack(app, { sender: 'me@example.com' });

  it('has no finding of AwsSolutions', () => {
    const app = unbundledApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const silenced = [jest.spyOn(console, 'error'), jest.spyOn(console, 'log')];
    for (const spy of silenced) spy.mockImplementation(() => {});
    stackIn(app);
    expect(() => app.synth()).not.toThrow();
    for (const spy of silenced) spy.mockRestore();
  });

  it('leaves nothing behind, starts nothing by itself, and costs no more than is said', () => {
    const template = Template.fromStack(stackIn(unbundledApp()));
    const resources = Object.values(
      template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string; Properties?: object }>,
    );
    expect(resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')).toEqual([]);
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(0 0 1 1 ? *)', State: 'DISABLED' });
    // CloudWatch: $0.10 per metric of an alarm; KMS: $1 per key; Secrets Manager: $0.40 per secret; a month each.
    const dollars = resources.map(({ Type, Properties = {} }) => {
      if (Type === 'AWS::KMS::Key') return 1;
      if (Type === 'AWS::SecretsManager::Secret') return 0.4;
      const { Metrics = [{ MetricStat: {} }] } = Properties as { Metrics?: { MetricStat?: object }[] };
      return Type === 'AWS::CloudWatch::Alarm' ? 0.1 * Metrics.filter(({ MetricStat }) => MetricStat).length : 0;
    });
    const month = dollars.reduce((a, b) => a + b, 0);
    expect(month).toBeLessThanOrEqual(MONTH_DOLLARS);
    expect(month).toBeGreaterThan(MONTH_DOLLARS - 1);
  });
});
