import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExecutionView, OperationName, TotalsView } from '../view';
import { getJson, postJson, sentenceOf } from './connection';

interface Offered {
  readonly operations: readonly OperationName[];
  readonly token?: string;
}

const LABELS: Readonly<Record<OperationName, string>> = {
  stop: 'Stop',
  redrive: 'Redrive',
  resume: 'Resume',
  retry: 'Retry',
  rate: 'Change rate',
};

/** What each of them means, for whoever is about to do it. */
const MEANINGS: Readonly<Record<OperationName, string>> = {
  stop: 'Its chains settle what they know and end within a heartbeat interval. A redrive goes on.',
  redrive: 'The same execution goes on from the ledger: nobody is processed twice.',
  resume: 'A new execution takes up the run from the ledger, at the usual rate.',
  retry: 'A new run takes up what this one left unprocessed. What is in doubt is left alone.',
  rate: 'Items a second for all chains together; 0 pauses the run.',
};

/** The buttons with which the run is operated. Nothing where the page only looks. */
export function OperationsBar({
  execution,
  totals,
}: {
  readonly execution: ExecutionView;
  readonly totals: TotalsView;
}) {
  const [offered, setOffered] = useState<Offered>({ operations: [] });
  const [chosen, choose] = useState<OperationName>();
  const [said, say] = useState<{ readonly sentence: string; readonly isRefusal: boolean }>();
  const rate = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A server that offers none says so; a file from disk has nobody to ask.
    getJson<Offered>('/api/operations').then(setOffered, () => {});
  }, []);
  const names = fitting(execution, totals).filter((name) => offered.operations.includes(name));
  const confirmed = chosen !== undefined && names.includes(chosen) ? chosen : undefined;
  const perform = async (name: OperationName) => {
    const body = { execution: execution.arn, ...(name === 'rate' && { rate: rate.current?.valueAsNumber }) };
    choose(undefined);
    try {
      say({ sentence: await postJson(`/api/operations/${name}`, offered.token ?? '', body), isRefusal: false });
    } catch (error) {
      say({ sentence: sentenceOf(error), isRefusal: true });
    }
  };
  if (names.length === 0 && said === undefined) return null;
  return (
    <section class="operations" aria-label="Operate this run">
      {names.map((name) => (
        <button key={name} type="button" aria-expanded={confirmed === name} onClick={() => choose(name)}>
          {LABELS[name]}
        </button>
      ))}
      {confirmed !== undefined && (
        <form
          class="confirmation"
          onSubmit={(event) => {
            event.preventDefault();
            void perform(confirmed);
          }}
        >
          <p id="operation-meaning">{MEANINGS[confirmed]}</p>
          {confirmed === 'rate' && (
            <input
              ref={rate}
              type="number"
              min={0}
              step="any"
              required
              aria-label="Items a second"
              defaultValue={String(totals.rateLimit?.itemsPerSecond ?? '')}
            />
          )}
          <button type="submit" class="danger" aria-describedby="operation-meaning">
            {LABELS[confirmed]} {execution.name}
          </button>
          <button type="button" onClick={() => choose(undefined)}>
            Cancel
          </button>
        </form>
      )}
      <p role="status" class={said?.isRefusal ? 'refusal' : undefined}>
        {said?.sentence}
      </p>
    </section>
  );
}

/** What can be done as the run stands. One that is unfinished is gone on with before what it left is taken up. */
function fitting({ status }: ExecutionView, { unprocessed }: TotalsView): readonly OperationName[] {
  if (status === 'RUNNING') return ['stop', 'rate'];
  if (status !== 'SUCCEEDED') return ['redrive', 'resume'];
  return unprocessed > 0 ? ['retry'] : [];
}
