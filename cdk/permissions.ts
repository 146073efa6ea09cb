import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/**
 * A policy of its own, attached to the function's role. A function waits for its role's default policy; a permission on
 * the function itself, or on the state machine that refers to it, would therefore be a dependency cycle there.
 */
export function attachPolicy(
  scope: Construct,
  id: string,
  fn: IFunction,
  statements: readonly { readonly actions: readonly string[]; readonly resource: string }[],
): iam.Policy {
  return new iam.Policy(scope, id, {
    roles: [fn.role!],
    statements: statements.map(
      ({ actions, resource }) => new iam.PolicyStatement({ actions: [...actions], resources: [resource] }),
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

/** Lets cdk-nag know that `policy` names executions by a wildcard, and why. */
export function acknowledgeExecutions(policy: iam.Policy, stateMachine: StateMachine): void {
  const name = `<${Stack.of(stateMachine).getLogicalId(stateMachine.node.defaultChild as CfnStateMachine)}.Name>`;
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}:*]`,
    reason: 'The executions of this state machine have no narrower common name.',
  });
}

/** Sending quotas belong to the account and region: IAM has no narrower resource for them. */
export function permitSendQuota(fn: IFunction): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['ses:GetSendQuota'], resources: ['*'] }));
  acknowledgeAnyResource(fn.role!, 'ses:GetSendQuota has no resource-level permissions.');
}

/** Lets cdk-nag know why the role's policy has a statement for any resource. */
export function acknowledgeAnyResource(role: iam.IRole, reason: string): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
}
