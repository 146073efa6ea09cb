import { App, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains } from '../../cdk/worker-chains';
import { JobFiles } from './job-files';
import { resourceOf, Template } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());

const SENDER = 'News <news@example.com>';

/** Variables of a function of a job that has this field. */
function environmentWith(field: string, fn: string): Record<string, string> {
  const name = `job-${field.length}`;
  const job = files.write(
    `${name}.ts`,
    `import { defineJob, idRange } from 'worker-chains';
     export default defineJob({ name: '${name}', source: idRange(), load: async () => new Map(), ${field} process: () => {} });`,
  );
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Jobs');
  new WorkerChains(stack, 'Chains', {
    job,
    ids: { first: 1, last: 3 },
    schedule: Schedule.cron({ hour: '9' }),
    mail: { sender: SENDER },
  });
  const [, { Properties }] = resourceOf(Template.fromStack(stack), 'AWS::Lambda::Function', `Chains${fn}`);
  return (Properties as { Environment: { Variables: Record<string, string> } }).Environment.Variables;
}

it('tells who creates a run of a job that warms up its domain what the sender is, and of no other job', () => {
  expect(environmentWith('warmUp: { firstDay: 200 },', 'CreateWorkers')).toMatchObject({ SENDER });
  expect(environmentWith('', 'CreateWorkers')).not.toHaveProperty('SENDER');
  expect(environmentWith('', 'RunChain')).toMatchObject({ SENDER });
});
