import type { IWidget, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { FEEDBACK_DEFAULTS, type FeedbackLimits } from '../functions/contract/mail-policy';
import { METRICS } from '../functions/contract/names';
import { sendsMail } from '../functions/contract/provider';
import { type AlarmTopics, sharedAlarmTopics } from './alarm-topics';
import { Alarms } from './alarms';
import { createDashboard, type JobRow, jobRows } from './dashboard';
import { type SharedFunctionProps, serviceOf } from './functions';
import { loadJob } from './job-file';
import { mailFeedbackOf, unsubscribeEndpointOf } from './ledger-services';
import { Ledger } from './ledger-storage';
import { permitMails, requireConfigurationSet, requireMailFor } from './mail-permissions';
import { type MetricName, RunMetrics } from './metrics';
import {
  acknowledgeExecutions,
  attachPolicy,
  executionsOf,
  permitMapRuns,
  permitReactions,
  permitSendQuota,
  tasksOf,
} from './permissions';
import { createRunFunctions } from './run-functions';
import { allowLook, allowStart, allowStopAndRedrive, allowWatch } from './run-grants';
import { RunNotices } from './run-notices';
import { Runs } from './run-state-machine';
import { RunsWidget } from './runs-widget';
import type { OccurrencesProps } from './schedule';
import { requireShapes } from './shapes';
import { permitSource } from './source-permissions';
import { createStarts, isScheduled, type Starts } from './starts';
import { requireStopOn, StopOn } from './stop-on';
import { UnexpectedValue } from './validation';
import {
  alarmThresholdsOf,
  DEFAULTS,
  runbookUrlOf,
  validateProps,
  type WorkerChainsProps,
} from './worker-chains-props';
import { WORKER_CHAINS_SHAPES } from './worker-chains-shapes';

export type { WorkerChainsProps } from './worker-chains-props';

/**
 * A job that runs on a schedule as worker chains: what starts its runs, the state machine, its functions, the ledger,
 * and the alarms and the dashboard that tell how runs fare. What the job's source reads is allowed here; what its own code
 * reads beside that is granted by its stack, to `runChain`.
 *
 * @example
 * const chains = new WorkerChains(this, 'WeeklyDigest', {
 *   job: 'jobs/weekly-digest.ts',
 *   ids: { first: 1, last: 150_000 },
 *   mail: { sender: 'digest@example.com' },
 *   schedule: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }),
 * });
 * recipients.grantReadData(chains.runChain);
 *
 * @throws UnexpectedValue where a property cannot work, with the job or at all, or the job cannot be loaded
 */
export class WorkerChains extends Construct {
  readonly createWorkers: LambdaFunction;
  /** The function in which the job's code runs. */
  readonly runChain: LambdaFunction;
  readonly failChain: LambdaFunction;
  readonly reconcileRun: LambdaFunction;
  /** Where the runs are kept: for the stack's output, or for other jobs' `ledger`. */
  readonly ledger: Ledger;
  readonly stateMachine: StateMachine;
  /** What `schedules` were made of, in their order; empty where `schedule` is a rule. */
  readonly schedules: readonly Schedule[];
  /** Occurrences for which EventBridge could not start an execution. */
  readonly missedOccurrences: Queue;
  /** What the alarms notify, by severity. Subscribe to them: they have no subscribers by themselves. */
  readonly alarmTopics: AlarmTopics;
  private readonly metrics: RunMetrics;
  private readonly row: JobRow;
  private readonly lastRuns: RunsWidget;
  private readonly starts: Starts;
  /** Under which the chains are executions. */
  private readonly labels: readonly string[];

  constructor(scope: Construct, id: string, props: WorkerChainsProps) {
    super(scope, id);
    requireShapes('WorkerChains', WORKER_CHAINS_SHAPES, props);
    const { path: jobPath, job } = loadJob(props.job);
    requireMailFor(job, props);
    validateProps(props, job);
    requireStopOn(props.stopOn);
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

    this.ledger = props.ledger ?? new Ledger(this, 'Ledger', props);
    this.ledger.admit(job.name, this);
    const feedback = props.mail && mailFeedbackOf(this.ledger, shared);
    const configurationSet = feedback?.configurationSet(requireConfigurationSet(props.mail?.configurationSet));
    const unsubscribe =
      props.mail && (props.mail.unsubscribe ?? true) ? unsubscribeEndpointOf(this.ledger, shared) : undefined;
    const ways = { configurationSet, unsubscribe, warmsUp: job.warmUp !== undefined };
    const functions = createRunFunctions(this, props, shared, this.ledger, ways);
    this.failChain = functions.failChain;
    this.runChain = functions.runChain;
    this.createWorkers = functions.createWorkers;
    this.reconcileRun = functions.reconcileRun;

    const runs = new Runs(this, 'Runs', {
      ...functions,
      job: job.name,
      ledgerTable: this.ledger.table,
      mapMode: props.mapMode ?? DEFAULTS.mapMode,
      logLevel: props.stateMachineLogLevel ?? LogLevel.ERROR,
      includeExecutionData: props.includeExecutionData ?? false,
      logRetention,
      tracing,
    });
    this.stateMachine = runs.stateMachine;
    this.labels = runs.labels;
    this.starts = createStarts(this, props, runs.stateMachine, scheduledInput(job.name, props));
    this.schedules = this.starts.schedules;
    this.missedOccurrences = this.starts.missed;
    this.ledger.grantJudge(functions.judgeCanary);
    this.permitFunctions(sendsMail(job));
    permitSource([this.createWorkers, this.runChain], job.source, props.environment);
    if (props.mail && configurationSet !== undefined) permitMails(this.runChain, props.mail, configurationSet);
    unsubscribe?.grantSign(this.runChain);
    if (feedback) permitReactions(this, feedback.fn, this.stateMachine);
    const stops =
      props.stopOn &&
      new StopOn(this, 'StopOn', { stopOn: props.stopOn, stateMachine: this.stateMachine, shared, job: job.name });
    this.alarmTopics = props.alarmTopics ?? sharedAlarmTopics(this);
    const notices = new RunNotices(this, 'Notices', {
      stateMachine: this.stateMachine,
      ledger: this.ledger,
      topic: this.alarmTopics.ticket,
      ...{ shared, job: job.name, runbookUrl: runbookUrlOf(props) },
    });
    const { stateMachine, ledger, runChain, failChain, reconcileRun, missedOccurrences } = this;
    this.lastRuns = new RunsWidget(this, 'LastRuns', { stateMachine, ledger, shared, job: job.name });
    this.metrics = new RunMetrics(this, {
      ...{ stateMachine, runChain, failChain, reconcileRun, missedOccurrences },
      starts: this.starts.sources,
      job: job.name,
      service: shared.service,
      ledgerTable: this.ledger.table,
      undeliveredNotices: notices.undelivered,
      ...(feedback && { feedback }),
      ...(unsubscribe && { unsubscribe: unsubscribe.fn }),
      ...(stops && { undeliveredStops: stops.undelivered }),
    });
    this.row = this.createAlarmsAndDashboard(
      props,
      job.name,
      shared.memorySize,
      feedback && { ...FEEDBACK_DEFAULTS, ...job.mail?.feedback },
    );
  }

  private createAlarmsAndDashboard(
    props: WorkerChainsProps,
    job: string,
    memorySize: number,
    feedback: Required<FeedbackLimits> | undefined,
  ): JobRow {
    const { metrics, stateMachine, lastRuns } = this;
    const runbookUrl = runbookUrlOf(props);
    const { alarms } = new Alarms(this, 'Alarms', {
      metrics,
      thresholds: { ...alarmThresholdsOf(props), ...(feedback && { feedback }) },
      topics: this.alarmTopics,
      job,
      runbookUrl,
      scheduled: isScheduled(props),
    });
    const row = { metrics, alarms, job, stateMachine, lastRuns, runbookUrl };
    if (props.dashboard ?? true) createDashboard(this, 'Dashboard', { ...row, memorySize });
    return row;
  }

  /** This job's rows of widgets for a dashboard of several jobs: see `WorkerChainsDashboard`. */
  dashboardRows(): IWidget[][] {
    return jobRows(this.row);
  }

  private permitFunctions(needsQuota: boolean): void {
    this.ledger.grantPlan(this.createWorkers);
    this.ledger.grantWork(this.runChain);
    this.ledger.grantInterrupt(this.failChain);
    this.ledger.grantClose(this.reconcileRun);
    for (const fn of needsQuota ? [this.createWorkers, this.runChain] : []) permitSendQuota(fn);

    const tasks = tasksOf(this.stateMachine, this.labels);
    // CreateWorkers, and after a redrive the links, look whether another run that they find of the job has ended.
    const lookAtRuns = { actions: ['states:DescribeExecution'], resource: executionsOf(this.stateMachine) };
    const planning = attachPolicy(this, 'LookAtRuns', this.createWorkers, [lookAtRuns]);
    // The schedule comes last: no run starts before its links may answer.
    const working = attachPolicy(this, 'HandOffAndAnswer', this.runChain, [
      { actions: ['lambda:InvokeFunction'], resource: this.runChain.functionArn },
      {
        actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
        resource: tasks,
      },
      lookAtRuns,
    ]);
    for (const policy of [planning, working]) acknowledgeExecutions(policy, this.stateMachine);
    const answering = attachPolicy(this, 'AnswerForDeadLinks', this.failChain, [
      { actions: ['states:SendTaskFailure'], resource: tasks },
    ]);
    const children = permitMapRuns(this, this.stateMachine, this.labels);
    for (const start of [...(this.starts.rule ? [this.starts.rule] : []), ...this.schedules]) {
      start.node.addDependency(working, answering, planning, ...(children ? [children] : []));
    }
  }

  /**
   * What `schedule` was made of.
   *
   * @throws UnexpectedValue where `schedules` start runs: there is no rule then
   */
  get rule(): Rule {
    if (this.starts.rule) return this.starts.rule;
    throw new UnexpectedValue('Expected the rule of `schedule`, got `schedules`, which have none: use `schedules`.');
  }

  /**
   * A metric that the functions emit, with the dimensions of these worker chains. Its statistic is the sum of what is
   * counted, the maximum of budgets, quotas, shares and the seconds of a run, the median of the seconds of a link and of
   * the milliseconds of a handoff, the average of items per second.
   *
   * @param name as CloudWatch has it
   * @param options its period is 5 minutes unless it says otherwise
   * @example
   * chains.metric('DailyQuotaUsedShare', { period: Duration.days(1) });
   */
  metric(name: MetricName, options?: MetricOptions): Metric {
    return this.metrics.own(name, options);
  }

  /** Items that were processed. Sum over 5 minutes, reported when a link ends. */
  metricItemsDone(options?: MetricOptions): Metric {
    return this.metric(METRICS.itemsDone, options);
  }

  /** Items that failed and are left for another run. Sum over 5 minutes, reported when a link ends. */
  metricItemsUnprocessed(options?: MetricOptions): Metric {
    return this.metric(METRICS.itemsUnprocessed, options);
  }

  /** Items that may or may not have been processed. Sum over 5 minutes, reported when a link ends. */
  metricItemsInDoubt(options?: MetricOptions): Metric {
    return this.metric(METRICS.itemsInDoubt, options);
  }

  /** Attempts that the provider refused for their rate. Sum over 5 minutes, reported when a link ends. */
  metricThrottles(options?: MetricOptions): Metric {
    return this.metric(METRICS.throttles, options);
  }

  /** Links that ended with an error; those that died without a word are not among them. Sum over 5 minutes. */
  metricChainsInterrupted(options?: MetricOptions): Metric {
    return this.metric(METRICS.chainsInterrupted, options);
  }

  /** Seconds from the creation of a run to its proof. Maximum over 5 minutes, reported when a run is reconciled. */
  metricRunSeconds(options?: MetricOptions): Metric {
    return this.metric(METRICS.runSeconds, options);
  }

  /** Allows to start runs by hand. */
  grantStart(grantee: iam.IGrantable): iam.Grant {
    return allowStart(grantee, this.stateMachine);
  }

  /**
   * Allows to find these worker chains and to follow their runs, as the command does it: their executions and the ledger,
   * its key included where it has one of its own, and to see their last runs on a dashboard.
   */
  grantWatch(grantee: iam.IGrantable): iam.Grant {
    return allowWatch(grantee, this.stateMachine, this.labels)
      .combine(allowLook(grantee, this.runChain))
      .combine(this.ledger.grantWatch(grantee))
      .combine(this.lastRuns.grantLook(grantee));
  }

  /**
   * Allows to look at runs, and to say by hand whether an address is mailed: to forget a bounce, to take it off a list and
   * to put it back, in all jobs of the ledger.
   */
  grantRecipients(grantee: iam.IGrantable): iam.Grant {
    return this.grantWatch(grantee).combine(this.ledger.grantRecipients(grantee));
  }

  /** Allows to start, follow, stop and resume runs, and to change their rate. */
  grantOperate(grantee: iam.IGrantable): iam.Grant {
    return this.grantStart(grantee)
      .combine(this.grantWatch(grantee))
      .combine(this.ledger.grantRate(grantee))
      .combine(allowStopAndRedrive(grantee, this.stateMachine));
  }
}

/** What every scheduled run gets. What is undefined is left out of it. */
function scheduledInput(job: string, props: WorkerChainsProps): OccurrencesProps['input'] {
  return {
    job,
    ids: props.ids,
    chains: props.chains ?? DEFAULTS.chains,
    rate: props.rate,
    weight: props.weight,
    priority: props.priority,
    linkSeconds: props.linkDuration?.toSeconds(),
    chunkItems: props.chunkItems,
  };
}
