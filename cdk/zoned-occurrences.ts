import { Duration, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type JobSchedule, zoneOf } from './job-schedules';
import { missedOccurrences, type OccurrencesProps } from './schedule';
import { UnexpectedValue } from './validation';

/** Bytes of an execution's input that Step Functions takes (StartExecution). */
const LONGEST_INPUT = 262_144;

export interface ZonedOccurrencesProps extends Pick<OccurrencesProps, 'enabled' | 'stateMachine' | 'input'> {
  readonly schedules: readonly JobSchedule[];
}

/** The schedules of EventBridge Scheduler: each starts one run per occurrence, by the clock of its zone. */
export class ZonedOccurrences extends Construct {
  readonly schedules: readonly Schedule[];
  /** Under which Scheduler reports how they fare. */
  readonly group: ScheduleGroup;
  readonly missed: sqs.Queue;

  /** @throws UnexpectedValue where Step Functions would refuse the input */
  constructor(scope: Construct, id: string, props: ZonedOccurrencesProps) {
    super(scope, id);
    this.missed = missedOccurrences(this, 'It is the dead-letter queue of the schedules.');
    this.group = new ScheduleGroup(this, 'Group');
    const role = this.createRole(props.stateMachine);
    this.schedules = props.schedules.map((one) => {
      const schedule = this.createSchedule(one, role, props);
      // Scheduler looks whether it may assume the role when the schedule is created, and may fire from then on.
      schedule.node.addDependency(role);
      return schedule;
    });
  }

  private createSchedule(one: JobSchedule, role: iam.Role, props: ZonedOccurrencesProps): Schedule {
    const { name, expression, flexible } = one;
    const input = {
      ...props.input,
      ...one.input,
      // As the rule's event has it: the schedule's own moment, whatever the delivery, the attempt or the window.
      scheduledFor: ContextAttribute.scheduledTime,
      ...(name !== undefined && { schedule: name }),
    };
    requireInputFits(input);
    return new Schedule(this, name === undefined ? 'Schedule' : `Schedule-${name}`, {
      description: `Starts the job ${props.input.job}${name === undefined ? '' : `: ${name}`}.`,
      schedule: ScheduleExpression.expression(expression.expressionString, TimeZone.of(zoneOf(one))),
      scheduleGroup: this.group,
      enabled: one.enabled ?? props.enabled,
      timeWindow: flexible === undefined ? TimeWindow.off() : TimeWindow.flexible(flexible),
      target: new StepFunctionsStartExecution(props.stateMachine, {
        role,
        input: ScheduleTargetInput.fromObject(input),
        deadLetterQueue: this.missed,
        // Scheduler's own limits, as for the rule: a run may start late, and is served once however often it is tried.
        retryAttempts: 185,
        maxEventAge: Duration.hours(24),
      }),
    });
  }

  /** Only for this group's schedules: no other schedule of the account may start runs with it. */
  private createRole(stateMachine: IStateMachine): iam.Role {
    return new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stateMachine.env.account },
          ArnEquals: { 'aws:SourceArn': this.group.scheduleGroupArn },
        },
      }),
    });
  }
}

/**
 * @throws UnexpectedValue where it is too long
 */
function requireInputFits(input: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes <= LONGEST_INPUT) return;
  throw new UnexpectedValue(
    `Expected the input of a scheduled run to have at most ${LONGEST_INPUT} bytes, got ${bytes}: shorten \`ids\`, or let the job's source find them.`,
  );
}
