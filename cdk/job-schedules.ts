import { type Duration, Token } from 'aws-cdk-lib';
import type { Schedule } from 'aws-cdk-lib/aws-events';
import type { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { RunInput } from 'worker-chains';
import { parseInput, SCHEDULE_NAME } from '../functions/run/input';
import { type ExpressionReader, readExpression } from './schedule-expression';
import { requireZone } from './scheduled-moments';
import { asUnexpected, shown, UnexpectedValue } from './validation';

/** One of the schedules of a job, by the clock of a time zone. */
export interface JobSchedule {
  /**
   * What tells it from the job's others, 1 to 64 letters, digits, `-` and `_`: part of the occurrence, and of the names of
   * what is deployed. Needed where there are several; a name that changes is another schedule.
   *
   * @default - none: it is the only one
   */
  readonly name?: string;

  /**
   * When runs start: `Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' })`, or a `ScheduleExpression`. A rate is counted
   * from the deployment that makes the schedule, and the first run starts with it.
   */
  readonly expression: Schedule | ScheduleExpression;

  /**
   * Time zone of the IANA database by whose clock it fires, `Europe/Berlin`: at 09:00 in summer and in winter. An hour that
   * the zone leaves out in spring is left out, one that it has twice in autumn counts once.
   *
   * @default - the zone of a `ScheduleExpression`, otherwise UTC
   */
  readonly zone?: string;

  /**
   * Within how long after its moment a run may start, whole minutes from 1 minute to 24 hours, so that not everything starts
   * at the full hour. The occurrence is the moment itself.
   *
   * @default - it starts at its moment
   */
  readonly flexible?: Duration;

  /**
   * What its runs get otherwise than the properties of the construct say.
   *
   * @default - nothing
   */
  readonly input?: ScheduledRun;

  /**
   * Whether it starts runs.
   *
   * @default - as `enabled` of the construct
   */
  readonly enabled?: boolean;
}

/** What a schedule may say of its runs. */
export type ScheduledRun = Pick<
  RunInput,
  'ids' | 'chains' | 'rate' | 'weight' | 'priority' | 'linkSeconds' | 'chunkItems'
>;

/** The zone by whose clock a schedule fires. */
export function zoneOf({ zone, expression }: JobSchedule): string {
  return zone ?? ('timeZone' in expression ? expression.timeZone?.timezoneName : undefined) ?? 'UTC';
}

/**
 * Refuses schedules that cannot work, alone or together.
 *
 * @param mostChains that a run may have
 * @throws UnexpectedValue where there is one: the first
 */
export function requireSchedules(schedules: readonly JobSchedule[], mostChains: number): void {
  if (schedules.length === 0) {
    throw new UnexpectedValue('Expected `schedules` to have at least one schedule, got none: add one.');
  }
  const names = schedules.map(({ name }) => name);
  for (const [index, schedule] of schedules.entries()) {
    const { name } = schedule;
    if (name === undefined ? schedules.length > 1 : !SCHEDULE_NAME.test(name)) {
      throw new UnexpectedValue(
        `Expected each of several \`schedules\` to have a \`name\` of 1 to 64 letters, digits, hyphens and underscores, got ${name === undefined ? 'none' : shown(name)}.`,
      );
    }
    if (names.indexOf(name) < index) {
      throw new UnexpectedValue(`Expected the \`schedules\` to have different names, got ${name} twice: rename one.`);
    }
    requireSchedule(schedule, `schedules[${index}]`, mostChains);
  }
}

function requireSchedule(schedule: JobSchedule, place: string, mostChains: number): void {
  const { expression, zone, flexible, input = {} } = schedule;
  const ofExpression = 'timeZone' in expression ? expression.timeZone?.timezoneName : undefined;
  if (zone !== undefined && ofExpression !== undefined && zone !== ofExpression) {
    throw new UnexpectedValue(
      `Expected one time zone of a schedule, got \`zone\` ${zone} and ${ofExpression} of its expression: leave one out.`,
    );
  }
  if (!Token.isUnresolved(zoneOf(schedule))) asUnexpected(() => requireZone(zoneOf(schedule)));
  requireExpression(expression, 'scheduler', `${place}.expression`);
  if (flexible !== undefined) {
    const minutes = flexible.toMinutes({ integral: false });
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440) {
      throw new UnexpectedValue(
        `Expected \`flexible\` to be a whole number of minutes from 1 to 1440, got ${minutes}.`,
      );
    }
  }
  asUnexpected(() => parseInput({ ...input, job: 'any' }, mostChains));
}

/**
 * Refuses an expression that what reads it would refuse at the deployment. A token is let through.
 *
 * @param name of the property that has it
 * @throws UnexpectedValue where it would
 */
export function requireExpression(
  { expressionString }: Schedule | ScheduleExpression,
  reader: ExpressionReader,
  name: string,
): void {
  if (Token.isUnresolved(expressionString)) return;
  asUnexpected(() => readExpression(expressionString, reader, `\`${name}\``));
}
