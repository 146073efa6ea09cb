import { settledItems } from '../../functions/contract/outcomes';
import type { ChainView, RunView } from '../../page/view';
import { printable } from '../printable';

const BAR_CELLS = 24;
const LINE_MILLISECONDS = 2000;
/** Of the terminal: what stands above the drawing, the drawing's last two lines, and the cursor's line. */
const OTHER_ROWS = 4;

/** Shows a run while it is on: redrawn in place on a terminal, a line now and then elsewhere. */
export class Progress {
  private drawnLines = 0;
  private lastLineAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly stream: NodeJS.WriteStream) {}

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
    const { columns: width = 80, rows = 24 } = this.stream;
    // What has scrolled out of the terminal cannot be drawn over.
    const chains = view.chains.length + OTHER_ROWS > rows ? [chainCounts(view)] : view.chains.map(chainLine);
    const lines = [...chains, '', overall(view)].map((line) => printable(line).slice(0, width - 1));
    const up = this.drawnLines > 0 ? `\u001b[${this.drawnLines}A` : '';
    // To the end of the screen: a drawing of fewer lines leaves nothing of a longer one.
    this.stream.write(`${up}\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    this.drawnLines = lines.length;
  }

  private line(view: RunView): void {
    const now = Date.parse(view.now);
    if (now - this.lastLineAt < LINE_MILLISECONDS) return;
    this.lastLineAt = now;
    this.stream.write(`${printable(overall(view))}\n`);
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
  return `${chains.length} chains: ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}`;
}

function overall(view: RunView): string {
  const { totals, execution } = view;
  const { planned, unprocessed, inDoubt } = totals;
  const handled = settledItems(totals);
  const percent =
    planned === 0 ? Number(execution?.status === 'SUCCEEDED') * 100 : Math.floor((handled / planned) * 100);
  return [
    `${String(percent).padStart(3)} %`,
    `${handled}/${about(totals)}${planned} items`,
    `${totals.itemsPerSecond.toFixed(0)}/s`,
    `${totals.throttles} throttled`,
    ...(unprocessed + inDoubt > 0 ? [`${unprocessed} unprocessed, ${inDoubt} in doubt`] : []),
    standing(view),
  ].join('  ');
}

function standing({ totals, execution, chains }: RunView): string {
  const left = chains.filter(({ status }) => status !== 'finished');
  const [first] = left.flatMap(({ parkedUntil }) => parkedUntil ?? []).sort();
  const isParked = first !== undefined && left.every(({ status }) => status === 'parked');
  if (execution?.status === 'RUNNING' && isParked) return `parked until ${first.slice(0, 16).replace('T', ' ')} UTC`;
  if (execution?.status === 'RUNNING' && totals.etaSeconds !== undefined) return `${totals.etaSeconds} s left`;
  return execution?.status ?? 'starting';
}
