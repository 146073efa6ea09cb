import { errorName } from '../contract/aws-errors';
import { keptMessage } from '../contract/kept-text';
import { html } from '../email/html';
import { type LastRunsDependencies, lastRuns, MOST_RUNS } from './last-runs';
import { runsTable } from './runs-table';
import { clockOf, type WidgetEvent } from './widget-event';

/** What an editor of a dashboard reads of the widget: Markdown. */
export const WIDGET_DOCUMENTATION = `## The last runs
The last ${MOST_RUNS} executions of a job's worker chains, newest first: each a link to its page in Step Functions, with what
its run has planned and done by now. A dash stands for what is not known: of an execution that has made no run, everything.

The widget has no parameters. To see it takes \`lambda:InvokeFunction\` on its function, which \`grantWatch\` gives.
`;

export interface ShowDependencies extends LastRunsDependencies {
  /** Told of what the widget could not show. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The widget, as HTML.
 *
 * @throws Error of Step Functions where it did not list the executions in time, or refused to
 */
export async function showLastRuns(event: WidgetEvent, dependencies: ShowDependencies): Promise<string> {
  const found = await lastRuns(dependencies);
  if (found.ledgerFailure !== undefined) dependencies.onFailure(found.ledgerFailure);
  return runsTable(found, clockOf(event), dependencies.clock.now()).toString();
}

/** What the widget says where it can show nothing: one sentence, as HTML. */
export function failedWidget(error: unknown): string {
  return html`<p>The runs could not be listed (${errorName(error)}: ${keptMessage(error)}): the log of this widget's function has more.</p>`.toString();
}
