import { Callbacks } from '../../../functions/chain/callbacks';
import { type LinkDependencies, runLink } from '../../../functions/chain/link';
import type { LinkReport } from '../../../functions/chain/link-report';
import { Refusal, type RefusalKind } from '../../../functions/contract/errors';
import type { Job } from '../../../functions/contract/job';
import type { ItemId, LinkEvent } from '../../../functions/contract/payloads';
import type { ProviderQuota } from '../../../functions/contract/quota';
import type { ChainRecord, RunRecord } from '../../../functions/ledger/records';
import { Executions } from '../../../functions/run/executions';
import { ServiceError } from '../../../local/aws-service';
import { VirtualClock } from '../../support/virtual-clock';
import { greeting, ledgerOver, memoryTable, storeRun, when } from './fixture';

export interface Answer {
  readonly taskToken: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The outside of a link: a ledger, an execution with its task tokens, a provider, and Lambda. */
export class LinkWorld {
  readonly clock = new VirtualClock();
  readonly table = memoryTable();
  readonly ledger = ledgerOver(this.table, this.clock);
  /** Tokens that Step Functions does not know any more. */
  readonly dead = new Set<string>();
  readonly heartbeats: number[] = [];
  /** What was answered, and how the ledger saw the chain at that moment. */
  readonly answers: (Answer & { readonly chain: ChainRecord | undefined })[] = [];
  readonly handoffs: LinkEvent[] = [];
  readonly sent: { readonly id: number; readonly at: number }[] = [];
  job: Job = greeting();
  /** What the provider lets the account do. */
  quota: () => ProviderQuota | Promise<ProviderQuota> = () => ({
    perSecond: 10_000,
    perDay: Number.POSITIVE_INFINITY,
    usedToday: 0,
  });
  /** Executions that Step Functions knows to have ended, by ARN. */
  readonly ended = new Set<string>();
  timeoutSeconds = 900;
  /** The provider's answer to a mail, asked before it takes effect. */
  provider: (id: number) => RefusalKind | undefined | Promise<RefusalKind | undefined> = () => undefined;
  /** Called when Step Functions is asked anything. */
  onCall: (operation: string) => void = () => {};
  onHandoff: (event: LinkEvent) => void = () => {};
  private owners = 0;

  store(change: Partial<RunRecord> = {}): Promise<RunRecord> {
    return storeRun(this.ledger, change);
  }

  async chain(chainId = 0): Promise<ChainRecord> {
    const chain = await this.ledger.readChain('run-1', chainId);
    if (!chain) throw new Error(`There is no chain ${chainId}.`);
    return chain;
  }

  /** Runs one link of the first chain to its end. */
  link(change: Partial<LinkEvent> = {}, dependencies: Partial<LinkDependencies> = {}): Promise<LinkReport> {
    return when(this.clock, this.start(change, dependencies));
  }

  /** Starts a link, and leaves it to the clock. */
  start(change: Partial<LinkEvent> = {}, dependencies: Partial<LinkDependencies> = {}): Promise<LinkReport> {
    const event = { runId: 'run-1', chainId: 0, epoch: 0, link: 0, taskToken: 'token-0', ...change };
    const endsAt = this.clock.now() + this.timeoutSeconds * 1000;
    this.owners += 1;
    const owner = `owner-${this.owners}`;
    const stepFunctions = { client: { send: this.stepFunctions } as never, clock: this.clock, random: () => 0.5 };
    return runLink(event, {
      ledger: this.ledger,
      callbacks: new Callbacks(stepFunctions),
      executions: new Executions(stepFunctions),
      handoff: {
        invoke: async (successor) => {
          this.onHandoff(successor);
          this.handoffs.push(successor);
        },
      },
      clock: this.clock,
      random: () => 0,
      newOwner: () => owner,
      readQuota: async () => this.quota(),
      findJob: () => this.job,
      findSource: () => this.job.source,
      send: async ({ to }) => {
        const id = Number(/\d+/.exec(to)?.[0]);
        const kind = await this.provider(id);
        if (kind !== undefined) throw new Refusal(kind, 'ProviderCode', `The provider said ${kind}.`);
        this.sent.push({ id, at: this.clock.now() });
        return { messageId: `message-${id}` };
      },
      remainingMilliseconds: () => endsAt - this.clock.now(),
      ...dependencies,
    });
  }

  /** The attempt after one that has parked its chain, as the execution starts it: at the time that it was told to wait for. */
  async nextAttempt(): Promise<Pick<LinkEvent, 'epoch' | 'taskToken'>> {
    const { error, cause } = this.answers.at(-1) ?? {};
    if (error !== 'Chain.Parked') throw new Error(`Expected the chain to be parked, got ${error}.`);
    const { until, epoch } = JSON.parse(cause ?? '') as { readonly until: string; readonly epoch: number };
    await this.clock.advance(Math.max(0, Date.parse(until) - this.clock.now()));
    return { epoch: epoch + 1, taskToken: `token-${epoch + 1}` };
  }

  ids(): ItemId[] {
    return this.sent.map(({ id }) => id);
  }

  private readonly stepFunctions = async (command: { readonly input: Answer }) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    this.onCall(operation);
    const { input } = command;
    if (operation === 'DescribeExecution') {
      const { executionArn } = input as unknown as { readonly executionArn: string };
      return { status: this.ended.has(executionArn) ? 'FAILED' : 'RUNNING', redriveCount: 0 };
    }
    if (this.dead.has(input.taskToken)) throw new ServiceError('TaskTimedOut', 'Task Timed Out');
    if (operation === 'SendTaskHeartbeat') this.heartbeats.push(this.clock.now());
    else {
      this.answers.push({ ...input, chain: await this.ledger.readChain('run-1', 0) });
      this.dead.add(input.taskToken);
    }
    return {};
  };
}
