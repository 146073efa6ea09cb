import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../functions/contract/names';
import { createAlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { createDashboard } from './dashboard';
import { createFunction, destinationOf, type SharedFunctionProps, serviceOf } from './functions';
import { loadJob } from './job-file';
import { Ledger } from './ledger-storage';
import { RunMetrics } from './metrics';
import { acknowledgeExecutions, attachPolicy, executionsOf, permitSendQuota } from './permissions';
import { Occurrences } from './schedule';
import { Runs } from './state-machine';
import {
  alarmThresholdsOf,
  DEFAULTS,
  linkDurationWithin,
  validateProps,
  type WorkerChainsProps,
} from './worker-chains-props';

export type { WorkerChainsProps } from './worker-chains-props';

/**
 * A job that runs on a schedule as worker chains: the rule, the state machine, the four functions, the ledger,
 * and the alarms and the dashboard that tell how runs fare. What the job itself reads or sends to is granted by its stack, to `runChain`.
 *
 * @example
 * const chains = new WorkerChains(this, 'WeeklyDigest', {
 *   job: 'jobs/weekly-digest.ts',
 *   ids: { first: 1, last: 150_000 },
 *   schedule: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }),
 * });
 * recipients.grantReadData(chains.runChain);
 */
export class WorkerChains extends Construct {
  readonly createWorkers: LambdaFunction;
  /** The function in which the job's code runs. */
  readonly runChain: LambdaFunction;
  readonly failChain: LambdaFunction;
  readonly reconcileRun: LambdaFunction;
  readonly ledger: Table;
  readonly stateMachine: StateMachine;
  readonly rule: Rule;
  /** Occurrences for which EventBridge could not start an execution. */
  readonly missedOccurrences: Queue;
  /** What the alarms notify. */
  readonly alarmTopic: ITopic;
  private readonly records: Ledger;

  constructor(scope: Construct, id: string, props: WorkerChainsProps) {
    super(scope, id);
    const { path: jobPath, job } = loadJob(props.job);
    validateProps(props, job.source.kind);
    const chains = props.chains ?? DEFAULTS.chains;
    const heartbeat = props.heartbeat ?? DEFAULTS.heartbeat;
    const timeout = props.timeout ?? DEFAULTS.timeout;
    const reservedConcurrency = props.reservedConcurrency ?? 2 * chains;
    const tracing = props.tracing ?? false;
    const logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    const shared: SharedFunctionProps = {
      service: serviceOf(this),
      jobPath,
      memorySize: props.memorySize ?? DEFAULTS.memorySize,
      logLevel: props.logLevel ?? 'INFO',
      sourceMap: props.sourceMap ?? false,
      logRetention,
      tracing,
    };

    const ledger = new Ledger(this, 'Ledger', props);
    const environment = { [ENVIRONMENT.ledgerTable]: ledger.table.tableName };

    this.failChain = createFunction(this, 'FailChain', shared, { environment });
    this.runChain = createFunction(this, 'RunChain', shared, {
      environment: { ...environment, ...props.environment },
      timeout,
      // A retry by Lambda would re-deliver a link behind the state machine's back: retries are the state machine's.
      retryAttempts: 0,
      // An event that waited longer than a heartbeat belongs to a chain that counts as interrupted. Lambda's minimum is 60 s.
      maxEventAge: Duration.seconds(Math.max(60, heartbeat.toSeconds())),
      onFailure: destinationOf(this.failChain),
      // Lambda would otherwise cut a chain at about 16 links. The cursor that must advance, the link budget, the
      // execution's timeout and the reserved concurrency are the guards instead.
      recursiveLoop: RecursiveLoop.ALLOW,
      reservedConcurrentExecutions: reservedConcurrency,
    });
    this.createWorkers = createFunction(this, 'CreateWorkers', shared, {
      environment: {
        ...environment,
        [ENVIRONMENT.heartbeatSeconds]: String(heartbeat.toSeconds()),
        [ENVIRONMENT.linkSeconds]: String((props.linkDuration ?? linkDurationWithin(timeout)).toSeconds()),
        [ENVIRONMENT.sendShare]: String(props.sendShare ?? DEFAULTS.sendShare),
        [ENVIRONMENT.concurrentLinks]: String(reservedConcurrency),
      },
    });
    this.reconcileRun = createFunction(this, 'ReconcileRun', shared, { environment });

    const runs = new Runs(this, 'Runs', {
      createWorkers: this.createWorkers,
      runChain: this.runChain,
      reconcileRun: this.reconcileRun,
      logLevel: props.stateMachineLogLevel ?? LogLevel.ERROR,
      includeExecutionData: props.includeExecutionData ?? false,
      logRetention,
      tracing,
    });
    const occurrences = new Occurrences(this, 'Occurrences', {
      schedule: props.schedule,
      enabled: props.enabled ?? true,
      stateMachine: runs.stateMachine,
      input: {
        job: job.name,
        ids: props.ids,
        chains,
        rate: props.rate,
        linkSeconds: props.linkDuration?.toSeconds(),
        chunkItems: props.chunkItems,
      },
    });

    this.records = ledger;
    this.ledger = ledger.table;
    this.stateMachine = runs.stateMachine;
    this.rule = occurrences.rule;
    this.missedOccurrences = occurrences.missed;
    this.permitFunctions(ledger);
    this.alarmTopic = props.alarmTopic ?? createAlarmTopic(this, 'AlarmTopic');
    this.watch(props, job.name, shared);
  }

  private watch(props: WorkerChainsProps, job: string, { service, memorySize }: SharedFunctionProps): void {
    const metrics = new RunMetrics({ ...this, job, service });
    const { alarms } = new Alarms(this, 'Alarms', {
      metrics,
      thresholds: alarmThresholdsOf(props),
      topic: this.alarmTopic,
      runbookUrl: props.runbookUrl ?? DEFAULTS.runbookUrl,
      scheduled: props.enabled ?? true,
    });
    if (props.dashboard ?? true) createDashboard(this, 'Dashboard', { metrics, alarms, memorySize });
  }

  private permitFunctions(ledger: Ledger): void {
    ledger.grantPlan(this.createWorkers);
    ledger.grantWork(this.runChain);
    ledger.grantInterrupt(this.failChain);
    ledger.grantClose(this.reconcileRun);
    permitSendQuota(this.createWorkers);
    permitSendQuota(this.runChain);

    const stateMachine = this.stateMachine.stateMachineArn;
    // Whoever finds another run of the job looks whether that one has ended: CreateWorkers, and after a redrive the links.
    const lookAtRuns = { actions: ['states:DescribeExecution'], resource: executionsOf(this.stateMachine) };
    const planning = attachPolicy(this, 'LookAtRuns', this.createWorkers, [lookAtRuns]);
    // The schedule comes last: no run starts before its links may answer.
    const working = attachPolicy(this, 'HandOffAndAnswer', this.runChain, [
      { actions: ['lambda:InvokeFunction'], resource: this.runChain.functionArn },
      {
        actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
        resource: stateMachine,
      },
      lookAtRuns,
    ]);
    for (const policy of [planning, working]) acknowledgeExecutions(policy, this.stateMachine);
    this.rule.node.addDependency(
      working,
      attachPolicy(this, 'AnswerForDeadLinks', this.failChain, [
        { actions: ['states:SendTaskFailure'], resource: stateMachine },
      ]),
      planning,
    );
  }

  /** Allows to start runs by hand. */
  grantStart(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['states:StartExecution'],
      resourceArns: [this.stateMachine.stateMachineArn],
    });
  }

  /** Allows to follow runs: their executions and the ledger. */
  grantWatch(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['states:ListExecutions', 'states:DescribeStateMachine'],
      resourceArns: [this.stateMachine.stateMachineArn],
    })
      .combine(
        iam.Grant.addToPrincipal({
          grantee,
          actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
          resourceArns: [executionsOf(this.stateMachine)],
        }),
      )
      .combine(this.records.grantWatch(grantee));
  }

  /** Allows to start, follow, stop and resume runs, and to change their rate. */
  grantOperate(grantee: iam.IGrantable): iam.Grant {
    return this.grantStart(grantee)
      .combine(this.grantWatch(grantee))
      .combine(this.records.grantRate(grantee))
      .combine(
        iam.Grant.addToPrincipal({
          grantee,
          actions: ['states:StopExecution', 'states:RedriveExecution'],
          resourceArns: [executionsOf(this.stateMachine)],
        }),
      );
  }
}
