import { systemClock as clock, sleep } from '../../functions/contract/clock';
import { isAtWork } from '../../functions/contract/status';
import type { RunView } from '../../page/view';
import { INTERRUPTED } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { awsFailure } from '../deployment/aws-failure';
import { Progress } from '../dev/progress';
import { devReport, exitCode, printReport } from '../dev/run-report';
import { print } from '../output';
import { printable } from '../printable';
import { commandFor } from '../recommended-command';
import { findExecution, type WatchedDeployment, watchDeployment } from './watched-deployment';

const LOOK_MILLISECONDS = 3000;
/** Between tries while AWS does not answer. */
const PAUSE_MILLISECONDS = 10_000;
/** Elsewhere than on a terminal there is a line so often, if anything has changed. */
const LINE_MILLISECONDS = 10_000;
/** After a stop the links end within a heartbeat interval, which is a minute unless the job says otherwise. */
const SETTLING_MILLISECONDS = 90_000;

/**
 * `worker-chains watch`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or there is no such deployment or run; Failure where AWS does not
 * answer in the beginning
 */
export async function watch({ json, ...choice }: DeployedFlags & JsonFlag, reference: string): Promise<number> {
  const watched = await watchDeployment(choice);
  const executionArn = await findExecution(reference, watched);
  const shown = json ? new JsonLines() : new Drawing(watched);
  process.once('SIGINT', () => {
    shown.leave(executionArn.split(':').at(-1) as string);
    process.exit(INTERRUPTED);
  });
  return exitCode(devReport(await follow(executionArn, watched, shown)));
}

/** How a person, or a program, is shown a run. */
interface Shown {
  show(view: RunView): void;
  end(view: RunView): void;
  leave(run: string): void;
  /** AWS does not answer, for this reason. */
  trouble(sentence: string): void;
}

/** Looks at the execution until it has ended, and its links with it. */
async function follow(executionArn: string, { monitor }: WatchedDeployment, shown: Shown): Promise<RunView> {
  for (;;) {
    const view = await look();
    if (view === undefined) {
      await sleep(clock, PAUSE_MILLISECONDS);
      continue;
    }
    if (isOver(view)) {
      shown.end(view);
      return view;
    }
    shown.show(view);
    await sleep(clock, LOOK_MILLISECONDS);
  }

  /** Undefined while AWS does not answer: the run goes on all the same. */
  async function look(): Promise<RunView | undefined> {
    try {
      return await monitor.run(executionArn);
    } catch (error) {
      const failure = awsFailure(error);
      if (failure === undefined) throw error;
      shown.trouble(failure.message);
      return undefined;
    }
  }
}

function isOver({ execution, chains, now }: RunView): boolean {
  if (execution === null || execution.status === 'RUNNING') return false;
  return !chains.some(isAtWork) || Date.parse(now) - Date.parse(execution.stopDate ?? now) > SETTLING_MILLISECONDS;
}

class Drawing implements Shown {
  private readonly progress = new Progress(process.stdout, { lineMilliseconds: LINE_MILLISECONDS, onlyChanges: true });
  private told = '';

  constructor(private readonly watched: WatchedDeployment) {}

  show(view: RunView): void {
    this.tell(view.notice ?? '');
    this.progress.show(view);
  }

  end(view: RunView): void {
    this.progress.end(view);
    process.stdout.write(`${printReport(devReport(view), view, { sendsMail: false, goOn: view.goOnCommand })}\n`);
  }

  leave(run: string): void {
    const again = commandFor(this.watched.deployment, 'watch', { operands: [run] });
    process.stderr.write(`\nThe run goes on. To look again: ${printable(again)}\n`);
  }

  trouble(sentence: string): void {
    this.tell(`${sentence} It is tried again every ${PAUSE_MILLISECONDS / 1000} s.`);
  }

  /** Once for each thing there is to tell. */
  private tell(sentence: string): void {
    if (sentence !== '' && sentence !== this.told) {
      this.progress.release();
      process.stderr.write(`${printable(sentence)}\n`);
    }
    this.told = sentence;
  }
}

class JsonLines implements Shown {
  private before = '';

  show(view: RunView): void {
    const { at, ...line } = lineOf(view);
    const text = JSON.stringify(line);
    if (text !== this.before) print({ at, ...line });
    this.before = text;
  }

  end(view: RunView): void {
    print(devReport(view));
  }

  leave(): void {}

  trouble(sentence: string): void {
    process.stderr.write(`${printable(sentence)}\n`);
  }
}

function lineOf({ now, execution, totals, chains, notice }: RunView) {
  return {
    at: now,
    status: execution?.status,
    ...totals,
    ...(notice !== undefined && { notice }),
    chains: chains.map(({ links: _links, start: _start, end: _end, ...chain }) => chain),
  };
}
