import { leftoverItems } from '../../functions/contract/outcomes';
import type { ExecutionSummary } from '../view';
import { elapsedOf } from './elapsed';
import { count, counted, dateAndTime, duration, shortDateAndTime, times, words } from './format';
import { OUTCOMES, outcomeWords } from './outcome-words';
import { executionHref, followLink, NEWEST_HREF } from './route';
import { RunBars } from './run-bars';
import { starterWords } from './starter';

interface Props {
  readonly executions: readonly ExecutionSummary[];
  /** The engine's clock. Absent until a view has come. */
  readonly now: string | undefined;
  /** Of the execution that the other views show. */
  readonly shownArn: string;
  /** The address names that execution: the page does not follow the newest. */
  readonly pinned: boolean;
}

/** Every execution, whoever started it; each opens in the other views. */
export function ExecutionsPanel({ executions, now, shownArn, pinned }: Props) {
  return (
    <>
      <div class="toolbar">
        <h1>Executions</h1>
        <p class="summary" role="status">
          {executions.length > 0 && counted(executions.length, 'execution')}
        </p>
        <p class="summary">
          {pinned ? (
            <a href={NEWEST_HREF} onClick={followLink}>
              Follow the newest
            </a>
          ) : (
            'The page follows the newest; choose one to stay with it.'
          )}
        </p>
      </div>
      <RunBars executions={executions} shownArn={shownArn} />
      <div class="card flush">
        {executions.length === 0 ? (
          <p class="empty">No execution yet. Each appears here as soon as it starts, whoever started it.</p>
        ) : (
          <table class="executions">
            <caption class="visually-hidden">Executions, newest first</caption>
            <thead>
              <tr>
                {['Execution', 'Status', 'Outcomes', 'Started', 'Duration'].map((head) => (
                  <th key={head} scope="col" class={head.toLowerCase()}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {executions.map((execution) => (
                <Row key={execution.arn} execution={execution} now={now} shown={execution.arn === shownArn} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}

interface RowProps {
  readonly execution: ExecutionSummary;
  readonly now: string | undefined;
  readonly shown: boolean;
}

function Row({ execution, now, shown }: RowProps) {
  const { arn, name, job, stateMachine, status, startDate, stopDate, redriveCount, startedBy, items } = execution;
  const until = now ?? stopDate;
  return (
    <tr data-shown={shown}>
      <th scope="row" class="execution">
        <a href={executionHref(arn)} aria-current={shown ? 'true' : undefined} onClick={followLink}>
          {name}
        </a>
        <span class="origin">
          {[job, stateMachine, startedBy && starterWords(startedBy)].filter(Boolean).join(' · ')}
        </span>
        <span class="origin narrow-only">{shortDateAndTime(startDate)}</span>
      </th>
      <td class="status">
        <span class="pill" data-status={status}>
          {words(status)}
        </span>
        {redriveCount > 0 && <span class="redriven">redriven {times(redriveCount)}</span>}
      </td>
      <td class="outcomes">{items ? <Outcomes items={items} /> : '–'}</td>
      <td class="started">
        <time dateTime={startDate} title={dateAndTime(startDate)}>
          {shortDateAndTime(startDate)}
        </time>
      </td>
      <td class="duration">{until === undefined ? '–' : duration(elapsedOf(execution, until))}</td>
    </tr>
  );
}

/** Done of planned, and what is left to somebody where there is anything. */
function Outcomes({ items }: { readonly items: NonNullable<ExecutionSummary['items']> }) {
  const others = OUTCOMES.filter((outcome) => outcome !== 'done' && items[outcome] > 0);
  return (
    <>
      {count(items.done)} of {count(items.planned)} done
      <span class={leftoverItems(items) > 0 ? 'origin left' : 'origin'}>{outcomeWords(items, others)}</span>
    </>
  );
}
