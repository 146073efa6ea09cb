import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';

/**
 * A policy of its own, attached to the function's role. A function waits for its role's default policy; a permission on
 * the function itself, or on the state machine that refers to it, would therefore be a dependency cycle there.
 */
export function attachPolicy(
  scope: Construct,
  id: string,
  fn: IFunction,
  statements: readonly PolicyPart[],
): iam.Policy {
  return policyOf(scope, id, fn.role!, statements);
}

/** Actions on one resource or on several. */
export interface PolicyPart {
  readonly actions: readonly string[];
  readonly resource: string | readonly string[];
}

function policyOf(scope: Construct, id: string, role: iam.IRole, statements: readonly PolicyPart[]): iam.Policy {
  return new iam.Policy(scope, id, {
    roles: [role],
    statements: statements.map(
      ({ actions, resource }) => new iam.PolicyStatement({ actions: [...actions], resources: [resource].flat() }),
    ),
  });
}

/** Every execution of a state machine. IAM knows executions only by the state machine's name and a wildcard. */
export function executionsOf(stateMachine: StateMachine): string {
  return Stack.of(stateMachine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Every execution that a Map Run of this label has started, or, with `resource: 'mapRun'`, every such Map Run. */
export function childrenOf(
  stateMachine: StateMachine,
  label: string,
  resource: 'execution' | 'mapRun' = 'execution',
): string {
  return Stack.of(stateMachine).formatArn({
    service: 'states',
    resource,
    resourceName: `${stateMachine.stateMachineName}/${label}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/**
 * The state machine, as whoever answers a task of its names it. Whether IAM knows a task in a child execution by the
 * state machine's name alone, or by the label behind it as well, AWS does not say: both are allowed.
 */
export function tasksOf(stateMachine: StateMachine, labels: readonly string[]): readonly string[] {
  const { stateMachineArn } = stateMachine;
  return [stateMachineArn, ...labels.map((label) => `${stateMachineArn}/${label}`)];
}

/**
 * What a state machine must be allowed to run Map Runs: to start executions of itself, to look at them, to stop them, and
 * to redrive them ("IAM policies for using Distributed Map states"). A policy of its own, because the state machine
 * waits for its role's default policy. Undefined where there are no such Maps.
 */
export function permitMapRuns(scope: Construct, stateMachine: StateMachine, labels: readonly string[]) {
  if (labels.length === 0) return undefined;
  const children = labels.map((label) => childrenOf(stateMachine, label));
  const policy = policyOf(scope, 'RunChildren', stateMachine.role, [
    { actions: ['states:StartExecution'], resource: stateMachine.stateMachineArn },
    {
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      // AWS's example has the first, in which a child's name does not fit.
      resource: [executionsOf(stateMachine), ...children],
    },
    { actions: ['states:RedriveExecution'], resource: children },
  ]);
  acknowledgeExecutions(policy, stateMachine, labels);
  return policy;
}

/**
 * Allows the function behind the queue of feedback to stop the executions of a job, and to see whether they have ended. With
 * the job, and not with the function, which may stand in another stack that knows nothing of this one.
 */
export function permitReactions(scope: Construct, fn: IFunction, stateMachine: StateMachine): void {
  const actions = ['states:DescribeExecution', 'states:StopExecution'];
  const policy = attachPolicy(scope, 'StopForFeedback', fn, [{ actions, resource: executionsOf(stateMachine) }]);
  acknowledgeExecutions(policy, stateMachine);
}

/** Lets cdk-nag know that `policy` names executions by a wildcard, and why. */
export function acknowledgeExecutions(
  policy: iam.Policy,
  stateMachine: StateMachine,
  labels: readonly string[] = [],
): void {
  const name = `<${Stack.of(stateMachine).getLogicalId(stateMachine.node.defaultChild as CfnStateMachine)}.Name>`;
  for (const executions of [name, ...labels.map((label) => `${name}/${label}`)]) {
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${executions}:*]`,
      reason: 'The executions of this state machine have no narrower common name.',
    });
  }
}

/** Sending quotas belong to the account and region: IAM has no narrower resource for them. */
export function permitSendQuota(fn: IFunction): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['ses:GetSendQuota'], resources: ['*'] }));
  acknowledgeAnyResource(fn.role!, 'ses:GetSendQuota has no resource-level permissions.');
}

/** Lets cdk-nag know why who reads and writes what a key encrypts has two families of actions on it. */
export function acknowledgeKeyFamilies({ grantPrincipal }: iam.IGrantable): void {
  if (!Construct.isConstruct(grantPrincipal)) return;
  for (const family of ['kms:GenerateDataKey*', 'kms:ReEncrypt*']) {
    Validations.of(grantPrincipal).acknowledge({
      id: `AwsSolutions-IAM5[Action::${family}]`,
      reason:
        'DynamoDB uses the key with whichever action of the family it needs, on behalf of who uses the table; on this key only.',
    });
  }
}

/** Lets cdk-nag know why the policy, or that of the role, has a statement for any resource. */
export function acknowledgeAnyResource(role: IConstruct, reason: string): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
}
