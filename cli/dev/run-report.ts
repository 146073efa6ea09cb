import { counted } from '../../functions/contract/counted';
import { leftoverItems, type OutcomeCounts, outcomesOf, settledItems } from '../../functions/contract/outcomes';
import type { RunReport } from '../../functions/contract/payloads';
import type { RunView } from '../../page/view';
import { printable } from '../printable';

/** What a run came to, as `--json` prints it. */
export interface DevReport extends OutcomeCounts {
  readonly executionArn: string;
  readonly status: string;
  readonly planned: number;
  readonly chains: number;
  /** Links in all. */
  readonly links: number;
  /** Mails that SES accepted meanwhile, of every execution that was on. Absent where nobody keeps them. */
  readonly mailsReceived?: number;
  readonly elapsedSeconds: number;
  /** Error code and cause of an execution that did not succeed. */
  readonly error?: string;
  readonly cause?: string;
}

/** Exit code of a run that succeeded with items unprocessed or in doubt. */
const LEFTOVERS = 3;

/**
 * How `worker-chains dev` ends: 0 everybody done or skipped, 1 no success, 3 success with items unprocessed or in
 * doubt.
 */
export function exitCode(report: DevReport): number {
  if (report.status !== 'SUCCEEDED') return 1;
  return leftoverItems(report) > 0 ? LEFTOVERS : 0;
}

/**
 * Takes the report from the last view of a run: from the ledger, so that an interrupted run has one too.
 *
 * @throws Error where the view has no execution
 */
export function devReport(view: RunView): DevReport {
  const { execution, totals, chains } = view;
  if (!execution) throw new Error('There is no execution to report on.');
  const { arn, status, startDate, stopDate, error, cause } = execution;
  const { planned, mails } = totals;
  const links = chains.reduce((sum, chain) => sum + chain.linksClaimed, 0);
  const elapsed = Date.parse(stopDate ?? view.now) - Date.parse(startDate);
  return {
    executionArn: arn,
    status,
    planned,
    ...outcomesOf(totals),
    chains: chains.length,
    links,
    ...(mails !== undefined && { mailsReceived: mails }),
    elapsedSeconds: Math.round(elapsed / 100) / 10,
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

/** What becomes of the items that a run has not begun. */
export interface WayOn {
  /** A few words, beside their number. @default - kept in the ledger */
  readonly left?: string;
  /** The shell command that goes on with the run. Absent where none can. */
  readonly goOn?: string | undefined;
}

/** The report for a person. */
export function printReport(
  report: DevReport,
  view: RunView,
  { sendsMail, left: whatIsLeft = 'kept in the ledger', goOn }: WayOn & { readonly sendsMail: boolean },
): string {
  const { planned, done, skipped, unprocessed, inDoubt } = report;
  const left = planned - settledItems(report);
  const lines = [
    '',
    `Execution ${report.status} after ${report.elapsedSeconds} s${leftoversNote(report)}`,
    ...(view.leftoversCommand === undefined ? [] : [`  list them: ${view.leftoversCommand}`]),
    `  ${report.executionArn}`,
    ...(report.error === undefined ? [] : [`  ${report.error}: ${sentenceOf(report.cause)}`]),
    '',
    row('done', done),
    row('skipped', skipped, skippedBecause(view)),
    row('unprocessed', unprocessed),
    row('in doubt', inDoubt),
    ...(left > 0 ? [row('not begun', left, whatIsLeft)] : []),
    `  ${'─'.repeat(21)}`,
    ...extentRows(report, view, sumNote(report, left)),
    '',
    ...(sendsMail && report.mailsReceived !== undefined
      ? [row('mails received', report.mailsReceived, mailsNote(view))]
      : []),
    row('links', report.links, chainsNote(view)),
    ...(!['SUCCEEDED', 'RUNNING'].includes(report.status) && left > 0 && goOn !== undefined
      ? ['', `Go on with it: ${goOn}`]
      : []),
  ];
  // Causes and reasons come from outside: only the breaks between our own lines are breaks.
  return lines.map(printable).join('\n');
}

/** What there was to do: as planned, or as the source gave it where that is not what it had said before. */
function extentRows({ planned: items }: DevReport, { execution }: RunView, note: string): readonly string[] {
  const {
    given = items,
    planned,
    gone = 0,
    added = 0,
  } = (execution?.output ?? { planned: items }) as Partial<RunReport>;
  if (planned === given) return [row('planned', items, note)];
  const change = gone > 0 ? `${gone} gone meanwhile` : `${added} added meanwhile`;
  return [row('given', items, note), ...(planned === undefined ? [] : [row('planned', planned, change)])];
}

function leftoversNote({ unprocessed, inDoubt }: DevReport): string {
  return unprocessed + inDoubt > 0 ? `, with ${counted(unprocessed, 'item')} unprocessed and ${inDoubt} in doubt` : '';
}

function row(label: string, count: number, note = ''): string {
  return `  ${label.padEnd(14)} ${String(count).padStart(6)}${note && `  ${note}`}`;
}

/** The inbox does not know whose mails it holds. */
function mailsNote({ executions }: RunView): string {
  return executions.length > 1 ? `of all ${counted(executions.length, 'execution')}` : '';
}

function sumNote({ status, chains }: DevReport, left: number): string {
  if (chains === 0 && status !== 'SUCCEEDED') return 'nothing was begun';
  return left === 0 ? 'adds up' : 'unfinished';
}

function chainsNote({ chains }: RunView): string {
  return chains.length === 0
    ? 'no chains'
    : `${counted(chains.length, 'chain')}: ${chains.map((chain) => chain.linksClaimed).join(' ')}`;
}

function skippedBecause(view: RunView): string {
  const reasons = (view.execution?.output as { skippedBecause?: Record<string, number> } | undefined)?.skippedBecause;
  return Object.entries(reasons ?? {})
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}

/** The cause of a failed Lambda is its error as JSON: the message in it is meant for people. */
function sentenceOf(cause = ''): string {
  try {
    return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}
