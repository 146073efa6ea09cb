import type {
  ExecutionSummary,
  HistoryEvent,
  LeftoversView,
  MailDetail,
  MailPage,
  MailQuery,
  PageSource,
  RunView,
} from '../../page/view';
import { SimulatedRun, summaryOf } from './fixture';

/** Several executions, newest first; a test may put another before them. */
export class SeveralRuns implements PageSource {
  constructor(public runs: readonly SimulatedRun[]) {}

  async executions(): Promise<readonly ExecutionSummary[]> {
    return this.runs.map((run) => summaryOf(run.view()));
  }

  async run(executionArn?: string): Promise<RunView> {
    return { ...this.find(executionArn).view(), executions: await this.executions() };
  }

  async history(executionArn: string | undefined, after: number, limit: number): Promise<readonly HistoryEvent[]> {
    return this.find(executionArn).history(executionArn, after, limit);
  }

  leftovers(): Promise<LeftoversView> {
    return Promise.resolve({ groups: [], isWhole: true });
  }

  mails(query: MailQuery): Promise<MailPage> {
    return this.find(undefined).mails(query);
  }

  mail(messageId: string): Promise<MailDetail | undefined> {
    return this.find(undefined).mail(messageId);
  }

  private find(executionArn: string | undefined): SimulatedRun {
    const found = executionArn === undefined ? this.runs[0] : this.runs.find(({ arn }) => arn === executionArn);
    if (!found) throw new Error(`Expected an execution that ran here, got ${executionArn}: take one from the list.`);
    return found;
  }
}

/** Three executions of two sizes: one that runs, one that failed, one that succeeded. */
export function severalRuns(): SeveralRuns {
  const small = { chains: 3, itemsPerChain: 40, linksPerChain: 3, linkMilliseconds: 1500 } as const;
  const ten = { chains: 10, itemsPerChain: 260, linksPerChain: 9, linkMilliseconds: 2500 } as const;
  const running = new SimulatedRun({ ...ten, fails: false }, 'monday');
  running.elapsedMilliseconds = 16_300;
  return new SeveralRuns([
    running,
    new SimulatedRun({ ...small, fails: true }, 'sunday').finish(),
    new SimulatedRun({ ...small, fails: false }, 'saturday').finish(),
  ]);
}
