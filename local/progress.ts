import type { ChainView, RunView } from './page/view';

const BAR_CELLS = 24;
const LINE_MILLISECONDS = 2000;

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
    else this.stream.write(`${overall(view)}\n`);
    this.drawnLines = 0;
  }

  private redraw(view: RunView): void {
    const width = this.stream.columns || 80;
    const lines = [...view.chains.map(chainLine), '', overall(view)].map((line) => line.slice(0, width - 1));
    const up = this.drawnLines > 0 ? `\u001b[${this.drawnLines}A` : '';
    this.stream.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
    this.drawnLines = lines.length;
  }

  private line(view: RunView): void {
    const now = Date.parse(view.now);
    if (now - this.lastLineAt < LINE_MILLISECONDS) return;
    this.lastLineAt = now;
    this.stream.write(`${overall(view)}\n`);
  }
}

function chainLine(chain: ChainView): string {
  const handled = chain.done + chain.skipped + chain.unprocessed + chain.inDoubt;
  const cells = chain.items === 0 ? BAR_CELLS : Math.floor((handled / chain.items) * BAR_CELLS);
  return [
    `chain ${String(chain.chainId).padStart(2)}`,
    '█'.repeat(cells) + '░'.repeat(BAR_CELLS - cells),
    `${handled}/${chain.items}`.padStart(11),
    `link ${String(Math.max(0, chain.linksClaimed - 1)).padStart(2)}`,
    `${chain.itemsPerSecond.toFixed(0).padStart(4)}/s`,
    `${chain.throttles} throttled`,
    chain.status,
  ].join('  ');
}

function overall({ totals, execution }: RunView): string {
  const { planned, done, skipped, unprocessed, inDoubt } = totals;
  const handled = done + skipped + unprocessed + inDoubt;
  const percent =
    planned === 0 ? Number(execution?.status === 'SUCCEEDED') * 100 : Math.floor((handled / planned) * 100);
  return [
    `${String(percent).padStart(3)} %`,
    `${handled}/${planned} items`,
    `${totals.itemsPerSecond.toFixed(0)}/s`,
    `${totals.throttles} throttled`,
    ...(unprocessed + inDoubt > 0 ? [`${unprocessed} unprocessed, ${inDoubt} in doubt`] : []),
    totals.etaSeconds === undefined ? (execution?.status ?? 'starting') : `${totals.etaSeconds} s left`,
  ].join('  ');
}
