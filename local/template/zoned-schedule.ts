import type { Resource } from './assembly';
import type { RuleConfig } from './configurations';
import type { Intrinsics } from './intrinsics';
import { refuseUnknownKeys, usedProperties } from './properties';
import { structure, text } from './property-values';
import { readState } from './resources';
import { parseObject, type RuleInput } from './rule-input';

const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/**
 * A schedule of EventBridge Scheduler that starts a state machine.
 *
 * @throws Error where it has what is not implemented
 */
export function readZonedSchedule(resource: Resource, intrinsics: Intrinsics): RuleConfig {
  const { logicalId, stackName } = resource;
  const { Target, ...others } = usedProperties(resource);
  const properties = structure(intrinsics.resolve(others, logicalId), logicalId);
  const where = `${logicalId}.Target`;
  const target = structure(Target, where);
  refuseUnknownKeys(
    target,
    { used: ['Arn', 'Input'], irrelevant: ['DeadLetterConfig', 'RetryPolicy', 'RoleArn'] },
    where,
  );
  return {
    name: text(properties.Name ?? `${stackName}-${logicalId}`, `${logicalId}.Name`),
    schedule: text(properties.ScheduleExpression, `${logicalId}.ScheduleExpression`),
    zone: text(properties.ScheduleExpressionTimezone ?? 'UTC', `${logicalId}.ScheduleExpressionTimezone`),
    enabled: readState(properties.State ?? 'ENABLED', logicalId),
    stateMachineArn: intrinsics.text(target.Arn, `${where}.Arn`),
    input: scheduledInput(intrinsics.text(target.Input, `${where}.Input`), `${where}.Input`),
  };
}

/** Scheduler puts its keywords in wherever they stand in the text. */
function scheduledInput(written: string, where: string): RuleInput {
  const input: RuleInput = (time) =>
    parseObject(written.replaceAll(SCHEDULED_TIME, `${time.toISOString().slice(0, 19)}Z`), where);
  const unknown = /<aws\.scheduler\.[\w-]+>/.exec(written.replaceAll(SCHEDULED_TIME, ''))?.[0];
  if (unknown !== undefined) {
    throw new Error(
      `The embedded engine puts ${SCHEDULED_TIME} only into ${where}, which has ${unknown}: leave it out.`,
    );
  }
  // Once now, so that what does not come out as an object is refused when it is read.
  input(new Date(0));
  return input;
}
