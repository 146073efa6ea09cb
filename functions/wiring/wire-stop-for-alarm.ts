import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { AlarmStates } from '../run/alarm-states';
import { Executions } from '../run/executions';
import { runningExecutions } from '../run/running-executions';
import { type AlarmEvent, type ExecutionEvent, type StopReport, stopForAlarm } from '../run/stop-for-alarm';
import type { Surroundings, WithStepFunctions } from './surroundings';

interface AroundStops extends Pick<Surroundings, 'clock' | 'random'>, WithStepFunctions {
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly stateMachineArn: string;
  /** Names of the alarms that stop runs. */
  readonly alarmNames: readonly string[];
}

/** The function behind the rules of `stopOn`. */
export function wireStopForAlarm({
  stepFunctions: client,
  cloudWatch,
  clock,
  random,
  stateMachineArn,
  alarmNames,
}: AroundStops): (event: AlarmEvent | ExecutionEvent) => Promise<StopReport> {
  const alarms = new AlarmStates({ client: cloudWatch, clock, random });
  const executions = new Executions({ client, clock, random });
  const running = (forMilliseconds: number) =>
    runningExecutions(stateMachineArn, { client, clock, random }, forMilliseconds);
  return (event) => stopForAlarm(event, { alarmNames, alarms, executions, running });
}
