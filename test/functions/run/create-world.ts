import { invalidInput } from '../../../functions/contract/errors';
import type { Job } from '../../../functions/contract/job';
import type { MapMode } from '../../../functions/contract/map-mode';
import type { CreateWorkersResult } from '../../../functions/contract/payloads';
import type { ProviderQuota } from '../../../functions/contract/quota';
import { Ledger } from '../../../functions/ledger/ledger';
import type { ChainRecord, RunRecord } from '../../../functions/ledger/records';
import { createRun } from '../../../functions/run/create-run';
import { leftovers } from '../../../functions/sources/leftovers';
import { list } from '../../../functions/sources/list';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { VirtualClock } from '../../support/virtual-clock';
import { greeting, LEDGER_TABLE, memoryTable, when } from '../chain/fixture';

export const arnOf = (execution: string) =>
  `arn:aws:states:us-east-1:123456789012:execution:worker-chains:${execution}`;

/** What CreateWorkers works with: a ledger, executions that run or have ended, and a provider's quota. */
export class CreateWorld {
  readonly clock = new VirtualClock();
  readonly table = memoryTable();
  readonly ledger = new Ledger({
    client: documentClientOver(this.table) as never,
    tableName: LEDGER_TABLE,
    clock: this.clock,
    random: () => 0,
  });
  /** Executions that are running. */
  readonly running = new Set<string>();
  /** How often an execution was redriven. */
  readonly redrives = new Map<string, number>();
  /** What Step Functions tells of executions, which may be stale. @default - what is true */
  describe = (executionArn: string): { hasEnded: boolean; redriveCount: number } | undefined => ({
    hasEnded: !this.running.has(executionArn),
    redriveCount: this.redrives.get(executionArn) ?? 0,
  });
  /** Half of it is kept for production. */
  quota: ProviderQuota = { perSecond: 100, perDay: 100_000, usedToday: 0 };
  /** Reserved concurrency of the chain function. @default - no limit */
  concurrentLinks: number | undefined;
  /** How the state machine runs the chains. @default - 'inline' */
  mapMode: MapMode | undefined;
  /** Domain of the sender. @default - nobody knows it */
  sendingDomain: string | undefined;
  jobs: readonly Job[] = [greeting(), greeting({ name: 'farewell' })];

  /** Runs the state CreateWorkers of an execution, which is running from then on. */
  async create(execution: string, input: object, executionArn = arnOf(execution)): Promise<CreateWorkersResult> {
    this.running.add(executionArn);
    const event = {
      executionArn,
      executionName: execution,
      redriveCount: this.redrives.get(executionArn) ?? 0,
      input: { job: 'greeting', ...input },
    };
    const created = createRun(event, {
      ledger: this.ledger,
      executions: { describe: async (executionArn) => this.describe(executionArn) },
      clock: this.clock,
      findJob: (name) => {
        const job = this.jobs.find((known) => known.name === name);
        if (!job) throw invalidInput(`There is no job ${name}.`);
        return job;
      },
      sourceFor: ({ ids, unprocessedOf, inDoubtOf }, job) =>
        unprocessedOf !== undefined || inDoubtOf !== undefined
          ? leftovers(this.ledger)
          : Array.isArray(ids)
            ? list()
            : job.source,
      readQuota: async () => this.quota,
      settings: {
        ...{ heartbeatSeconds: 60, linkSeconds: 700, sendShare: 0.5, retentionDays: 90 },
        concurrentLinks: this.concurrentLinks,
        mapMode: this.mapMode,
        ...(this.sendingDomain !== undefined && { sendingDomain: this.sendingDomain }),
      },
    });
    return when(this.clock, created);
  }

  /** The execution ended without success, and is redriven: CreateWorkers, if it failed there, comes again. */
  redrive(execution: string): void {
    const arn = arnOf(execution);
    this.running.add(arn);
    this.redrives.set(arn, (this.redrives.get(arn) ?? 0) + 1);
  }

  stop(execution: string): void {
    this.running.delete(arnOf(execution));
  }

  async run(runId: string): Promise<RunRecord> {
    const run = await this.ledger.readRun(runId);
    if (!run) throw new Error(`Run ${runId} is not in the ledger.`);
    return run;
  }

  /** The refusal of a run, after which the ledger must hold what it held before. */
  async refusal(execution: string, input: object) {
    const before = this.contents();
    const refused = await this.create(execution, input).then(
      () => undefined,
      (error: { code: string; message: string }) => error,
    );
    expect(this.contents()).toEqual(before);
    return refused;
  }

  /** Brings a chain to its end, item by item done. */
  async finish(runId: string, chainId: number): Promise<ChainRecord> {
    const claim = await this.ledger.claimLink({ runId, chainId, epoch: 0, link: 0, owner: 'finisher' });
    if (claim.kind !== 'claimed') throw new Error(`The chain is ${claim.kind}.`);
    const { chain } = claim;
    const items = chain.items ?? 0;
    const counts = { ...chain, done: items };
    const finished = await this.ledger.settle(
      chain,
      { ...chain, cursor: chain.end, given: items, counts, underWay: [] },
      'finished',
    );
    return finished as ChainRecord;
  }

  /** Everything that the ledger holds: a refused run must leave it as it was. */
  contents(): unknown {
    return this.table.snapshot();
  }
}
