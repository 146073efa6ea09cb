import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { retry } from '../contract/retry';

/** An alarm, as CloudWatch tells of it. */
export interface AlarmState {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** In CloudWatch's own words. */
  readonly reason: string;
}

export interface AlarmStatesOptions {
  readonly client: Pick<CloudWatchClient, 'send'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The states of alarms of this account and region, composite ones included. */
export class AlarmStates {
  constructor(private readonly options: AlarmStatesOptions) {}

  /**
   * Those of these alarms that there are. One call: it takes up to 100 names.
   *
   * @param forMilliseconds for which a call that fails for the moment is repeated
   * @throws Error of the service's own where it did not answer for as long, or refused to
   */
  async describe(names: readonly string[], forMilliseconds: number): Promise<readonly AlarmState[]> {
    const { client, clock, random } = this.options;
    const command = new DescribeAlarmsCommand({
      AlarmNames: [...names],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    });
    const { MetricAlarms = [], CompositeAlarms = [] } = await retry(() => client.send(command), {
      ...{ clock, random, forMilliseconds, shouldRetry: isTransient },
    });
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = '', StateValue = '', StateReason = '' }) => ({
      name: AlarmName,
      state: StateValue,
      reason: StateReason,
    }));
  }
}
