import type { ExecutionView, RunView } from '../view';
import { shortDateAndTime, words } from './format';

interface Props {
  readonly run: RunView;
  readonly execution: ExecutionView;
}

/** Why the run does not go on, and what goes on with it: a pause is somebody's will, a failure is not. */
export function Standstill({ run, execution }: Props) {
  const { status } = execution;
  if (status === 'SUCCEEDED') return null;
  if (status === 'RUNNING') return <Pause run={run} />;
  const { error } = execution;
  const { sentence, whole } = readCause(execution);
  return (
    <div class={status === 'ABORTED' ? 'pause' : 'failure'}>
      <h2>{error ?? words(status)}</h2>
      <p>{sentence}</p>
      {whole !== undefined && (
        <details>
          <summary>Whole cause</summary>
          <pre>{whole}</pre>
        </details>
      )}
      <WayOn command={run.goOnCommand} />
    </div>
  );
}

/** A run that is on and does nothing, because somebody or its hours have it so. */
function Pause({ run }: { readonly run: RunView }) {
  const { rateLimit } = run.totals;
  if (rateLimit?.itemsPerSecond === 0) {
    return (
      <div class="pause">
        <h2>Paused</h2>
        <p>{rateLimit.pausedBecause ?? 'Its rate was set to 0.'} The execution stays.</p>
        <WayOn command={run.goOnCommand} />
      </div>
    );
  }
  const unfinished = run.chains.filter(({ status }) => status !== 'finished');
  const openings = unfinished.flatMap(({ parkedUntil }) => parkedUntil ?? []);
  const [first] = [...openings].sort();
  if (first === undefined || openings.length < unfinished.length) return null;
  return (
    <div class="pause">
      <h2>Parked</h2>
      <p>
        Every chain that is not finished waits for its hours; the first goes on by itself at {shortDateAndTime(first)}.
      </p>
    </div>
  );
}

function WayOn({ command }: { readonly command: string | undefined }) {
  if (command === undefined) return null;
  return (
    <p class="way-on">
      To go on: <code>{command}</code>
    </p>
  );
}

/** A Lambda's failure comes as JSON with `errorMessage`; anything else is the sentence itself. */
function readCause({ status, cause }: ExecutionView): { readonly sentence: string; readonly whole?: string } {
  const isStopped = status === 'ABORTED';
  if (!cause) {
    return {
      sentence: isStopped
        ? 'The execution was stopped. The ledger keeps where each chain is.'
        : 'The execution gave no cause.',
    };
  }
  try {
    const parsed = JSON.parse(cause) as { readonly errorMessage?: unknown } | null;
    if (typeof parsed?.errorMessage === 'string') {
      return { sentence: parsed.errorMessage, whole: JSON.stringify(parsed, null, 2) };
    }
  } catch {
    // Not JSON: a sentence.
  }
  return { sentence: isStopped ? `${cause.replace(/\.$/, '')}. The ledger keeps where each chain is.` : cause };
}
