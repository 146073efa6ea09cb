import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains } from '../../cdk/worker-chains';
import { JobFiles } from './job-files';

/** Three jobs, each in a file outside of the repository, in two stacks of one app, bundled for real. */
const files = new JobFiles();
const WORDS = { monday: 'good morning', friday: 'see you', sunday: 'sleep well' };
const JOBS = Object.keys(WORDS) as (keyof typeof WORDS)[];
/** Bundle of a function, by `<job> <function>`. */
const bundles = new Map<string, string>();
/** `Monday.RunChain` and so on. */
const bundleOf = (job: string, name: string) => bundles.get(`${job} ${name}`) as string;

beforeAll(() => {
  const app = new App({ outdir: join(files.directory, 'cdk.out') });
  const early = new Stack(app, 'Early');
  const late = new Stack(app, 'Late');
  const schedule = Schedule.cron({ hour: '9', minute: '0' });
  for (const job of JOBS) {
    new WorkerChains(job === 'monday' ? early : late, job, {
      ...{ job: files.writeJob(job, WORDS[job]), ids: { first: 1, last: 3 }, schedule },
    });
  }
  const assembly = app.synth();
  for (const { template } of assembly.stacks) {
    for (const [id, { Type, Properties }] of Object.entries<{ Type: string; Properties: Properties }>(
      template.Resources,
    )) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const [, job, name] = /^([a-z]+)([A-Za-z]+)[0-9A-F]{8}$/.exec(id) ?? [];
      const directory = `asset.${Properties.Code.S3Key.replace('.zip', '')}`;
      bundles.set(`${job} ${name}`, join(assembly.directory, directory, 'index.mjs'));
    }
  }
});
afterAll(() => files.remove());

interface Properties {
  readonly Code: { readonly S3Key: string };
}

it.each(JOBS)('gives the functions of %s its own job and nobody else’s', (job) => {
  const code = readFileSync(bundleOf(job, 'RunChain'), 'utf8');
  for (const other of JOBS) expect([other, code.includes(WORDS[other])]).toEqual([other, other === job]);
});

it('gives every job the same FailChain and ShowRuns, which know of none, and nothing else of a run in common', () => {
  const directories = (name: string) => new Set(JOBS.map((job) => bundleOf(job, name))).size;
  for (const name of ['FailChain', 'LastRunsShowRuns']) expect([name, directories(name)]).toEqual([name, 1]);
  for (const name of ['CreateWorkers', 'RunChain', 'ReconcileRun']) expect(directories(name)).toBe(3);
  expect(readFileSync(bundleOf('monday', 'FailChain'), 'utf8')).not.toContain(WORDS.monday);
});

it('gives a job the modules of the functions, not a second copy of them', () => {
  for (const name of ['CreateWorkers', 'RunChain', 'ReconcileRun']) {
    expect(readFileSync(bundleOf('monday', name), 'utf8').match(/worker-chains\.maker/g)).toHaveLength(1);
  }
});

it('refuses a run of any job but the function’s own', () => {
  const call = `
    const { handler } = await import(${JSON.stringify(bundleOf('friday', 'CreateWorkers'))});
    const event = { executionArn: 'arn', executionName: 'run', input: { job: 'monday', ids: [1] } };
    await handler(event).catch(({ name, message }) => console.log(JSON.stringify({ name, message })));
  `;
  const environment = { LEDGER_TABLE: 'x', HEARTBEAT_SECONDS: '60', LINK_SECONDS: '60', SEND_SHARE: '1' };
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', call], {
    env: { ...process.env, ...environment, AWS_REGION: 'us-east-1' },
    encoding: 'utf8',
    // With another job it would go on, and ask services that are not there.
    timeout: 20_000,
  });
  expect(JSON.parse(printed)).toEqual({
    name: 'Run.InvalidInput',
    message:
      'Expected `job` to be "friday", the job of this state machine, got "monday": start the execution in the state machine of that job.',
  });
});
