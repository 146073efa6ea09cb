import validate from 'asl-validator';
import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { ENVIRONMENT } from '../../functions/contract/names';
import { resourceOf, Template, unbundledApp } from './stacks';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const templates = new Map<string, Template>();

function templateOf(mapMode: WorkerChainsProps['mapMode']): Template {
  const known = templates.get(String(mapMode));
  if (known) return known;
  const stack = new Stack(unbundledApp(), 'Test');
  const chains = new WorkerChains(stack, 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    schedule: Schedule.rate(Duration.days(1)),
    mapMode,
  });
  chains.grantWatch(new Role(stack, 'Watcher', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  const template = Template.fromStack(stack);
  templates.set(String(mapMode), template);
  return template;
}

const arn = (kind: string, rest: string) => `arn:AWS::Partition:states:AWS::Region:AWS::AccountId:${kind}:${rest}`;

/** A resource of a statement without the CDK's hashes. */
function written(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resource as Record<string, unknown>;
  const unhashed = (id: string) => id.replace(/^Digest/, '').replace(/[0-9A-F]{8}$/, '');
  if (typeof Ref === 'string') return unhashed(Ref);
  if (Array.isArray(attribute)) return unhashed(String(attribute[0]));
  return (join as [string, unknown[]])[1].map(written).join('');
}

/** What a role may do at Step Functions: the actions, by what they may be done to. */
function statesOf(template: Template, role: string): Record<string, string[]> {
  const [roleId] = resourceOf(template, 'AWS::IAM::Role', role);
  const permissions: Record<string, string[]> = {};
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    if (!Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === roleId)) continue;
    for (const { Action, Resource } of Properties.PolicyDocument.Statement as Statement[]) {
      for (const action of [Action].flat().filter((name) => name.startsWith('states:'))) {
        for (const resource of [Resource].flat().map(written)) {
          permissions[resource] = [...(permissions[resource] ?? []), action].sort();
        }
      }
    }
  }
  return permissions;
}

const MACHINE = 'RunsStateMachine';
const EXECUTIONS = arn('execution', `${MACHINE}:*`);
const childrenOf = (label: string) => arn('execution', `${MACHINE}/${label}:*`);
const ANSWER = ['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'];

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

  it('lets the state machine start, look at, stop and redrive executions of itself, and nothing else', () => {
    const children = ['states:DescribeExecution', 'states:RedriveExecution', 'states:StopExecution'];
    expect(statesOf(template(), 'DigestRunsRole')).toEqual({
      [MACHINE]: ['states:StartExecution'],
      [EXECUTIONS]: ['states:DescribeExecution', 'states:StopExecution'],
      [childrenOf('RunChains')]: children,
      [childrenOf('FinishChains')]: children,
    });
  });

  it('starts no run before the state machine may start executions', () => {
    const [rule] = Object.values(template().findResources('AWS::Events::Rule'));
    expect(rule?.DependsOn).toContainEqual(expect.stringMatching(/^DigestRunChildren/));
  });

  it('lets the links answer tasks of the state machine and of its labels', () => {
    const tasks = [MACHINE, `${MACHINE}/RunChains`, `${MACHINE}/FinishChains`];
    expect(statesOf(template(), 'DigestRunChainRole')).toEqual({
      ...Object.fromEntries(tasks.map((task) => [task, ANSWER])),
      [EXECUTIONS]: ['states:DescribeExecution'],
    });
    expect(statesOf(template(), 'DigestFailChainRole')).toEqual(
      Object.fromEntries(tasks.map((task) => [task, ['states:SendTaskFailure']])),
    );
  });

  it('lets a watcher look into Map Runs and their executions', () => {
    const look = [
      'states:DescribeExecution',
      'states:DescribeStateMachineForExecution',
      'states:GetExecutionHistory',
      'states:ListMapRuns',
    ];
    const mapRuns = ['states:DescribeMapRun', 'states:ListExecutions'];
    expect(statesOf(template(), 'Watcher')).toEqual({
      '*': ['states:ListStateMachines'],
      [MACHINE]: ['states:DescribeStateMachine', 'states:ListExecutions', 'states:ListTagsForResource'],
      [EXECUTIONS]: look,
      [childrenOf('RunChains')]: look,
      [childrenOf('FinishChains')]: look,
      [arn('mapRun', `${MACHINE}/RunChains:*`)]: mapRuns,
      [arn('mapRun', `${MACHINE}/FinishChains:*`)]: mapRuns,
    });
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
