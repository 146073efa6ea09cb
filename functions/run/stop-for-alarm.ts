import { counted } from '../contract/counted';
import { keptMessage } from '../contract/kept-text';
import { ERROR_CODES } from '../contract/names';
import type { AlarmState, AlarmStates } from './alarm-states';
import type { Executions } from './executions';

/** For each call; the function has five minutes, and its event comes twice more. */
const PATIENCE_MILLISECONDS = 60_000;
/** Step Functions takes a cause of 32,768 characters; CloudWatch's reason has 1,023 at most. */
const LONGEST_REASON = 1023;

/** EventBridge's event of an alarm that has changed its state. */
export interface AlarmEvent {
  readonly 'detail-type': 'CloudWatch Alarm State Change';
  readonly detail: {
    readonly alarmName: string;
    readonly state: { readonly value: string; readonly reason?: string };
  };
}

/** EventBridge's event of an execution that has started, or goes on after a redrive. */
export interface ExecutionEvent {
  readonly 'detail-type': 'Step Functions Execution Status Change';
  readonly detail: { readonly executionArn: string; readonly status: string };
}

export interface StopDependencies {
  /** Names of the alarms that stop runs. */
  readonly alarmNames: readonly string[];
  readonly alarms: Pick<AlarmStates, 'describe'>;
  readonly executions: Pick<Executions, 'stop'>;
  /** ARNs of the job's executions that are under way. */
  readonly running: (forMilliseconds: number) => Promise<readonly string[]>;
}

export interface StopReport {
  /** Absent where none of the alarms is in ALARM. */
  readonly alarm?: string;
  /** ARNs of the executions that were stopped. */
  readonly stopped: readonly string[];
  /** Those of the alarms that CloudWatch does not know: they stop nothing. */
  readonly unknownAlarms: readonly string[];
}

/**
 * Stops the job's executions while an alarm is in ALARM: all of them when it goes off, and one that starts or goes on
 * meanwhile. Both may be done again: events come more than once, and an execution that has ended stays as it has.
 *
 * @throws Error where an execution could not be stopped; the others are
 */
export async function stopForAlarm(
  event: AlarmEvent | ExecutionEvent,
  { alarmNames, alarms, executions, running }: StopDependencies,
): Promise<StopReport> {
  const stopAll = async (arns: readonly string[], { name, reason }: AlarmState): Promise<void> => {
    const cause = causeOf(name, reason);
    const outcomes = await Promise.allSettled(
      arns.map((arn) => executions.stop(arn, ERROR_CODES.stoppedByAlarm, cause)),
    );
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? { arn: arns[index], error: outcome.reason as unknown } : [],
    );
    if (failed[0] === undefined) return;
    throw new Error(
      `Expected ${counted(arns.length, 'execution')} to stop because ${name} is in ALARM, but ${failed.length} did not, among them ${failed[0].arn} (${keptMessage(failed[0].error)}): stop them by hand.`,
      { cause: failed[0].error },
    );
  };

  if (event['detail-type'] === 'CloudWatch Alarm State Change') {
    const { alarmName: name, state } = event.detail;
    if (state.value !== 'ALARM') return { stopped: [], unknownAlarms: [] };
    const arns = await running(PATIENCE_MILLISECONDS);
    await stopAll(arns, { name, state: state.value, reason: state.reason ?? '' });
    return { alarm: name, stopped: arns, unknownAlarms: [] };
  }
  const states = await alarms.describe(alarmNames, PATIENCE_MILLISECONDS);
  const unknownAlarms = alarmNames.filter((name) => !states.some((state) => state.name === name));
  const inAlarm = states.find(({ state }) => state === 'ALARM');
  if (!inAlarm) return { stopped: [], unknownAlarms };
  const arns = [event.detail.executionArn];
  await stopAll(arns, inAlarm);
  return { alarm: inAlarm.name, stopped: arns, unknownAlarms };
}

function causeOf(alarm: string, reason: string): string {
  const why = reason === '' ? '' : ` (${reason.slice(0, LONGEST_REASON)})`;
  return `The alarm ${alarm} is in ALARM${why}: when it is over, redrive the execution to go on with the rest.`;
}
