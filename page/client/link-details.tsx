import { useEffect, useState } from 'preact/hooks';
import { settledItems } from '../../functions/contract/outcomes';
import type { ChainView, ExecutionView, LinkView, RunView } from '../view';
import { getJson, sentenceOf } from './connection';
import { endOf } from './elapsed';
import { count, counted, duration, offset, rate, timeOfDay, words } from './format';
import { logHref } from './log-link';
import { OUTCOMES, outcomeWords } from './outcome-words';
import { chainHref } from './route';
import { STANDINGS } from './timeline';

interface Props {
  readonly run: RunView;
  readonly execution: ExecutionView;
  readonly chain: ChainView;
  readonly link: LinkView;
  readonly onClose: () => void;
}

/** One link of a chain: what it did, when, and where its log is. */
export function LinkDetails({ run, execution, chain, link, onClose }: Props) {
  const { logs, totals } = run;
  const { requestId, startedAt, endedAt } = link;
  const [begin, now] = [Date.parse(execution.startDate), endOf(execution, run.now)];
  return (
    <section class="link-details" aria-label={`Chain ${chain.chainId}, link ${link.link}`}>
      <div class="card-head">
        <h3>
          Chain {chain.chainId}, link {link.link}
          {link.severalLinks && ' and later'}
        </h3>
        {totals.mails !== undefined && <a href={chainHref('inbox', chain.chainId)}>Mails of chain {chain.chainId}</a>}
        <button type="button" class="small-button" onClick={onClose}>
          Close
        </button>
      </div>
      <dl class="facts">
        {factsOf(link, begin, now).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {requestId !== undefined && (
          <div>
            <dt>Request id</dt>
            <dd>
              <code>{requestId}</code>
            </dd>
          </div>
        )}
        {requestId !== undefined && logs?.place === 'CloudWatch' && (
          <div>
            <dt>Log</dt>
            <dd>
              <a href={logHref(logs, requestId, startedAt, endedAt ?? now)} target="_blank" rel="noreferrer">
                Its lines in CloudWatch
              </a>
            </dd>
          </div>
        )}
      </dl>
      {requestId !== undefined && logs?.place === 'here' && (
        <LogLines key={requestId} requestId={requestId} ended={endedAt !== undefined} />
      )}
    </section>
  );
}

function factsOf(link: LinkView, begin: number, now: number): readonly (readonly [term: string, value: string])[] {
  const { epoch, startedAt, endedAt, outcome, settled, end } = link;
  const took = (endedAt ?? now) - startedAt;
  return [
    ['Items', settled ? itemsOf(settled, took) : endedAt === undefined ? 'Told when it returns' : 'It did not say'],
    [
      'Started',
      `${timeOfDay(new Date(startedAt).toISOString())}, ${offset(startedAt - begin, true)} into the execution`,
    ],
    [endedAt === undefined ? 'Running for' : 'Took', duration(took)],
    ['Ended', end === undefined ? words(STANDINGS[outcome ?? 'running'].label) : words(end)],
    ['Epoch', count(epoch)],
  ];
}

function itemsOf(settled: NonNullable<LinkView['settled']>, took: number): string {
  const all = settledItems(settled);
  const told = outcomeWords(
    settled,
    OUTCOMES.filter((outcome) => settled[outcome] > 0),
  );
  const pace = took > 0 ? `, ${rate((all * 1000) / took)}/s` : '';
  return all === 0 ? 'None' : `${count(all)}: ${told}${pace}`;
}

/** What the invocation wrote; asked for again once it has ended. */
function LogLines({ requestId, ended }: { readonly requestId: string; readonly ended: boolean }) {
  const [lines, setLines] = useState<readonly string[]>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    getJson<{ readonly lines: readonly string[] }>(`/api/logs/${requestId}`).then(
      (answer) => setLines(answer.lines),
      (error: unknown) => setFailure(sentenceOf(error)),
    );
  }, [requestId, ended]);
  if (failure !== undefined) return <p class="muted">{failure}</p>;
  if (lines === undefined) return null;
  if (lines.length === 0) return <p class="muted">Nothing is kept of its log.</p>;
  return (
    <>
      <h4>{counted(lines.length, 'log line')}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre class="payload" tabIndex={0}>
        {lines.join('\n')}
      </pre>
    </>
  );
}
