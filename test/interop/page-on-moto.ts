import { findDeployment } from '../../cli/deployment/find-deployment';
import { systemClock as clock } from '../../functions/contract/clock';
import { deployedMonitor, deployedSource } from '../../page/deployed-source';
import { recordRun } from '../../page/recorded-page';
import type { HistoryEvent, PageSource, RunView } from '../../page/view';
import type { Account } from '../local/whole-run';
import { servePage } from '../page/serve';
import type { Checks } from './checks';

/**
 * The page of a deployed stack, with moto for an AWS: found by its tags, read through Step Functions and DynamoDB, and
 * asked over HTTP as a browser asks it.
 */
export class PageOnMoto {
  static async open(checks: Checks, { sfn, ledger }: Account): Promise<PageOnMoto> {
    const deployment = await findDeployment({}, { sfn });
    checks.equal('the stack is found by its tags', deployment.job, 'weekly-digest');
    const deployed = [{ ...deployment, ledger }] as const;
    const monitor = await deployedMonitor({
      sfn,
      clock,
      deployed,
      commandFor: ({ command, operands }) => [command, ...operands].join(' '),
    });
    return new PageOnMoto(
      checks,
      deployedSource(monitor, () => undefined),
    );
  }

  private constructor(
    private readonly checks: Checks,
    private readonly source: PageSource,
  ) {}

  /** What a browser is given of an execution. */
  async seen(executionArn: string): Promise<RunView> {
    return this.asked<RunView>(`/api/run?execution=${executionArn}`);
  }

  /** While it is on: its attempts are bars that have not ended, and it is known what it may do. */
  async showsRunning(executionArn: string, rate: number): Promise<void> {
    const { execution, chains, totals } = await this.seen(executionArn);
    this.checks.equal('the page shows it running', execution?.status, 'RUNNING');
    this.checks.equal('with what it may do', totals.rateLimit?.itemsPerSecond, rate);
    const bars = chains.flatMap(({ links }) => links).filter(({ endedAt }) => endedAt === undefined);
    this.checks.equal('and a bar for each chain', bars.length, chains.length);
  }

  /** Of a run that has ended: states, items, attempts, history, and the same in a file. */
  async showsEnded(executionArn: string, done: number, skipped: number): Promise<void> {
    const view = await this.seen(executionArn);
    const { execution, states, totals, chains, executions } = view;
    this.checks.equal('the page shows how it ended', execution?.status, 'SUCCEEDED');
    this.checks.equal('and its items', [totals.done, totals.skipped, totals.planned], [done, skipped, done + skipped]);
    const succeeded = states.filter(({ status }) => status === 'succeeded').map(({ name }) => name);
    this.checks.equal('the states that it went through', succeeded, [
      'CreateWorkers',
      'RunChains',
      'EveryChainFinished',
      'ReconcileRun',
    ]);
    const iterations = states.find(({ name }) => name === 'RunChains')?.iterations;
    this.checks.equal('one iteration for each chain', iterations?.succeeded, chains.length);
    const outcomes = chains.map(({ links }) => links.map(({ outcome }) => outcome).join());
    this.checks.equal('each chain with one attempt, which returned', outcomes, Array(chains.length).fill('returned'));
    const listed = executions.find(({ arn }) => arn === executionArn);
    this.checks.equal('it is in the list, with its job', listed?.job, 'weekly-digest');
    await this.showsHistory(executionArn);
  }

  private async showsHistory(executionArn: string): Promise<void> {
    const address = `/api/history?execution=${executionArn}&after=0&limit=1000`;
    const { events } = await this.asked<{ readonly events: readonly HistoryEvent[] }>(address);
    const isWhole = events.every(({ id }, index) => id === index + 1);
    this.checks.holds(`its history is whole: ${events.length} events`, isWhole && events.length > 0, events);
    this.checks.equal('up to its end', events.at(-1)?.type, 'ExecutionSucceeded');
    const recording = JSON.stringify(await recordRun(this.source, executionArn));
    this.checks.holds('a file of it has no task token', !/taskToken[\\":]+\w/.test(recording), 'one');
  }

  private async asked<Answer>(path: string): Promise<Answer> {
    const site = await servePage(this.source);
    try {
      const answer = await fetch(site.origin + path);
      const body = await answer.json();
      this.checks.equal(`${path.split('?')[0]} answers`, answer.status, 200);
      return body as Answer;
    } finally {
      await site.close();
    }
  }
}
