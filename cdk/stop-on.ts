import { Arn, ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import {
  Alarm,
  type ComparisonOperator,
  type IAlarm,
  type IMetric,
  type TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../functions/contract/names';
import { createFunction, deadLettersIn, type SharedFunctionProps } from './functions';
import { acknowledgeAnyResource, acknowledgeExecutions, attachPolicy, executionsOf } from './permissions';
import { createUndelivered } from './undelivered';
import { requireInteger, UnexpectedValue } from './validation';

/** A metric, and from where on it stops runs: an alarm is made of it. */
export interface StopMetric {
  /** Of this account and region, with the period of its data points. */
  readonly metric: IMetric;
  /** In the unit of the metric. */
  readonly threshold: number;
  /** @default - `>=` */
  readonly comparisonOperator?: ComparisonOperator;
  /**
   * Data points that are looked at.
   *
   * @default - 1
   */
  readonly evaluationPeriods?: number;
  /**
   * Data points of these that must breach.
   *
   * @default - all of them
   */
  readonly datapointsToAlarm?: number;
  /** @default - what is missing leaves the alarm as it is: `missing` */
  readonly treatMissingData?: TreatMissingData;
}

/** A pattern has 2,048 characters at EventBridge, an alarm's ARN about 310 at most. */
const MOST_ALARMS = 5;
/** A stop that comes later than this stops a run for what may long be over. */
const LATEST_STOP = Duration.minutes(15);

/**
 * Refuses alarms that cannot stop runs.
 *
 * @throws UnexpectedValue where there is one: the first
 */
export function requireStopOn(stopOn: readonly (IAlarm | StopMetric)[] | undefined): void {
  if (stopOn === undefined) return;
  if (stopOn.length < 1 || stopOn.length > MOST_ALARMS) {
    throw new UnexpectedValue(
      `Expected \`stopOn\` to list 1 to ${MOST_ALARMS} alarms or metrics, got ${stopOn.length}: a composite alarm stands for many.`,
    );
  }
  for (const [index, one] of stopOn.entries()) {
    if (isAlarm(one)) continue;
    const name = `stopOn[${index}]`;
    const { evaluationPeriods = 1, datapointsToAlarm = evaluationPeriods } = one;
    requireInteger(`${name}.evaluationPeriods`, evaluationPeriods, 1, 1440);
    requireInteger(`${name}.datapointsToAlarm`, datapointsToAlarm, 1, evaluationPeriods);
  }
}

export interface StopOnProps {
  readonly stopOn: readonly (IAlarm | StopMetric)[];
  readonly stateMachine: StateMachine;
  readonly shared: SharedFunctionProps;
  /** Name of the job. */
  readonly job: string;
}

/**
 * What stops the runs of a job while an alarm is in ALARM. Two rules: one for an alarm that goes off, which stops every
 * execution, and one for an execution that starts or is redriven, which is stopped if an alarm is in ALARM by then.
 */
export class StopOn extends Construct {
  /** `StopRuns`. */
  readonly fn: LambdaFunction;
  /** Stops that could not be delivered, or failed three times. */
  readonly undelivered: Queue;

  /** @throws UnexpectedValue where an alarm is in another account or region */
  constructor(scope: Construct, id: string, { stopOn, stateMachine, shared, job }: StopOnProps) {
    super(scope, id);
    const alarms = stopOn.map((one, index) => (isAlarm(one) ? this.near(one) : this.alarmOf(one, index, job)));
    this.undelivered = createUndelivered(this, 'Undelivered', 'It is the dead-letter queue of stops by alarms.');
    this.fn = createFunction(this, 'StopRuns', shared, {
      environment: {
        [ENVIRONMENT.stateMachine]: stateMachine.stateMachineArn,
        [ENVIRONMENT.stopAlarms]: Stack.of(this).toJsonString(alarms.map(({ alarmName }) => alarmName)),
      },
      maxEventAge: LATEST_STOP,
      onFailure: deadLettersIn(this.undelivered),
    });
    const stopping = attachPolicy(this, 'Stop', this.fn, [
      { actions: ['states:ListExecutions'], resource: stateMachine.stateMachineArn },
      { actions: ['states:StopExecution'], resource: executionsOf(stateMachine) },
      // Of composite alarms CloudWatch tells those only who may see all.
      { actions: ['cloudwatch:DescribeAlarms'], resource: '*' },
    ]);
    acknowledgeExecutions(stopping, stateMachine);
    acknowledgeAnyResource(stopping, 'CloudWatch describes composite alarms to those only who may describe all.');
    const target = new LambdaTarget(this.fn, { deadLetterQueue: this.undelivered, maxEventAge: LATEST_STOP });
    new Rule(this, 'AlarmRule', {
      description: `Stops the runs of ${job} when an alarm goes off.`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: alarms.map(({ alarmArn }) => alarmArn),
        detail: { state: { value: ['ALARM'] } },
      },
      targets: [target],
    });
    new Rule(this, 'StartRule', {
      description: `Stops a run of ${job} that starts or goes on while an alarm is in ALARM.`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['RUNNING'] },
      },
      targets: [target],
    });
  }

  private alarmOf(one: StopMetric, index: number, job: string): Alarm {
    const { evaluationPeriods = 1, ...others } = one;
    const alarmDescription = `${job}: while this is in ALARM, no run of the job goes on.`;
    return new Alarm(this, `Alarm${index + 1}`, { ...others, evaluationPeriods, alarmDescription });
  }

  /** The alarm, if its changes come to the event bus on which they are waited for. */
  private near(alarm: IAlarm): IAlarm {
    const { account, region, environment } = Stack.of(this);
    const { account: its = account, region: there = region } = Arn.split(alarm.alarmArn, ArnFormat.COLON_RESOURCE_NAME);
    const differ = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
    if (!differ(its, account) && !differ(there, region)) return alarm;
    throw new UnexpectedValue(
      `Expected \`stopOn\` to name alarms of the stack's account and region, ${environment}, got ${alarm.alarmArn}: its changes of state are told there only.`,
    );
  }
}

function isAlarm(one: IAlarm | StopMetric): one is IAlarm {
  return 'alarmArn' in one;
}
