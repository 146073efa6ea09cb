import { Ledger } from '../ledger/ledger';
import { type ShowDependencies, showLastRuns } from '../widget/show-last-runs';
import type { WidgetEvent } from '../widget/widget-event';
import type { Surroundings, WithStepFunctions } from './surroundings';

/**
 * Of each of three questions in a row: to Step Functions, for runs, for their chains. Its last try may take 13 seconds more,
 * and the function has a minute.
 */
const PATIENCE_MILLISECONDS = 3000;

type AroundWidget = Surroundings & WithStepFunctions & Pick<ShowDependencies, 'stateMachineArn' | 'job' | 'onFailure'>;

/** The function behind the widget of the last runs. */
export function wireShowLastRuns(around: AroundWidget): (event: WidgetEvent) => Promise<string> {
  const { dynamoDb: client, tableName, clock, random } = around;
  const patienceMilliseconds = PATIENCE_MILLISECONDS;
  const ledger = new Ledger({ client, tableName, clock, random, patienceMilliseconds });
  return (event) => showLastRuns(event, { ...around, ledger, patienceMilliseconds });
}
