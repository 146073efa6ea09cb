import { App, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { JobFiles } from './job-files';
import { Template } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());

function jobWith(name: string, providers: string): string {
  return files.write(
    `${name}.ts`,
    `import { defineJob, idRange, ses } from 'worker-chains';
     export default defineJob({
       name: '${name}',
       source: idRange(),
       load: async () => new Map(),
       ${providers}
       process: () => ses,
     });`,
  );
}

function stackOf(job: string, props: Partial<WorkerChainsProps> = {}): Stack {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Jobs');
  new WorkerChains(stack, 'Chains', {
    job,
    ids: { first: 1, last: 3 },
    schedule: Schedule.cron({ hour: '9' }),
    ...props,
  });
  return stack;
}

/** Every action of every policy that has to do with SES. */
function mailActions(stack: Stack): string[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const actions = Object.values(policies).flatMap(({ Properties }) =>
    (Properties.PolicyDocument.Statement as { readonly Action: string | string[] }[]).flatMap(({ Action }) => Action),
  );
  return actions.filter((action) => action.startsWith('ses:'));
}

const mail = { sender: 'digest@example.com' };

it('allows a job without ses() nothing of SES', () => {
  expect(mailActions(stackOf(jobWith('crm-sync', 'providers: { crm: { rate: 50 } },')))).toEqual([]);
});

it('allows a job with ses() to send, and to read the quota, wherever among its providers it stands', () => {
  const job = jobWith('crm-and-mail', 'providers: { crm: { rate: 50 }, mail: ses() },');

  expect(mailActions(stackOf(job, { mail })).sort()).toEqual([
    'ses:GetSendQuota',
    'ses:GetSendQuota',
    'ses:SendRawEmail',
  ]);
});

it('lets a job that names no providers be without a sender, as long as it does not send', () => {
  expect(mailActions(stackOf(jobWith('silent', '')))).toEqual(['ses:GetSendQuota', 'ses:GetSendQuota']);
});

it.each([
  [
    'providers: { crm: { rate: 50 } },',
    { mail },
    'Expected no `mail` for the job refused, whose `providers` have no ses(), got one: leave it out, or add `mail: ses()` to them.',
  ],
  [
    'providers: { crm: { rate: 50 } },',
    { sendShare: 0.5 },
    "Expected no `sendShare` for the job refused, whose `providers` have no ses(), got one: leave it out, or give a provider's `reserve`.",
  ],
  [
    'providers: { mail: ses() },',
    {},
    'Expected `mail` for the job refused, whose `providers` have ses(), got nothing: say who the `sender` of its mails is.',
  ],
] as const)('refuses in one sentence what does not fit: %s %j', (providers, props, sentence) => {
  const own = new JobFiles();
  const job = own.write(
    'refused.ts',
    `import { defineJob, idRange, ses } from 'worker-chains';
     export default defineJob({
       name: 'refused', source: idRange(), load: async () => new Map(), ${providers} process: () => ses,
     });`,
  );

  expect(() => stackOf(job, props)).toThrow(sentence);
  own.remove();
});
