import { settledItems } from '../../functions/contract/outcomes';
import type { ChainView, ExecutionView, LeftoversView, RateLimit, RunView } from '../view';
import { counted, percent, shortDateAndTime, words } from './format';

interface Props {
  readonly run: RunView;
  readonly execution: ExecutionView;
  readonly leftovers: LeftoversView | undefined;
}

/** Chains that are named one by one. */
const FEW_CHAINS = 4;
/** Ids of the most frequent code that are named. */
const FEW_IDS = 5;

/** Why the run does not go on, and what goes on with it: a pause is somebody's will, a failure is not. */
export function Standstill({ run, execution, leftovers }: Props) {
  const { status } = execution;
  if (status === 'SUCCEEDED') return null;
  if (status === 'RUNNING') return <Pause run={run} />;
  const { error } = execution;
  const { sentence, whole } = readCause(execution);
  return (
    <div class={status === 'ABORTED' ? 'pause' : 'failure'}>
      <h2>{error ?? words(status)}</h2>
      <p>{sentence}</p>
      <Unfinished chains={run.chains} />
      {status !== 'ABORTED' && <MostFrequent leftovers={leftovers} />}
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
        <p>{whyPaused(rateLimit)} The execution stays.</p>
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

function whyPaused({ pausedBecause, pausedProvider }: RateLimit): string {
  if (pausedProvider !== undefined) return `The rate of its provider ${pausedProvider} was set to 0, for all runs.`;
  return pausedBecause ?? 'Its rate was set to 0.';
}

/** Which chains did not get through, and why their last attempts gave up. */
function Unfinished({ chains }: { readonly chains: readonly ChainView[] }) {
  const unfinished = chains.filter(({ status }) => status !== 'finished');
  if (unfinished.length === 0) return null;
  const numbers = unfinished.map(({ chainId }) => chainId);
  if (unfinished.length > FEW_CHAINS) {
    return (
      <p>
        {counted(unfinished.length, 'chain')} of {chains.length} not finished: {numbers.join(', ')}.
      </p>
    );
  }
  return (
    <ul class="unfinished">
      {unfinished.map((chain) => (
        <li key={chain.chainId}>
          Chain {chain.chainId} is not finished, at {percent(settledItems(chain), chain.items)} of its items
          {chain.lastError === undefined ? '.' : `: ${chain.lastError}`}
        </li>
      ))}
    </ul>
  );
}

/** What went wrong with most of the items that did. */
function MostFrequent({ leftovers }: { readonly leftovers: LeftoversView | undefined }) {
  const [first] = leftovers?.groups ?? [];
  if (first === undefined) return null;
  const { code, items, ids } = first;
  return (
    <p>
      Most frequent: <code>{code}</code>, {counted(items, 'item')}: {ids.slice(0, FEW_IDS).join(', ')}
      {items > FEW_IDS ? ' …' : '.'}
    </p>
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
