import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExecutionView, RunView } from '../view';
import { counted, duration, offset, rate, timeOfDay } from './format';
import { OUTCOME_LABELS, OUTCOMES } from './outcome-words';
import { type Bin, binMilliseconds, binsOf, longestGap } from './throughput-bins';
import { type Drawn, sumOf, ThroughputPlot } from './throughput-plot';
import type { Axis, Colours } from './timeline';

/** Rows of the table that says the same to a screen reader. */
const SPOKEN_BINS = 12;
/** It is said anew so often, and its intervals are multiples of it. */
const SPOKEN_MILLISECONDS = 5000;
/** A gap between two looks is told where it is longer than so many bins. */
const TOLD_GAP_BINS = 4;

interface Props {
  readonly run: RunView;
  readonly execution: ExecutionView;
  readonly axis: Axis;
  readonly colours: Colours;
}

/** Items per second over time, by outcome, on the axis of the lanes below it. */
export function Throughput({ run, execution, axis, colours }: Props) {
  const [pointed, point] = useState(-1);
  const { throughput, chains } = run;
  const step = binMilliseconds(axis.from, axis.until, axis.width);
  const bins = useMemo(
    () => binsOf(throughput, axis.from, axis.until, step),
    [throughput, axis.from, axis.until, step],
  );
  if (chains.length === 0) return null;
  const begin = Date.parse(execution.startDate);
  const bin = bins[pointed];
  return (
    <figure class="throughput" aria-label="Throughput">
      <figcaption>
        <h3>Throughput</h3>
        <p class="reading">{bin ? readingOf(bin, begin) : <Peak bins={bins} run={run} />}</p>
        <ul class="legend">
          {OUTCOMES.map((outcome) => (
            <li key={outcome}>
              <span class={`swatch ${outcome}`} />
              {bin ? `${OUTCOME_LABELS[outcome]} ${rate(bin.perSecond[outcome])}/s` : OUTCOME_LABELS[outcome]}
            </li>
          ))}
          <li>
            <span class="swatch budget" />
            {bin?.allowedPerSecond === undefined ? 'Budget' : `Budget ${rate(bin.allowedPerSecond)}/s`}
          </li>
          <li>
            <span class="swatch throttle">▼</span>
            {bin ? counted(Math.round(bin.throttles), 'throttle') : 'Throttled'}
          </li>
          <li>
            <span class="swatch handoff" />
            Handoff
          </li>
        </ul>
        <GapNotice run={run} step={step} />
      </figcaption>
      <div class="track">
        {axis.width > 0 && <Canvas drawn={{ axis, bins, step, chains, colours }} onPoint={point} />}
      </div>
      <Spoken run={run} axis={axis} begin={begin} />
    </figure>
  );
}

function Canvas({ drawn, onPoint }: { readonly drawn: Drawn; readonly onPoint: (index: number) => void }) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<ThroughputPlot>(undefined);
  useLayoutEffect(() => {
    if (!element.current) return;
    plot.current = new ThroughputPlot(element.current, drawn, onPoint);
    return () => plot.current?.destroy();
  }, []);
  useLayoutEffect(() => plot.current?.update(drawn));
  return <div class="plot" aria-hidden="true" ref={element} />;
}

function readingOf(bin: Bin, begin: number): string {
  return `${offset(bin.at - begin)}: ${rate(sumOf(bin))} items/s`;
}

/** What a glance is to tell: how fast it went at most, and what it may do. */
function Peak({ bins, run }: { readonly bins: readonly Bin[]; readonly run: RunView }) {
  const peak = Math.max(0, ...bins.map(sumOf));
  const allowed = run.totals.rateLimit?.itemsPerSecond ?? bins.at(-1)?.allowedPerSecond;
  return (
    <>
      {[`Up to ${rate(peak)} items/s`, allowed !== undefined && `budget ${rate(allowed)}/s`].filter(Boolean).join(', ')}
    </>
  );
}

/** While nobody looks, nobody sees how fast it goes. */
function GapNotice({ run: { throughput }, step }: { readonly run: RunView; readonly step: number }) {
  const longest = longestGap(throughput);
  if (longest === undefined || longest.gap < TOLD_GAP_BINS * step) return null;
  return (
    <p class="muted">
      Nobody looked for {duration(longest.gap)} from {timeOfDay(new Date(longest.at).toISOString())} on: the mean is
      drawn.
    </p>
  );
}

/** The plot in words, in a dozen rows at most; not for every poll, which nobody could listen to. */
function Spoken({ run, axis, begin }: { readonly run: RunView; readonly axis: Axis; readonly begin: number }) {
  const step = Math.ceil((axis.until - axis.from) / SPOKEN_BINS / SPOKEN_MILLISECONDS) * SPOKEN_MILLISECONDS;
  const round = Math.floor(axis.until / SPOKEN_MILLISECONDS);
  return useMemo(
    () => <SpokenBins bins={binsOf(run.throughput, axis.from, axis.until, step)} begin={begin} />,
    [run.execution?.arn, run.execution?.status, step, round],
  );
}

function SpokenBins({ bins, begin }: { readonly bins: readonly Bin[]; readonly begin: number }) {
  return (
    // A table is as wide as its cells, whatever it is told.
    <div class="visually-hidden">
      <table>
        <caption>Items per second over time</caption>
        <thead>
          <tr>
            {['From', ...OUTCOMES.map((outcome) => OUTCOME_LABELS[outcome]), 'Budget', 'Throttles'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin.at}>
              <th scope="row">{offset(bin.at - begin)}</th>
              {OUTCOMES.map((outcome) => (
                <td key={outcome}>{rate(bin.perSecond[outcome])}</td>
              ))}
              <td>{bin.allowedPerSecond === undefined ? '–' : rate(bin.allowedPerSecond)}</td>
              <td>{Math.round(bin.throttles)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
