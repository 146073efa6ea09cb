import { readFileSync } from 'node:fs';
import { Aws, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type MapMode, MOST_CHAINS } from '../functions/contract/map-mode';
import { TAGS } from '../functions/contract/names';
import { distributedDefinition, labelsOf } from './distributed-definition';
import { DEFINITION_FILE } from './package-files';
import { acknowledgeAnyResource } from './permissions';

export interface RunsProps {
  /** Name of the job. */
  readonly job: string;
  readonly ledgerTable: ITable;
  readonly createWorkers: IFunction;
  readonly runChain: LambdaFunction;
  readonly judgeCanary: IFunction;
  readonly reconcileRun: IFunction;
  readonly mapMode: MapMode;
  readonly tracing: boolean;
  readonly logLevel: sfn.LogLevel;
  readonly includeExecutionData: boolean;
  readonly logRetention: logs.RetentionDays;
}

/** The state machine of `statemachine/worker-chains.asl.json`: each execution is a run. */
export class Runs extends Construct {
  readonly stateMachine: sfn.StateMachine;
  /** Under which its chains are executions, with `mapMode: 'distributed'`; otherwise none. */
  readonly labels: readonly string[];

  constructor(scope: Construct, id: string, props: RunsProps) {
    super(scope, id);
    const committed = readFileSync(DEFINITION_FILE, 'utf8');
    const isDistributed = props.mapMode === 'distributed';
    this.labels = isDistributed ? labelsOf(committed) : [];
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [props.createWorkers, props.runChain, props.judgeCanary, props.reconcileRun].map(
          (fn) => fn.functionArn,
        ),
      }),
    );
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      stateMachineType: sfn.StateMachineType.STANDARD,
      // Inlined: an asset would be out of sight of cfn-lint and of the embedded engine.
      definitionBody: sfn.DefinitionBody.fromString(
        isDistributed ? distributedDefinition(committed, MOST_CHAINS.distributed) : committed,
      ),
      definitionSubstitutions: {
        // The resources of its Task states are ARNs, too, and begin otherwise in China and in GovCloud.
        Partition: Aws.PARTITION,
        CreateWorkersFunctionArn: props.createWorkers.functionArn,
        RunChainFunctionArn: props.runChain.functionArn,
        JudgeCanaryFunctionArn: props.judgeCanary.functionArn,
        ReconcileRunFunctionArn: props.reconcileRun.functionArn,
      },
      role,
      tracingEnabled: props.tracing,
      logs: {
        // Under this prefix log delivery needs no entry of its own in the account's size-limited resource policy.
        destination: new logs.LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 80, separator: '-' })}`,
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: props.logLevel,
        includeExecutionData: props.includeExecutionData,
      },
    });
    this.acknowledgeFindings(role, props);
    // cfn-lint takes HeartbeatSeconds and TimeoutSeconds for numbers only; in JSONata states an expression is allowed.
    // The definition is checked by asl-validator instead, in test/cdk/run-state-machine.test.ts.
    const resource = this.stateMachine.node.defaultChild as sfn.CfnStateMachine;
    resource.addMetadata('cfn-lint', { config: { ignore_checks: ['E3601'] } });
    const tags = {
      [TAGS.stack]: Stack.of(this).stackName,
      [TAGS.job]: props.job,
      [TAGS.ledger]: props.ledgerTable.tableName,
      [TAGS.chainFunction]: props.runChain.functionName,
      [TAGS.chainLogs]: props.runChain.logGroup.logGroupName,
    };
    // Of the resource itself: an aspect would tag the log group, too.
    for (const [key, value] of Object.entries(tags)) resource.tags.setTag(key, value);
  }

  private acknowledgeFindings(role: iam.Role, props: RunsProps): void {
    acknowledgeAnyResource(
      role,
      'Log delivery (and tracing, if on) of a state machine have no resource-level permissions.',
    );
    if (props.logLevel !== sfn.LogLevel.ALL) {
      Validations.of(this.stateMachine).acknowledge({
        id: 'AwsSolutions-SF1',
        reason: 'The history of a Standard execution holds every event for 90 days; the logs repeat only the errors.',
      });
    }
    if (!props.tracing) {
      Validations.of(this.stateMachine).acknowledge({
        id: 'AwsSolutions-SF2',
        reason:
          'A trace follows a chain through hundreds of links; the ledger and the history tell more. See `tracing`.',
      });
    }
  }
}
