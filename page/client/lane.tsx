import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { settledItems } from '../../functions/contract/outcomes';
import type { ChainView, LinkView } from '../view';
import { count, counted, dateAndTime, hourAndMinute, percent, rate, words } from './format';
import { type Axis, type Colours, linkAt, paint } from './timeline';

/** The link that the pointer or the keyboard is on: by its position in its chain, since each view brings new objects. */
export interface Selection {
  readonly chainIndex: number;
  readonly linkIndex: number;
  /** The keyboard chose it, so it is said. */
  readonly spoken: boolean;
}

/** Of the table of lanes. */
const COLUMN_COUNT = 7;

interface Props {
  readonly chain: ChainView;
  readonly index: number;
  /** The execution has ended. */
  readonly over: boolean;
  readonly axis: Axis;
  readonly colours: Colours;
  readonly selection: Selection | undefined;
  /** Only one of the lanes can be reached with Tab. */
  readonly tabStop: boolean;
  /** The link whose details are open. */
  readonly opened: LinkView | undefined;
  /** Those details. */
  readonly children: ComponentChildren;
  /** The address of the page names this chain. */
  readonly marked: boolean;
  /** Opens the details of a link, or closes those that are open. */
  readonly onOpen: (chain: ChainView, link: LinkView | undefined) => void;
  readonly onSelect: (selection: Selection | undefined) => void;
  /** Moves to the lane at that position. */
  readonly onMove: (index: number) => void;
}

/** What a chain owns, how far it is, and its links over time. */
export function Lane(props: Props) {
  const { chain, over, marked } = props;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (marked) row.current?.scrollIntoView({ block: 'center' });
  }, [marked]);
  // The ledger of a stopped run still says running or handed off: nobody was left to write anything else.
  const status = over && chain.status !== 'finished' ? 'unfinished' : chain.status;
  const range = rangeOf(chain);
  const extent = `${chain.isEstimate ? 'about ' : ''}${count(chain.items)}`;
  const outcomes = `Done ${count(chain.done)}, skipped ${count(chain.skipped)}, unprocessed ${count(chain.unprocessed)}, in doubt ${count(chain.inDoubt)} of ${extent}`;
  // Rates are taken over the last seconds: of a chain that has ended, they tell nothing.
  const moves = !over && chain.status !== 'finished' && chain.itemsPerSecond > 0;
  return (
    <>
      <div class="lane" role="row" data-status={status} data-marked={props.marked} ref={row}>
        <span class="chain" role="rowheader">
          <b>{chain.chainId}</b>
          <Standing status={status} parkedUntil={chain.parkedUntil} />
        </span>
        <span
          class="partition"
          role="cell"
          title={`${range}, ${chain.isEstimate ? 'about ' : ''}${counted(chain.items, 'item')}`}
        >
          {range}
        </span>
        <span class="fill" role="cell" title={outcomes}>
          <span class="mini-bar">
            <span class="done" style={{ width: share(chain.done + chain.skipped, chain.items) }} />
            <span class="unprocessed" style={{ width: share(chain.unprocessed, chain.items) }} />
            <span class="inDoubt" style={{ width: share(chain.inDoubt, chain.items) }} />
          </span>
          <span class="lane-percent">{percent(settledItems(chain), chain.items)}</span>
        </span>
        <span class="left-over" role="cell">
          <Marks chain={chain} />
        </span>
        <span class="speed" role="cell">
          {moves ? `${rate(chain.itemsPerSecond)}/s` : '–'}
        </span>
        <span class="throttled" role="cell">
          {chain.throttles > 0 ? count(chain.throttles) : '–'}
        </span>
        <span class="track" role="cell">
          <Timeline {...props} />
        </span>
      </div>
      {props.children && (
        <div role="row">
          <div role="cell" aria-colspan={COLUMN_COUNT}>
            {props.children}
          </div>
        </div>
      )}
    </>
  );
}

/** What of the chain is left to somebody, in figures: of a thousand items a bar does not show two. */
function Marks({ chain: { unprocessed, inDoubt } }: { readonly chain: ChainView }) {
  if (unprocessed + inDoubt === 0) return <>–</>;
  return (
    <>
      {unprocessed > 0 && (
        <span class="mark unprocessed" title={`${count(unprocessed)} unprocessed`}>
          {count(unprocessed)}&thinsp;✕<span class="visually-hidden"> unprocessed</span>
        </span>
      )}
      {inDoubt > 0 && (
        <span class="mark in-doubt" title={`${count(inDoubt)} in doubt`}>
          {count(inDoubt)}&thinsp;?<span class="visually-hidden"> in doubt</span>
        </span>
      )}
    </>
  );
}

/** The status in words; of a parked chain until when, in the reader's own time. */
function Standing({ status, parkedUntil }: { readonly status: string; readonly parkedUntil: string | undefined }) {
  if (status !== 'parked' || parkedUntil === undefined) return <span class="lane-status">{words(status)}</span>;
  return (
    <span class="lane-status" title={`The window of its items opens ${dateAndTime(parkedUntil)}.`}>
      Parked until {hourAndMinute(parkedUntil)}
    </span>
  );
}

function Timeline({ chain, index, axis, colours, selection, opened, tabStop, onOpen, onSelect, onMove }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { links } = chain;
  const linkIndex = selection?.linkIndex ?? -1;
  const selected = links[linkIndex];
  const select = (to: number, spoken: boolean) =>
    onSelect(links[to] ? { chainIndex: index, linkIndex: to, spoken } : undefined);
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, chain, axis, colours, selected ?? opened);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const lane = { ArrowDown: index + 1, ArrowUp: index - 1 }[event.key];
    const link = { ArrowRight: linkIndex + 1, ArrowLeft: linkIndex - 1, Home: 0, End: links.length - 1 }[event.key];
    if (lane !== undefined) onMove(lane);
    else if (event.key === 'Enter' || event.key === ' ') onOpen(chain, selected);
    else if (event.key === 'Escape') onSelect(undefined);
    else if (link === undefined) return;
    else if (links[link]) select(link, true);
    event.preventDefault();
  };
  return (
    <canvas
      ref={canvas}
      class="timeline"
      role="img"
      tabIndex={tabStop ? 0 : -1}
      aria-label={`Chain ${chain.chainId}: ${counted(links.length, 'link')}, epoch ${chain.epoch}. Arrow keys move between links and chains, Enter opens a link.`}
      aria-description={selected && selection?.spoken ? `Link ${selected.link}, epoch ${selected.epoch}` : undefined}
      onPointerMove={(event) => {
        const found = linkAt(chain, axis, event.offsetX);
        if (found !== linkIndex) select(found, false);
      }}
      onClick={(event) => onOpen(chain, links[linkAt(chain, axis, event.offsetX)])}
      onPointerLeave={() => onSelect(undefined)}
      onFocus={() => {
        if (canvas.current?.matches(':focus-visible')) select(selected ? linkIndex : links.length - 1, true);
      }}
      onBlur={() => onSelect(undefined)}
      onKeyDown={onKeyDown}
    />
  );
}

function share(part: number, whole: number): string {
  return `${whole > 0 ? (part / whole) * 100 : 0}%`;
}

/** Half-open, as the ledger keeps it; for numbers the last item itself, which is what a reader looks for. */
function rangeOf({ start, end }: ChainView): string {
  return typeof start === 'number' && typeof end === 'number' ? `${start} – ${end - 1}` : `${start} … ${end}`;
}
