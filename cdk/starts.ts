import { Annotations, type Duration } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { parseSender } from '../functions/email/address';
import { LONGEST_WINDOW } from './alarm-definitions';
import { type JobSchedule, requireExpression, requireSchedules, zoneOf } from './job-schedules';
import type { MetricSources } from './metrics';
import { Occurrences, type OccurrencesProps } from './schedule';
import { bridgedHours, longestPause, longestPauseIn } from './schedule-interval';
import { asUnexpected, UnexpectedValue } from './validation';
import { ZonedOccurrences } from './zoned-occurrences';

/** Domains that nobody owns (RFC 2606 and 6761): no sender of theirs can be verified. */
const RESERVED = /(^|\.)(example\.(com|net|org)|example|invalid|localhost|test)$/;

/** Properties of the construct that say what starts runs. */
export interface StartProps {
  readonly schedule?: OccurrencesProps['schedule'];
  readonly schedules?: readonly JobSchedule[];
  readonly enabled?: boolean;
  readonly mail?: { readonly sender: string };
}

/** What starts the runs of a job: its rule, or its schedules. */
export interface Starts {
  readonly rule?: Rule;
  readonly schedules: readonly Schedule[];
  readonly missed: Queue;
  /** Where its metrics come from. */
  readonly sources: MetricSources['starts'];
}

/**
 * @param input of every run
 */
export function createStarts(
  scope: Construct,
  props: StartProps,
  stateMachine: IStateMachine,
  input: OccurrencesProps['input'],
): Starts {
  const enabled = isEnabled(props);
  const id = 'Occurrences';
  if (!enabled && props.enabled === undefined) warnThatItIsOff(scope, props.mail?.sender ?? '');
  if (props.schedules) {
    const { schedules } = props;
    const { missed, group, ...made } = new ZonedOccurrences(scope, id, { schedules, enabled, stateMachine, input });
    return { schedules: made.schedules, missed, sources: { group } };
  }
  const { schedule } = props as { schedule: OccurrencesProps['schedule'] };
  const { rule, missed } = new Occurrences(scope, id, { schedule, enabled, stateMachine, input });
  return { rule, schedules: [], missed, sources: { rule } };
}

/** Whether any schedule starts runs. */
export function isScheduled(props: StartProps): boolean {
  return props.schedules ? enabledSchedules(props).length > 0 : isEnabled(props);
}

/** Those of `schedules` that start runs. */
export function enabledSchedules(props: StartProps): readonly JobSchedule[] {
  const enabled = isEnabled(props);
  return (props.schedules ?? []).filter((one) => one.enabled ?? enabled);
}

function isEnabled({ enabled, mail }: StartProps): boolean {
  return enabled ?? !(mail && RESERVED.test(domainOf(mail.sender)));
}

function domainOf(sender: string): string {
  const { address } = asUnexpected(() => parseSender(sender));
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function warnThatItIsOff(scope: Construct, sender: string): void {
  Annotations.of(scope).addWarningV2(
    'worker-chains:schedule-off',
    `The schedule is deployed switched off: nobody can send from ${sender}, whose domain is reserved for examples. Name the sender that is verified in SES, or say \`enabled\`.`,
  );
}

/** The pauses of what starts runs, as the alarm run-missed has to know them. */
export interface Pauses {
  /** The longest time without a start; undefined where no schedule tells. */
  readonly startsWithin?: Duration;
  /** Hours in UTC that count as a start: `bridgedHours`. */
  readonly bridged?: readonly Date[];
}

/** Of all schedules that start runs, those of the one whose longest pause is the shortest. */
export function pausesOf(props: StartProps): Pauses {
  if (props.schedule) return { startsWithin: longestPause(props.schedule.expressionString) };
  const [shortest] = enabledSchedules(props)
    .flatMap((one) => {
      const pause = longestPauseIn(one.expression.expressionString, zoneOf(one));
      if (pause === undefined) return [];
      if (!one.flexible) return { one, pause };
      // Early in its window one week and late the next, a weekly run has no start in the seven days before.
      const longest = pause.plus(one.flexible);
      return longest.toMilliseconds() > LONGEST_WINDOW.toMilliseconds() ? [] : { one, pause: longest };
    })
    .sort((a, b) => a.pause.toMilliseconds() - b.pause.toMilliseconds());
  if (shortest === undefined) return {};
  const { one, pause } = shortest;
  return { startsWithin: pause, bridged: bridgedHours(one.expression.expressionString, zoneOf(one)) };
}

/**
 * Refuses neither and both of `schedule` and `schedules`, and schedules that cannot work.
 *
 * @param mostChains that a run may have
 * @throws UnexpectedValue where there is one: the first
 */
export function requireStarts(props: StartProps, mostChains: number): void {
  if ((props.schedule === undefined) === (props.schedules === undefined)) {
    const got =
      props.schedule === undefined ? 'neither: say when a run starts' : 'both: write all of them into `schedules`';
    throw new UnexpectedValue(`Expected \`schedule\` or \`schedules\`, got ${got}.`);
  }
  if (props.schedule) requireExpression(props.schedule, 'rule', 'schedule');
  if (props.schedules) requireSchedules(props.schedules, mostChains);
}
