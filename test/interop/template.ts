import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChainsDashboard } from '../../cdk/shared-dashboard';
import { synthesize } from '../../local/template/local-template';
import { chainsOf, guestApp, recipientsOf } from '../local/several-jobs';
import { type Checks, referee } from './checks';

/**
 * Has cfn-lint judge the synthesized template. It may find what is listed here and nothing else; and what is ignored on
 * the state machine is looked at, too, so that the exception hides nothing but its reason.
 */

interface Finding {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/**
 * The CDK makes a function depend on its role although the function's reference to the role implies it. Redundant, and
 * not ours.
 */
const REDUNDANT_DEPENDENCY = 'W3005';
/**
 * cfn-lint takes `HeartbeatSeconds` and `TimeoutSeconds` for numbers only. In a state whose query language is JSONata an
 * expression is allowed: the States Language says so, and asl-validator, in the unit tests, checks it.
 */
const STATE_MACHINE_DEFINITION = 'E3601';
const TIMEOUTS_AS_EXPRESSIONS = /^'\{% .* %\}' is not of type 'number' at '.*Seconds'$/;

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; Metadata?: Record<string, unknown> }>>;
}

referee(async (checks) => {
  const directory = mkdtempSync(join(tmpdir(), 'worker-chains-template-'));
  try {
    await synthesize(directory);
    const templates = [
      join(directory, 'WorkerChains.template.json'),
      distributed(join(directory, 'distributed')),
      scheduled(join(directory, 'scheduled')),
    ];
    for (const path of templates) {
      await judge(path, checks);
      await judgeWithoutExceptions(path, checks);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** The same with each chain an execution of its own, which the app of this repository has no setting for. */
function distributed(directory: string): string {
  const app = guestApp(directory, { bundled: false });
  const stack = new Stack(app, 'Distributed');
  chainsOf(stack, 'Chains', recipientsOf(stack), { items: 600, chains: 100, mapMode: 'distributed' });
  app.synth();
  return join(directory, 'Distributed.template.json');
}

/** The same with schedules in time zones, and a dashboard of several jobs. */
function scheduled(directory: string): string {
  const app = guestApp(directory, { bundled: false });
  const stack = new Stack(app, 'Scheduled');
  const chains = chainsOf(stack, 'Chains', recipientsOf(stack), {
    items: 600,
    schedule: undefined,
    schedules: [
      { name: 'berlin', expression: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }), zone: 'Europe/Berlin' },
      {
        name: 'new-york',
        expression: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }),
        zone: 'America/New_York',
        flexible: Duration.minutes(30),
      },
    ],
  });
  new WorkerChainsDashboard(stack, 'Jobs', { jobs: [chains] });
  app.synth();
  return join(directory, 'Scheduled.template.json');
}

async function judge(path: string, checks: Checks): Promise<void> {
  const unexpected = (await lint(path)).filter(({ Rule }) => Rule.Id !== REDUNDANT_DEPENDENCY);
  checks.equal('cfn-lint finds nothing in the template but dependencies stated twice', shown(unexpected), []);
}

async function judgeWithoutExceptions(path: string, checks: Checks): Promise<void> {
  const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
  const excepted = Object.values(template.Resources).filter((resource) => resource.Metadata?.['cfn-lint']);
  checks.equal(
    'one resource has an exception',
    excepted.map(({ Type }) => Type),
    ['AWS::StepFunctions::StateMachine'],
  );
  for (const { Metadata } of excepted) delete Metadata?.['cfn-lint'];
  const bare = `${path}.bare.json`;
  // As CloudFormation substitutes it before Step Functions sees the definition; cfn-lint reads the pattern literally.
  writeFileSync(bare, JSON.stringify(template).replace(/\$\{Partition\}/g, 'aws'));
  const hidden = (await lint(bare)).filter(({ Rule }) => Rule.Id !== REDUNDANT_DEPENDENCY);
  const others = hidden.filter(
    ({ Rule, Message }) => Rule.Id !== STATE_MACHINE_DEFINITION || !TIMEOUTS_AS_EXPRESSIONS.test(Message),
  );
  checks.equal('the exception hides timeouts given as expressions and nothing else', shown(others), []);
  checks.holds(`it is needed: cfn-lint would find ${hidden.length}`, hidden.length > 0, hidden.length);
}

/** What cfn-lint finds; its exit status is made of the same findings. */
function lint(path: string): Promise<readonly Finding[]> {
  return new Promise((resolve, reject) => {
    execFile('cfn-lint', ['--format', 'json', '--', path], { maxBuffer: 2 ** 26 }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Finding[]);
      } catch {
        reject(error ?? new Error(`Expected JSON from cfn-lint, got "${stdout.slice(0, 200)}": run it by hand.`));
      }
    });
  });
}

function shown(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ Rule, Message, Location }) => `${Rule.Id} ${Message} at ${Location.Path?.join('/')}`);
}
