import { settledItems } from '../../functions/contract/outcomes';
import type { ExecutionView, RunView } from '../view';
import { elapsedOf } from './elapsed';
import { count, counted, dollars, duration, percent, rate, shortDateAndTime, timeOfDay } from './format';
import { OUTCOME_LABELS, OUTCOMES, type Outcome } from './outcome-words';

const DAY_MILLISECONDS = 86_400_000;

const MEANINGS: Readonly<Record<Outcome, string>> = {
  done: 'processed',
  skipped: 'left out by the job, with a reason',
  unprocessed: 'refused with an error code; a new run can take them up',
  inDoubt: 'may or may not have happened; never repeated on their own',
};

/** `412 of about 1,000 items`: the source may not know, or not know exactly, how many it has. */
function standing(handled: number, planned: number, isEstimate: boolean, chains: number): string {
  if (planned > 0) return `${count(handled)} of ${isEstimate ? 'about ' : ''}${counted(planned, 'item')}`;
  return chains > 0 ? 'No items so far' : 'The run is being planned';
}

/** How far the run is: its bar, and its figures. */
export function Totals({ run, execution }: { readonly run: RunView; readonly execution: ExecutionView }) {
  const { totals } = run;
  const { planned, isEstimate } = totals;
  const handled = settledItems(totals);
  const share = percent(handled, planned);
  return (
    <div class="card totals">
      <div class="progress">
        <p class="sum">
          <span class="big">{planned > 0 ? share : '–'}</span>
          <span class="handled">{standing(handled, planned, isEstimate, run.chains.length)}</span>
        </p>
        <div
          class="bar"
          role="progressbar"
          aria-label="Items"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={planned > 0 ? Math.floor((handled / planned) * 100) : 0}
          aria-valuetext={`${share}: ${OUTCOMES.map((key) => `${OUTCOME_LABELS[key]} ${count(totals[key])}`).join(', ')}`}
        >
          {OUTCOMES.map((key) => (
            <span
              key={key}
              class={`share ${key}`}
              style={{ width: planned > 0 ? `${(totals[key] / planned) * 100}%` : '0' }}
            />
          ))}
        </div>
        <ul class="legend">
          {OUTCOMES.map((key) => (
            <li key={key} title={MEANINGS[key]}>
              <span class={`swatch ${key}`} />
              {OUTCOME_LABELS[key]} <b>{count(totals[key])}</b>
            </li>
          ))}
        </ul>
      </div>
      <dl class="figures">
        {figures(run, execution, handled).map(([label, value], index) => (
          <div key={index}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function figures({ totals, now }: RunView, execution: ExecutionView, handled: number) {
  const { cost } = totals;
  const counts = [
    ['Throttles', count(totals.throttles)],
    ...(cost === undefined ? [] : ([['Cost so far, about', dollars(cost.dollars + cost.mailDollars)]] as const)),
    ...(totals.mails === undefined
      ? []
      : ([[totals.mailsOfAllRuns ? 'Mails accepted, all runs' : 'Mails accepted', count(totals.mails)]] as const)),
  ] as const;
  if (execution.status === 'RUNNING') {
    const { endsAt } = totals;
    return [
      ['Items per second', pace(totals)],
      ['Ends', endsAt === undefined ? '–' : endOf(endsAt, now)],
      ...counts,
    ] as const;
  }
  const took = elapsedOf(execution, now);
  // The span of a redriven execution holds the pause too, so there is no honest figure.
  const average = execution.redriveCount === 0 && took > 0 ? rate((handled * 1000) / took) : '–';
  return [['Items per second, average', average], ['Took', duration(took)], ...counts] as const;
}

/** `39.7 of 120` where it is known how many it may be. */
function pace({ itemsPerSecond, rateLimit }: RunView['totals']): string {
  if (rateLimit === undefined) return rate(itemsPerSecond);
  if (rateLimit.itemsPerSecond === 0) return 'Paused';
  const { usedPerSecond } = rateLimit;
  return `${usedPerSecond === undefined ? '–' : rate(usedPerSecond)} of ${rate(rateLimit.itemsPerSecond)}`;
}

/** A clock time, and how far off that is. */
function endOf(endsAt: string, now: string): string {
  const left = Math.max(0, Date.parse(endsAt) - Date.parse(now));
  const at = left < DAY_MILLISECONDS ? timeOfDay(endsAt) : shortDateAndTime(endsAt);
  return `${at}, in ${duration(left)}`;
}
