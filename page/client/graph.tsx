import { useMemo, useState } from 'preact/hooks';
import type { ExecutionView, RunView, StateView } from '../view';
import { endOf } from './elapsed';
import type { EventLog } from './event-log';
import { duration } from './format';
import { END_RADIUS, type GraphLayout, layOut, NODE_HEIGHT } from './graph-layout';
import { StateDetails } from './state-details';
import { useWidth } from './use-width';

const GLYPHS = { succeeded: '✓', failed: '✕', caught: '!', aborted: '■', running: '●', waiting: '○', passed: '↷' };
const WORDS = {
  waiting: 'Not entered yet',
  passed: 'Not needed',
  succeeded: 'Succeeded',
  running: 'In progress',
  failed: 'Failed',
  caught: 'Caught error',
  aborted: 'Aborted',
};

/** A state as it is drawn. */
interface Shown {
  readonly state: StateView;
  readonly status: keyof typeof WORDS;
  readonly word: string;
  /** One short line: how far it is, or how long it took. */
  readonly summary: string;
}

interface Props {
  readonly run: RunView;
  readonly execution: ExecutionView;
  readonly log: EventLog;
}

/** The top-level states as the Step Functions console draws them. Each of them opens what went through it. */
export function Graph({ run, execution, log }: Props) {
  const [opened, open] = useState<string>();
  const [ref, room] = useWidth<HTMLDivElement>();
  const { states } = run;
  const edges = states.map(({ name, next }) => `${name}>${next}`).join(' ');
  // The states are new objects in each view, their edges are not.
  const layout = useMemo(() => (room > 0 && states.length > 0 ? layOut(states, room) : undefined), [room, edges]);
  const shown = shownStates(run, execution);
  const state = states.find(({ name }) => name === opened);
  return (
    <div class="graph" ref={ref}>
      <div class="graph-stage">
        {layout && (
          <div class="drawing">
            <Drawing layout={layout} shown={shown} execution={execution} />
            <Openers
              layout={layout}
              shown={shown}
              opened={opened}
              onOpen={(name) => open(name === opened ? undefined : name)}
            />
          </div>
        )}
      </div>
      {state && (
        <StateDetails
          key={state.name}
          state={state}
          execution={execution}
          log={log}
          now={run.now}
          onClose={() => open(undefined)}
        />
      )}
    </div>
  );
}

interface DrawingProps {
  readonly layout: GraphLayout;
  readonly shown: readonly Shown[];
  readonly execution: ExecutionView;
}

function Drawing({ layout, shown, execution }: DrawingProps) {
  const { width, height, boxes, edges, dots } = layout;
  const entered = shown.map(({ state }) => state.enteredAt !== undefined);
  const taken = (from: number, to: number) => {
    const left = from < 0 || entered[from];
    const arrived = to === shown.length ? execution.status === 'SUCCEEDED' : entered[to];
    return left && arrived && !entered.slice(from + 1, to).includes(true);
  };
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <ArrowHead id="arrow" />
      <ArrowHead id="arrow-taken" />
      {edges.map(({ from, to, path }) => (
        <path key={`${from} ${to}`} d={path} class={taken(from, to) ? 'edge taken' : 'edge'} />
      ))}
      {dots.map(([x, y], index) => (
        <circle key={x + y} cx={x} cy={y} r={END_RADIUS} class={index === 0 ? 'terminal' : 'terminal end'} />
      ))}
      {shown.map(({ state, status, summary }, index) => {
        const box = boxes[index];
        if (!box) return null;
        return (
          <g key={state.name} class="state" data-status={status} transform={`translate(${box.x} ${box.y})`}>
            <rect width={box.width} height={NODE_HEIGHT} rx={7} />
            <text x={15} y={22} class="glyph" text-anchor="middle">
              {GLYPHS[status]}
            </text>
            <text x={28} y={22} class="name">
              {state.name}
            </text>
            <text x={28} y={41} class="line">
              {shortened(summary, box.width)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface OpenersProps {
  readonly layout: GraphLayout;
  readonly shown: readonly Shown[];
  /** Name of the state that is open. */
  readonly opened: string | undefined;
  readonly onOpen: (name: string) => void;
}

/** A button over each state of the drawing. */
function Openers({ layout, shown, opened, onOpen }: OpenersProps) {
  return shown.map(({ state, word, summary }, index) => {
    const box = layout.boxes[index];
    if (!box) return null;
    const isOpen = state.name === opened;
    return (
      <button
        key={state.name}
        type="button"
        class="state-opener"
        style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${NODE_HEIGHT}px` }}
        title={[state.name, `${state.type} state`, word, state.detail, summary].filter(Boolean).join('\n')}
        aria-label={`${state.name}: ${word}.${summary === word ? '' : ` ${summary}`}`}
        aria-expanded={isOpen}
        aria-controls={isOpen ? 'state-details' : undefined}
        onClick={() => onOpen(state.name)}
      />
    );
  });
}

function ArrowHead({ id }: { readonly id: string }) {
  return (
    <marker id={id} viewBox="0 0 8 8" refX={6} refY={4} markerWidth={7} markerHeight={7} orient="auto">
      <path d="M0 0.5L7 4L0 7.5z" class={id} />
    </marker>
  );
}

function shownStates({ states, now }: RunView, execution: ExecutionView): readonly Shown[] {
  const over = execution.status !== 'RUNNING';
  const end = endOf(execution, now);
  return states.map((state, index) => {
    const later = states.slice(index + 1).some(({ enteredAt }) => enteredAt !== undefined);
    const passed = state.status === 'waiting' && (later || execution.status === 'SUCCEEDED');
    const status = passed ? 'passed' : state.status;
    const word = status === 'waiting' && over ? 'Not reached' : WORDS[status];
    return { state, status, word, summary: summaryOf(state, word, end) };
  });
}

/** @param end when the execution ended or the view was taken: a state that failed has no exit, and its clock stops there */
function summaryOf({ iterations, enteredAt, exitedAt, detail }: StateView, word: string, end: number): string {
  if (!enteredAt) return word;
  if (iterations) {
    const failed = iterations.failed > 0 ? `, ${iterations.failed} failed` : '';
    return `${iterations.succeeded} of ${iterations.total} done${failed}`;
  }
  if (detail) return detail;
  return duration((exitedAt === undefined ? end : Date.parse(exitedAt)) - Date.parse(enteredAt));
}

/** SVG text does not wrap or clip; 6.4 pixels is an average letter at 12 pixels. The title has the whole of it. */
function shortened(text: string, width: number): string {
  const letters = Math.floor((width - 36) / 6.4);
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
