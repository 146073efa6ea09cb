import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChainView, ExecutionView, LinkView, RunView } from '../view';
import { problemsFirst } from './chain-order';
import { endOf } from './elapsed';
import { counted, duration } from './format';
import { Lane, type Selection } from './lane';
import { LinkDetails } from './link-details';
import { Throughput } from './throughput';
import { type Axis, axisOf, middleOf, readColours, STANDINGS } from './timeline';
import { useWidth } from './use-width';

const SPANS_MILLISECONDS = [
  ['Whole run', Number.POSITIVE_INFINITY],
  ['Last 5 min', 300_000],
  ['Last minute', 60_000],
] as const;
const COLUMNS = [
  ['chain', 'Chain'],
  ['partition', 'Items'],
  ['fill', 'Progress'],
  ['left-over', 'Left'],
  ['speed', 'Rate'],
  ['throttled', 'Throttles'],
] as const;

interface Props {
  readonly run: RunView;
  readonly execution: ExecutionView;
  /** Number of the chain that the address of the page names. */
  readonly marked: number | undefined;
}

/**
 * One lane per chain, in a grid that roles make a table: a table that is drawn as a grid is none to some screen readers. All lanes share one time axis, and one stop of the Tab key: arrow keys move on from there.
 */
export function Lanes({ run, execution, marked }: Props) {
  const over = execution.status !== 'RUNNING';
  const [sorted, sort] = useState(false);
  const chains = sorted ? problemsFirst(run.chains, over) : run.chains;
  const [opened, open] = useState<OpenedLink>();
  const openLink = (chain: ChainView, link: LinkView | undefined) =>
    open(
      link && !isOpened(opened, chain, link)
        ? { chainId: chain.chainId, epoch: link.epoch, link: link.link, startedAt: link.startedAt }
        : undefined,
    );
  const [axisElement, width] = useWidth<HTMLDivElement>();
  const [span, setSpan] = useState<number>(SPANS_MILLISECONDS[0][1]);
  const [selection, select] = useState<Selection>();
  const [tabStop, setTabStop] = useState(0);
  const colours = useColours();
  const container = useRef<HTMLDivElement>(null);
  const axis = axisOf(Date.parse(execution.startDate), endOf(execution, run.now), span, width);
  const canvasAt = (index: number) => container.current?.querySelectorAll<HTMLCanvasElement>('canvas.timeline')[index];
  const moveTo = (index: number) => {
    if (!chains[index]) return;
    setTabStop(index);
    canvasAt(index)?.focus();
  };
  const links = chains.reduce((sum, chain) => sum + chain.linksClaimed, 0);
  return (
    <div class="lanes" ref={container}>
      <section class="card" aria-label="Chains">
        <div class="card-head">
          <h2>{chains.length > 0 ? `${counted(chains.length, 'chain')}, ${counted(links, 'link')}` : 'Chains'}</h2>
          <label class="check">
            <input type="checkbox" checked={sorted} onChange={(event) => sort(event.currentTarget.checked)} />
            Problems first
          </label>
          <fieldset class="segmented">
            <legend class="visually-hidden">Time axis</legend>
            {SPANS_MILLISECONDS.map(([label, value]) => (
              <label key={label}>
                <input type="radio" name="span" checked={span === value} onChange={() => setSpan(value)} />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
        </div>
        <p class="muted" hidden={chains.length > 0}>
          CreateWorkers splits the items among the chains; they appear here when it is done.
        </p>
        <Throughput run={run} execution={execution} axis={axis} colours={colours} />
        <div class="lane-table" role="table" aria-label="Chains" hidden={chains.length === 0}>
          <div role="rowgroup">
            <div class="lane lane-head" role="row">
              {COLUMNS.map(([className, label]) => (
                <span key={label} class={className} role="columnheader">
                  {label}
                </span>
              ))}
              <span class="track" role="columnheader">
                <span class="visually-hidden">Links over time</span>
                <div class="axis" aria-hidden="true" ref={axisElement}>
                  {axis.ticks.map(({ x, label }, index) => (
                    <span key={index} class="axis-label" style={{ transform: `translateX(${x}px)` }}>
                      {label}
                    </span>
                  ))}
                </div>
              </span>
            </div>
          </div>
          <div role="rowgroup">
            {chains.map((chain, index) => {
              const link = chain.links.find((each) => isOpened(opened, chain, each));
              return (
                <Lane
                  key={chain.chainId}
                  chain={chain}
                  index={index}
                  over={over}
                  opened={link}
                  marked={marked === chain.chainId}
                  onOpen={openLink}
                  axis={axis}
                  colours={colours}
                  selection={selection?.chainIndex === index ? selection : undefined}
                  tabStop={tabStop === index}
                  onSelect={select}
                  onMove={moveTo}
                >
                  {link && (
                    <LinkDetails
                      run={run}
                      execution={execution}
                      chain={chain}
                      link={link}
                      onClose={() => open(undefined)}
                    />
                  )}
                </Lane>
              );
            })}
          </div>
        </div>
        <ul class="legend">
          {Object.entries(STANDINGS).map(([standing, { label }]) => (
            <li key={standing}>
              <span class={`swatch link-${standing}`} />
              {label}
            </li>
          ))}
          <li>
            <span class="swatch epoch-mark" />a new epoch begins
          </li>
          {run.chains.some(({ links }) => links.some(({ settled }) => settled)) && (
            <li>Deeper: more items per second</li>
          )}
        </ul>
        {run.linksNotice !== undefined && <p class="links-notice">{run.linksNotice}</p>}
      </section>
      <Tip chains={chains} selection={selection} axis={axis} container={container} canvasAt={canvasAt} />
    </div>
  );
}

/** A link that was clicked: by what names it in every view. */
interface OpenedLink {
  readonly chainId: number;
  readonly epoch: number;
  readonly link: number;
  readonly startedAt: number;
}

function isOpened(
  opened: OpenedLink | undefined,
  { chainId }: ChainView,
  { epoch, link, startedAt }: LinkView,
): boolean {
  return (
    opened !== undefined &&
    opened.chainId === chainId &&
    opened.epoch === epoch &&
    opened.link === link &&
    opened.startedAt === startedAt
  );
}

function useColours() {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setColours(readColours());
    scheme.addEventListener('change', onChange);
    return () => scheme.removeEventListener('change', onChange);
  }, []);
  return colours;
}

interface TipProps {
  readonly chains: readonly ChainView[];
  readonly selection: Selection | undefined;
  readonly axis: Axis;
  readonly container: RefObject<HTMLDivElement | null>;
  readonly canvasAt: (index: number) => HTMLCanvasElement | undefined;
}

/** Says which link the pointer or the keyboard is on. */
function Tip({ chains, selection, axis, container, canvasAt }: TipProps) {
  const tip = useRef<HTMLDivElement>(null);
  const chain = chains[selection?.chainIndex ?? -1];
  const link = chain?.links[selection?.linkIndex ?? -1];
  useLayoutEffect(() => {
    const [box, canvas] = [tip.current, canvasAt(selection?.chainIndex ?? -1)];
    if (!link || !box || !canvas || !container.current) return;
    const frame = container.current.getBoundingClientRect();
    const lane = canvas.getBoundingClientRect();
    const wanted = lane.left + middleOf(link, axis) - frame.left - box.offsetWidth / 2;
    const left = Math.min(Math.max(wanted, 4), frame.width - box.offsetWidth - 4);
    box.style.transform = `translate(${left}px, ${lane.top - frame.top - box.offsetHeight - 6}px)`;
  });
  return (
    <div class="tip" role="status" hidden={!link} ref={tip}>
      {chain &&
        link &&
        `Chain ${chain.chainId}, link ${link.link}${link.severalLinks ? ' and later' : ''}, epoch ${link.epoch}: ${STANDINGS[link.outcome ?? 'running'].label}, ${duration((link.endedAt ?? axis.now) - link.startedAt)}`}
    </div>
  );
}
