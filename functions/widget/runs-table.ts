import { executionUrl } from '../contract/console-url';
import { times } from '../contract/counted';
import { duration } from '../contract/duration';
import type { SourcePlan } from '../contract/source';
import { type Html, html } from '../email/html';
import type { LastRuns, ShownRun } from './last-runs';
import type { DashboardClock } from './widget-event';

/** What is not known. */
const DASH = '–';
const integers = new Intl.NumberFormat('en');

/** CloudWatch takes a style sheet in the answer, and gives everything else the look of its dashboards. */
const STYLE = html`<style>td,th{white-space:nowrap}.figure{text-align:right}</style>`;
const NO_RUN = html`<p>There is no run: Step Functions knows of none in the last 90 days.</p>`;
const FIGURES_MISSING = html`<p>The ledger did not say everything: figures are missing. The log of this widget's function has the reason.</p>`;

/**
 * A table with a line for each execution, its name a link to its page in the console. What comes from outside, names above
 * all, is escaped by the `html` tag.
 *
 * @param now milliseconds since the epoch
 */
export function runsTable({ runs, ledgerFailure }: LastRuns, clock: DashboardClock, now: number): Html {
  if (runs.length === 0) return NO_RUN;
  const figures = ['Took', 'Planned', 'Done', 'Skipped', 'Unprocessed', 'In doubt'];
  return html`${STYLE}${ledgerFailure === undefined ? '' : FIGURES_MISSING}<table>
<thead><tr><th>Run</th><th>Status</th><th>Started (${clock.name})</th>${figures.map((figure) => html`<th class="figure">${figure}</th>`)}<th>Note</th></tr></thead>
<tbody>
${runs.map((run) => line(run, clock, now))}</tbody>
</table>`;
}

function line(shown: ShownRun, clock: DashboardClock, now: number): Html {
  const { execution, run, counts } = shown;
  const { name = '', executionArn = '', status = '', startDate, stopDate } = execution;
  const started = startDate && momentOf(startDate.getTime(), clock);
  const took = startDate && duration((stopDate?.getTime() ?? now) - startDate.getTime());
  const outcomes = [counts?.done, counts?.skipped, counts?.unprocessed, counts?.inDoubt];
  const figures = [took, run && plannedIn(run.plan), ...outcomes.map(counted)];
  return html`<tr><td><a href="${executionUrl(executionArn)}">${name}</a></td><td>${status}</td><td>${started ?? DASH}</td>${figures.map((figure) => html`<td class="figure">${figure ?? DASH}</td>`)}<td>${notesOn(shown).join(', ')}</td></tr>
`;
}

/** Undefined where the source does not know. */
function plannedIn({ items, estimate }: SourcePlan): string | undefined {
  return estimate === undefined || items !== undefined ? counted(items) : `about ${counted(estimate)}`;
}

function counted(items: number | undefined): string | undefined {
  return items === undefined ? undefined : integers.format(items);
}

function notesOn({ execution: { name, status, redriveCount = 0 }, run, takenUpBy }: ShownRun): readonly string[] {
  return [
    ...(takenUpBy === undefined ? [] : [`taken up by ${takenUpBy.split(':').at(-1)}`]),
    ...(run === undefined || run.runId === name ? [] : [`goes on with ${run.runId}`]),
    ...(run?.dryRun ? ['dry run'] : []),
    ...(redriveCount > 0 ? [`redriven ${times(redriveCount)}`] : []),
    ...(run?.rate === 0 && status === 'RUNNING' ? ['paused'] : []),
  ];
}

/** `2026-01-05 09:00:00` */
function momentOf(at: number, { minutesAheadOfUtc }: DashboardClock): string {
  return new Date(at + minutesAheadOfUtc * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}
