import { renewConnections, variable } from './clients';
import { ENVIRONMENT } from './contract/names';
import { stepFunctions } from './handler-clients';
import { logger } from './observability';
import { failedWidget, WIDGET_DOCUMENTATION } from './widget/show-last-runs';
import type { WidgetEvent } from './widget/widget-event';
import { ownSurroundings } from './wiring/own-surroundings';
import { wireShowLastRuns } from './wiring/wire-show-last-runs';

/** Behind the dashboard's widget of the last runs: answers HTML. What fails is a sentence in the widget, and in the log. */
export async function handler(event: WidgetEvent): Promise<string> {
  if (event.describe) return WIDGET_DOCUMENTATION;
  renewConnections();
  try {
    return await shown(event);
  } catch (error) {
    onFailure(error);
    return failedWidget(error);
  }
}

function shown(event: WidgetEvent): Promise<string> {
  const show = wireShowLastRuns({
    ...ownSurroundings(),
    stepFunctions: stepFunctions(),
    stateMachineArn: variable(ENVIRONMENT.stateMachine),
    job: variable(ENVIRONMENT.job),
    onFailure,
  });
  return show(event);
}

function onFailure(error: unknown): void {
  logger().error('widget of the last runs', error as Error);
}
