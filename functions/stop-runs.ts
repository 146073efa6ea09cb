import { renewConnections, variable } from './clients';
import { systemClock } from './contract/clock';
import { ENVIRONMENT } from './contract/names';
import { cloudWatch, stepFunctions } from './handler-clients';
import { observeStops } from './observability';
import type { AlarmEvent, ExecutionEvent, StopReport } from './run/stop-for-alarm';
import { wireStopForAlarm } from './wiring/wire-stop-for-alarm';

/** Behind the rules of `stopOn`: stops runs while an alarm is in ALARM. */
export async function handler(event: AlarmEvent | ExecutionEvent): Promise<StopReport> {
  renewConnections();
  const stop = wireStopForAlarm({
    stepFunctions: stepFunctions(),
    cloudWatch: cloudWatch(),
    clock: systemClock,
    random: Math.random,
    stateMachineArn: variable(ENVIRONMENT.stateMachine),
    alarmNames: JSON.parse(variable(ENVIRONMENT.stopAlarms)),
  });
  const report = await stop(event);
  observeStops(report);
  return report;
}
