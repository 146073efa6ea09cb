import validate from 'asl-validator';
import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { ENVIRONMENT } from '../../functions/contract/names';
import { resourceOf, Template, unbundledApp } from './stacks';

const templates = new Map<string, Template>();

function templateOf(mapMode: WorkerChainsProps['mapMode']): Template {
  const known = templates.get(String(mapMode));
  if (known) return known;
  const stack = new Stack(unbundledApp(), 'Test');
  new WorkerChains(stack, 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    ids: { first: 1, last: 3 },
    schedule: Schedule.rate(Duration.days(1)),
    mapMode,
  });
  const template = Template.fromStack(stack);
  templates.set(String(mapMode), template);
  return template;
}

describe('the template of chains that are executions of their own', () => {
  const template = () => templateOf('distributed');

  it('holds a valid definition whose two Maps are distributed', () => {
    const [, { Properties }] = resourceOf(template(), 'AWS::StepFunctions::StateMachine', 'DigestRunsStateMachine');
    const text = String(Properties.DefinitionString)
      .replaceAll(/\$\{Partition\}/g, 'aws')
      .replaceAll(/\$\{(\w+)\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:$1');
    expect(validate(JSON.parse(text)).errorsText()).toBe('');
    expect(text.match(/"DISTRIBUTED"/g)).toHaveLength(2);
    expect(text).not.toContain('INLINE');
  });

  it('starts no run before the state machine may start executions', () => {
    const [rule] = Object.values(template().findResources('AWS::Events::Rule'));
    expect(rule?.DependsOn).toContainEqual(expect.stringMatching(/^DigestRunChildren/));
  });

  it('tells CreateWorkers that there may be more chains', () => {
    const [, { Properties }] = resourceOf(template(), 'AWS::Lambda::Function', 'DigestCreateWorkers');
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    expect(Variables[ENVIRONMENT.mapMode]).toBe('distributed');
  });
});

it('is what it always was for chains that are iterations', () => {
  expect(templateOf('inline').toJSON()).toEqual(templateOf(undefined).toJSON());
  expect(JSON.stringify(templateOf('inline').toJSON())).not.toMatch(/DISTRIBUTED|MAP_MODE|mapRun|RunChildren/);
});
