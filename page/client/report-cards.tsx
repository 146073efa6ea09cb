import { nounFor } from '../../functions/contract/counted';
import { settledItems } from '../../functions/contract/outcomes';
import type { RunReport } from '../../functions/contract/payloads';
import type { ExecutionView } from '../view';
import { count, counted, duration, wordsOfKey } from './format';

interface Props {
  readonly execution: ExecutionView;
  readonly endpoints: Readonly<Record<string, string>>;
}

/** The execution's input and output as a person reads them, and where the embedded services listen. */
export function ReportCards({ execution: { input, output }, endpoints }: Props) {
  return (
    <div class="report">
      {output !== undefined && (
        <section class="card" aria-label="Report">
          <h2>Report</h2>
          {isReport(output) ? <Outcomes report={output} /> : <Values value={output} />}
        </section>
      )}
      <div class="given">
        <section class="card" aria-label="Input">
          <h2>Input</h2>
          <Values value={input} />
        </section>
        {Object.keys(endpoints).length > 0 && (
          <section class="card" aria-label="Embedded services">
            <h2>Embedded services</h2>
            <Values value={endpoints} label={asItIs} />
          </section>
        )}
      </div>
    </div>
  );
}

/** A report of an earlier version may lack what is listed beside the counts. */
type Report = Omit<RunReport, 'skippedBecause' | 'topErrors' | 'given' | 'gone' | 'added'> & Partial<RunReport>;

const COUNTS = ['done', 'skipped', 'unprocessed', 'inDoubt', 'elapsedSeconds'];

function isReport(value: unknown): value is Report {
  return isObject(value) && COUNTS.every((key) => typeof value[key] === 'number');
}

function Outcomes({ report }: { readonly report: Report }) {
  const {
    planned,
    estimated,
    // What the source gave is what was planned in a report of an earlier version.
    given = planned ?? 0,
    gone = 0,
    added = 0,
    done,
    skipped,
    skippedBecause = {},
    unprocessed,
    inDoubt,
    topErrors = [],
    elapsedSeconds,
    ...rest
  } = report;
  const sum = settledItems(report);
  const rows: readonly (readonly [label: string, items: number, className?: string])[] = [
    ['Done', done],
    ['Skipped', skipped],
    ...Object.entries(skippedBecause).map(([reason, items]) => [reason, items, 'reason'] as const),
    ['Unprocessed', unprocessed],
    ['In doubt', inDoubt],
    ['Sum', sum, 'sum-line'],
    ['Given by the source', given],
    ...forecastRows(planned, estimated),
    ...(gone > 0 ? [['Gone meanwhile', gone] as const] : []),
    ...(added > 0 ? [['Added meanwhile', added] as const] : []),
  ];
  return (
    <>
      <table class="sums">
        <tbody>
          {rows.map(([label, items, className]) => (
            <tr key={`${className} ${label}`} class={className}>
              <th scope="row">{label}</th>
              <td>{count(items)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class={sum === given ? 'verdict good' : 'verdict bad'}>
        {sum === given
          ? '✓ Adds up: nobody was forgotten.'
          : `✕ Does not add up: ${counted(Math.abs(given - sum), 'item')} ${sum < given ? `${nounFor(given - sum, 'is', 'are')} missing` : 'too many'}.`}
      </p>
      {topErrors.length > 0 && <Errors topErrors={topErrors} />}
      <Values value={{ ...rest, elapsed: duration(elapsedSeconds * 1000) }} />
    </>
  );
}

function forecastRows(planned?: number, estimated?: number): readonly (readonly [label: string, items: number])[] {
  if (planned !== undefined) return [['Planned', planned]];
  return estimated === undefined ? [] : [['Estimated', estimated]];
}

function Errors({ topErrors }: Pick<RunReport, 'topErrors'>) {
  return (
    <table class="errors">
      <caption>Most frequent errors</caption>
      <thead>
        <tr>
          {['Error', 'Items', 'Examples'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {topErrors.map(({ code, count: items, exampleIds }) => (
          <tr key={code}>
            <td>
              <code>{code}</code>
            </td>
            <td class="number">{count(items)}</td>
            <td>{exampleIds.join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const asItIs = (name: string) => name;

/** Any JSON value: an object as rows of name and value, nested objects as tables of their own. */
function Values({ value, label = wordsOfKey }: { readonly value: unknown; readonly label?: (key: string) => string }) {
  if (!isObject(value)) return <p>{plain(value)}</p>;
  return (
    <table class="values">
      <tbody>
        {Object.entries(value).map(([key, entry]) => (
          <tr key={key}>
            <th scope="row">{label(key)}</th>
            <td>
              {isRange(entry) ? (
                rangeOf(entry)
              ) : isObject(entry) ? (
                <Values value={entry} label={asItIs} />
              ) : (
                plain(entry)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function isRange(value: unknown): value is Range {
  return (
    isObject(value) &&
    typeof value.first === 'number' &&
    typeof value.last === 'number' &&
    Object.keys(value).length === 2
  );
}

function rangeOf({ first, last }: Range): string {
  return `${first} to ${last} (${count(Math.max(0, last - first + 1))})`;
}

function plain(value: unknown): string {
  if (typeof value === 'number') return count(value);
  if (typeof value === 'string') return value;
  const json = JSON.stringify(value) ?? '–';
  // A list of ids may be long; the whole of it is in the execution itself.
  return json.length > 400 ? `${json.slice(0, 400)} … (${count(json.length)} characters)` : json;
}
