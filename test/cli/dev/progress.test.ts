import { Progress } from '../../../cli/dev/progress';
import type { ChainView, RunView } from '../../../page/view';

class Terminal {
  written = '';

  constructor(
    readonly isTTY: boolean,
    readonly columns?: number,
    readonly rows?: number,
  ) {}

  write(text: string): boolean {
    this.written += text;
    return true;
  }
}

function progressOn(terminal: Terminal): Progress {
  return new Progress(terminal as unknown as NodeJS.WriteStream);
}

function viewOf(chains: number, second = 0, changes: Partial<ChainView> = {}): RunView {
  const chain = (chainId: number): ChainView => ({
    chainId,
    status: 'interrupted',
    start: 0,
    end: 1000,
    items: 1000,
    isEstimate: false,
    done: 500,
    skipped: 0,
    unprocessed: 0,
    inDoubt: 0,
    itemsPerSecond: 25,
    throttles: 0,
    epoch: 0,
    linksClaimed: 3,
    links: [],
    ...changes,
  });
  return {
    now: new Date(second * 1000).toISOString(),
    execution: null,
    states: [],
    chains: Array.from({ length: chains }, (_, index) => chain(index)),
    totals: {
      planned: 1000 * chains,
      isEstimate: false,
      done: 500 * chains,
      skipped: 0,
      unprocessed: 0,
      inDoubt: 0,
      itemsPerSecond: 250,
      throttles: 0,
      mails: 0,
    },
    throughput: [],
    executions: [],
    endpoints: {},
  };
}

describe('a run whose chains are parked', () => {
  const execution = { status: 'RUNNING' } as NonNullable<RunView['execution']>;
  const parked = { status: 'parked', parkedUntil: '2026-01-06T07:00:00.000Z', itemsPerSecond: 0 } as const;

  it('says until when', () => {
    const terminal = new Terminal(false);
    progressOn(terminal).show({ ...viewOf(2, 0, parked), execution });

    expect(terminal.written).toMatch(/ {2}parked until 2026-01-06 07:00 UTC\n$/);
  });

  it('says nothing of it while another chain is at work, or once it is stopped', () => {
    const [first, second] = viewOf(2, 0, parked).chains as [ChainView, ChainView];
    const written = [
      { ...viewOf(2), execution, chains: [first, { ...second, status: 'running' as const }] },
      { ...viewOf(2, 0, parked), execution: { ...execution, status: 'ABORTED' as const } },
    ].map((view) => {
      const terminal = new Terminal(false);
      progressOn(terminal).show(view);
      return terminal.written;
    });

    expect(written.join('')).not.toContain('parked until');
  });
});

describe('on a terminal, the progress', () => {
  it('shows each chain with its status within 80 columns', () => {
    const terminal = new Terminal(true, 80, 24);
    progressOn(terminal).show(viewOf(2));
    const lines = terminal.written.replace('\u001b[J', '').split('\n');
    expect(lines).toEqual([
      'chain  0  ████████████░░░░░░░░░░░░     500/1000  link  2    25/s  interrupted',
      'chain  1  ████████████░░░░░░░░░░░░     500/1000  link  2    25/s  interrupted',
      '',
      ' 50 %  1000/2000 items  250/s  0 throttled  starting',
      '',
    ]);
  });

  it('draws over itself, and below whatever was written in between', () => {
    const terminal = new Terminal(true, 80, 24);
    const progress = progressOn(terminal);
    progress.show(viewOf(10));
    progress.show(viewOf(10));
    expect(terminal.written.split('\u001b[12A')).toHaveLength(2);
    progress.release();
    terminal.written = '';
    progress.show(viewOf(10));
    expect(terminal.written.startsWith('\u001b[Jchain  0')).toBe(true);
  });

  it('counts the chains that do not fit into its rows', () => {
    const terminal = new Terminal(true, 80, 24);
    const progress = progressOn(terminal);
    progress.show(viewOf(40));
    progress.show(viewOf(40));
    expect(terminal.written).toContain('40 chains: 40 interrupted\n');
    expect(terminal.written).toContain('\u001b[3A');
  });
});

describe('a run that is on', () => {
  const running = (totals: Partial<RunView['totals']>, status = 'RUNNING' as const): RunView => {
    const view = viewOf(1);
    const execution = { arn: '', name: '', startDate: view.now, input: null, redriveCount: 0, status };
    return { ...view, execution, totals: { ...view.totals, itemsPerSecond: 39.72, ...totals } };
  };
  const written = (view: RunView) => {
    const terminal = new Terminal(false);
    progressOn(terminal).show(view);
    return terminal.written;
  };
  const rateLimit = { itemsPerSecond: 120, usedPerSecond: 39.72 };

  it('says how much of its rate it uses, and at what time of the clock it ends', () => {
    const endsAt = new Date(7000).toISOString();
    expect(written(running({ endsAt, rateLimit }))).toMatch(/ {2}39\.7 of 120\/s .* {2}ends \d\d:\d\d:07\n$/);
    expect(written(running({ endsAt: new Date(8 * 86_400_000).toISOString() }))).toMatch(
      /ends Fri, Jan 9, \d\d:\d\d:00\n$/,
    );
  });

  it('says what it waits for', () => {
    expect(written(running({ rateLimit: { ...rateLimit, itemsPerSecond: 0 } }))).toMatch(/ {2}paused\n$/);
    const pausedBecause = '3 % of the mails bounced';
    expect(written(running({ rateLimit: { ...rateLimit, itemsPerSecond: 0, pausedBecause } }))).toMatch(
      /paused: 3 % of the mails bounced\n$/,
    );
    const closedUntil = new Date(9000).toISOString();
    expect(written(running({ rateLimit: { ...rateLimit, closedUntil } }))).toMatch(
      / provider closed until \d\d:\d\d:09\n$/,
    );
  });

  it('says no time once it is stopped', () => {
    const terminal = new Terminal(false);
    const view = running({ endsAt: new Date(7000).toISOString() });
    progressOn(terminal).end({
      ...view,
      execution: { ...(view.execution as NonNullable<RunView['execution']>), status: 'ABORTED' },
    });
    expect(terminal.written).toMatch(/ ABORTED\n$/);
  });
});

it('draws on a terminal that says it has no columns and no rows', () => {
  const terminal = new Terminal(true, 0, 0);
  progressOn(terminal).show(viewOf(2));
  expect(terminal.written).toContain('500/1000');
});

describe('elsewhere, the progress', () => {
  it('is a line for a change only, and not too often, where that is asked for', () => {
    const terminal = new Terminal(false);
    const lines = { lineMilliseconds: 10_000, onlyChanges: true };
    const progress = new Progress(terminal as unknown as NodeJS.WriteStream, lines);
    for (const second of [0, 5, 20, 40]) progress.show(viewOf(1, second));
    for (const second of [45, 46, 56]) progress.show(viewOf(second, second));
    expect(terminal.written.match(/\d+\/\d+ items/g)).toEqual([
      '500/1000 items',
      '22500/45000 items',
      '28000/56000 items',
    ]);
  });

  it('is a line every two seconds without control characters, and one at the end', () => {
    const terminal = new Terminal(false);
    const progress = progressOn(terminal);
    for (const second of [0, 1, 2, 3]) progress.show(viewOf(1, second));
    progress.end(viewOf(1, 3));
    expect(terminal.written).toBe(' 50 %  500/1000 items  250/s  0 throttled  starting\n'.repeat(3));
  });
});
