import { settledItems } from '../../functions/contract/outcomes';
import type { ExecutionSummary } from '../view';
import { counted, shortDateAndTime, words } from './format';
import { OUTCOMES, outcomeWords } from './outcome-words';
import { executionHref, followLink } from './route';

const MOST_BARS = 10;
const HEIGHT = 64;
/** A run of one item beside one of a million is seen all the same. */
const LEAST_HEIGHT = 3;

/** The last ten executions of one job, the newest at the right: each bar its items by outcome, as high as they are many. */
export function RunBars({
  executions,
  shownArn,
}: {
  readonly executions: readonly ExecutionSummary[];
  readonly shownArn: string;
}) {
  const job = (executions.find(({ arn }) => arn === shownArn) ?? executions[0])?.job;
  const runs = executions
    .filter((execution) => execution.job === job && execution.items)
    .slice(0, MOST_BARS)
    .reverse();
  if (runs.length < 2) return null;
  const most = Math.max(1, ...runs.map(({ items }) => items?.planned ?? 0));
  return (
    <nav class="card run-bars" aria-label={`Last runs${job === undefined ? '' : ` of ${job}`}`}>
      <h2>
        Last {runs.length} runs{job !== undefined && ` of ${job}`}
      </h2>
      <ol>
        {runs.map((run) => (
          <li key={run.arn}>
            <Bar run={run} most={most} shown={run.arn === shownArn} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface BarProps {
  readonly run: ExecutionSummary;
  readonly most: number;
  readonly shown: boolean;
}

function Bar({ run, most, shown }: BarProps) {
  const { arn, name, status, startDate, items } = run;
  if (!items) return null;
  const rest = Math.max(0, items.planned - settledItems(items));
  const pixels = (part: number) => `${(part / Math.max(1, items.planned)) * heightOf(items.planned, most)}px`;
  const told = `${name}, ${shortDateAndTime(startDate)}, ${words(status)}: ${outcomeWords(items)} of ${counted(items.planned, 'item')}`;
  return (
    <a
      href={executionHref(arn)}
      aria-label={told}
      title={told}
      aria-current={shown ? 'true' : undefined}
      onClick={followLink}
    >
      <span class="stack" style={{ height: `${HEIGHT}px` }}>
        <span class="share rest" style={{ height: pixels(rest) }} />
        {OUTCOMES.toReversed().map((outcome) => (
          <span key={outcome} class={`share ${outcome}`} style={{ height: pixels(items[outcome]) }} />
        ))}
      </span>
      <span class="run-mark" data-status={status}>
        {MARKS[status]}
      </span>
    </a>
  );
}

const MARKS = { RUNNING: '●', SUCCEEDED: '✓', FAILED: '✕', TIMED_OUT: '✕', ABORTED: '■' } as const;

function heightOf(planned: number, most: number): number {
  return Math.max(LEAST_HEIGHT, (planned / most) * HEIGHT);
}
