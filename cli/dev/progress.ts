import { counted } from '../../functions/contract/counted';
import { settledItems } from '../../functions/contract/outcomes';
import type { ChainView, RunView } from '../../page/view';
import { printable } from '../printable';

const BAR_CELLS = 24;
/** What a line is written for elsewhere than on a terminal. */
interface Lines {
  /** Between two of them at least. */
  readonly lineMilliseconds: number;
  /** Not one that says what the one before said. */
  readonly onlyChanges: boolean;
}

const USUAL_LINES: Lines = { lineMilliseconds: 2000, onlyChanges: false };
const DAY_MILLISECONDS = 86_400_000;
/** Of the terminal: what stands above the drawing, the drawing's last two lines, and the cursor's line. */
const OTHER_ROWS = 4;

/** Shows a run while it is on: redrawn in place on a terminal, a line now and then elsewhere. */
export class Progress {
  private drawnLines = 0;
  private lastLineAt = Number.NEGATIVE_INFINITY;
  private lastLine = '';

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly lines = USUAL_LINES,
  ) {}

  show(view: RunView): void {
    if (this.stream.isTTY) this.redraw(view);
    else this.line(view);
  }

  /** Leaves the last drawing where it is. */
  end(view: RunView): void {
    if (this.stream.isTTY) this.redraw(view);
    else this.stream.write(`${printable(overall(view))}\n`);
    this.release();
  }

  /** Something else is about to be written: the next drawing begins below it. */
  release(): void {
    this.drawnLines = 0;
  }

  private redraw(view: RunView): void {
    // A terminal that does not know its size may say that it has none.
    const { columns, rows } = this.stream;
    const [width, height] = [columns || 80, rows || 24];
    // What has scrolled out of the terminal cannot be drawn over.
    const chains = view.chains.length + OTHER_ROWS > height ? [chainCounts(view)] : view.chains.map(chainLine);
    const lines = [...chains, '', overall(view)].map((line) => printable(line).slice(0, width - 1));
    const up = this.drawnLines > 0 ? `\u001b[${this.drawnLines}A` : '';
    // To the end of the screen: a drawing of fewer lines leaves nothing of a longer one.
    this.stream.write(`${up}\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    this.drawnLines = lines.length;
  }

  private line(view: RunView): void {
    const now = Date.parse(view.now);
    const { lineMilliseconds, onlyChanges } = this.lines;
    const line = overall(view);
    if (now - this.lastLineAt < lineMilliseconds || (onlyChanges && line === this.lastLine)) return;
    this.lastLineAt = now;
    this.lastLine = line;
    this.stream.write(`${printable(line)}\n`);
  }
}

function chainLine(chain: ChainView): string {
  const handled = chain.done + chain.skipped + chain.unprocessed + chain.inDoubt;
  const cells = chain.items === 0 ? BAR_CELLS : Math.floor((handled / chain.items) * BAR_CELLS);
  return [
    `chain ${String(chain.chainId).padStart(2)}`,
    '█'.repeat(cells) + '░'.repeat(BAR_CELLS - cells),
    `${handled}/${about(chain)}${chain.items}`.padStart(11),
    `link ${String(Math.max(0, chain.linksClaimed - 1)).padStart(2)}`,
    `${chain.itemsPerSecond.toFixed(0).padStart(4)}/s`,
    chain.status,
    ...(chain.throttles > 0 ? [`${chain.throttles} throttled`] : []),
  ].join('  ');
}

/** The source does not know how many items it has. */
function about({ isEstimate }: { readonly isEstimate: boolean }): string {
  return isEstimate ? '~' : '';
}

function chainCounts({ chains }: RunView): string {
  const counts = new Map<string, number>();
  for (const { status } of chains) counts.set(status, (counts.get(status) ?? 0) + 1);
  return `${counted(chains.length, 'chain')}: ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}`;
}

function overall(view: RunView): string {
  const { totals, execution } = view;
  const { planned, unprocessed, inDoubt } = totals;
  const handled = settledItems(totals);
  const percent =
    planned === 0 ? Number(execution?.status === 'SUCCEEDED') * 100 : Math.floor((handled / planned) * 100);
  return [
    `${String(percent).padStart(3)} %`,
    `${handled}/${about(totals)}${counted(planned, 'item')}`,
    ...pace(view),
    `${totals.throttles} throttled`,
    ...(unprocessed + inDoubt > 0 ? [`${unprocessed} unprocessed, ${inDoubt} in doubt`] : []),
    standing(view),
  ].join('  ');
}

function standing(view: RunView): string {
  const { totals, execution, chains } = view;
  const left = chains.filter(({ status }) => status !== 'finished');
  const [first] = left.flatMap(({ parkedUntil }) => parkedUntil ?? []).sort();
  const isParked = first !== undefined && left.every(({ status }) => status === 'parked');
  if (execution?.status === 'RUNNING' && isParked) return `parked until ${first.slice(0, 16).replace('T', ' ')} UTC`;
  if (execution?.status !== 'RUNNING') return execution?.status ?? 'starting';
  const { rateLimit, endsAt } = totals;
  if (rateLimit?.itemsPerSecond === 0) return `paused${rateLimit.pausedBecause ? `: ${rateLimit.pausedBecause}` : ''}`;
  if (rateLimit?.closedUntil !== undefined)
    return `provider closed until ${clockTime(rateLimit.closedUntil, view.now)}`;
  return endsAt === undefined ? 'RUNNING' : `ends ${clockTime(endsAt, view.now)}`;
}

/** `39.7 of 120/s` where it is known how many it may be; nothing once the run has ended. */
function pace({ totals, execution }: RunView): readonly string[] {
  const { itemsPerSecond, rateLimit } = totals;
  if (execution !== null && execution.status !== 'RUNNING') return [];
  if (rateLimit === undefined || rateLimit.itemsPerSecond === 0) return [`${perSecond(itemsPerSecond)}/s`];
  return [
    `${rateLimit.usedPerSecond === undefined ? '–' : perSecond(rateLimit.usedPerSecond)} of ${perSecond(rateLimit.itemsPerSecond)}/s`,
  ];
}

function perSecond(rate: number): string {
  return rate >= 100 || Number.isInteger(rate) ? rate.toFixed(0) : rate.toFixed(1);
}

/** Of the day, by this machine's clock; with the date where it is not within the day after `now`. */
function clockTime(at: string, now: string): string {
  const time = new Date(at);
  const isNear = Date.parse(at) - Date.parse(now) < DAY_MILLISECONDS;
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const date = isNear ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat('en', { ...date, ...options }).format(time);
}
