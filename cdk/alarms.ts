import { Annotations, Names } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { type AlarmDefinition, type AlarmThresholds, alarmDefinitions } from './alarm-definitions';
import type { AlarmTopics } from './alarm-topics';
import type { RunMetrics } from './metrics';

export interface AlarmsProps {
  readonly metrics: RunMetrics;
  readonly thresholds: AlarmThresholds;
  readonly topics: AlarmTopics;
  /** Name of the job. */
  readonly job: string;
  /** Address of docs/operations.md, to which `#` and an alarm's id are added. */
  readonly runbookUrl: string;
  /** Whether the schedule starts runs: where it does not, none can be missed. */
  readonly scheduled: boolean;
}

/**
 * The alarms of `alarmDefinitions`, each of which tells the topic of its severity what is wrong, with which job, and where
 * to read on; and when that is over.
 */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { startsWithin, ...others } = props.thresholds;
    // No stack's name holds a dot: what begins with a stack's name and one is an alarm of that stack.
    const prefix = Names.uniqueResourceName(scope, { maxLength: 200, separator: '.', allowedSpecialCharacters: '-' });
    const actions = { page: new SnsAction(props.topics.page), ticket: new SnsAction(props.topics.ticket) };
    this.alarms = alarmDefinitions(props.metrics, props.scheduled ? props.thresholds : others).map((row) => {
      const alarm = new Alarm(this, row.id, { ...settingsOf(row, props), alarmName: `${prefix}-${row.id}` });
      alarm.addAlarmAction(actions[row.severity]);
      alarm.addOkAction(actions[row.severity]);
      return alarm;
    });
    if (props.scheduled && startsWithin === undefined) {
      Annotations.of(scope).addWarningV2(
        'worker-chains:run-missed',
        'Between two runs more than the 7 days may pass that a CloudWatch alarm looks back, or nobody knows how many: there is no alarm run-missed. Set `startsWithin` if runs start at least once a week.',
      );
    }
  }
}

function settingsOf(
  { says, metric, threshold, comparison, periods = 1, datapoints, missing, id }: AlarmDefinition,
  { job, runbookUrl }: AlarmsProps,
) {
  return {
    metric,
    threshold,
    comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    datapointsToAlarm: datapoints ?? periods,
    treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    alarmDescription: `${job}: ${says}: see ${runbookUrl}#${id}`,
  };
}
