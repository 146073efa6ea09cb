import type { Clock } from '../../../functions/contract/clock';
import { type Job, skip } from '../../../functions/contract/job';
import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import type { Source } from '../../../functions/contract/source';
import { RECORD_VERSION } from '../../../functions/contract/versions';
import { Ledger } from '../../../functions/ledger/ledger';
import { CHAIN_DEFAULTS, type ChainRecord, type RunRecord } from '../../../functions/ledger/records';
import { idRange } from '../../../functions/sources/id-range';
import type { Service } from '../../../local/aws-service';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import type { VirtualClock } from '../../support/virtual-clock';

export const LEDGER_TABLE = 'ledger';
export const MONDAY = Date.UTC(2026, 0, 5, 8);

export function memoryTable(): MemoryDynamoDB {
  return new MemoryDynamoDB([{ tableName: LEDGER_TABLE, hashKey: 'pk', rangeKey: 'sk' }]);
}

/** The keys of everything that the ledger holds. */
export async function keysIn(table: Service): Promise<readonly { readonly pk: string; readonly sk: string }[]> {
  const { Items = [] } = await table.handle('Scan', { TableName: LEDGER_TABLE });
  return Items as { pk: string; sk: string }[];
}

export function ledgerOver(service: Service, clock: Clock): Ledger {
  return new Ledger({
    client: documentClientOver(service) as never,
    tableName: LEDGER_TABLE,
    clock,
    random: () => 0.5,
  });
}

/** A run of ids 1 to 100 in two chains of 50. */
export function aRun(change: Partial<RunRecord> = {}): RunRecord {
  return {
    version: RECORD_VERSION,
    runId: 'run-1',
    job: 'greeting',
    status: 'creating',
    source: 'id-range',
    plan: { start: 1, end: 101, items: 100 },
    partitions: [
      { start: 1, end: 51, items: 50 },
      { start: 51, end: 101, items: 50 },
    ],
    delivery: 'at-most-once',
    tolerateUnprocessed: 1,
    rate: 1000,
    quotaPerSecond: 1250,
    sendShare: 0.8,
    dailyAllowance: null,
    chunkItems: 10,
    linkSeconds: 60,
    heartbeatSeconds: 30,
    chainTimeoutSeconds: 3600,
    generation: 0,
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:worker-chains:run-1',
    createdAt: MONDAY,
    expiresAt: MONDAY / 1000 + 86_400,
    ...change,
  };
}

/** Stores the run and its chains as CreateWorkers does. */
export async function storeRun(ledger: Ledger, change: Partial<RunRecord> = {}): Promise<RunRecord> {
  const run = await ledger.createRun(aRun(change));
  await ledger.createChains(run);
  await ledger.setRunStatus(run.runId, 'running');
  return run;
}

/** A chain as planned, for what looks at chains without a ledger. */
export function aChain(change: Partial<ChainRecord> = {}): ChainRecord {
  return {
    ...NO_COUNTS,
    runId: 'run-1',
    chainId: 0,
    status: 'running',
    start: 1,
    end: 51,
    items: 50,
    cursor: 1,
    given: 0,
    carry: [],
    claim: null,
    sequence: 0,
    epoch: 0,
    link: 0,
    owner: 'owner',
    links: 1,
    linkBudget: 55,
    fullLinks: 0,
    failures: 0,
    throttles: 0,
    backOff: null,
    forgivenFailures: 0,
    forgivenLinks: 0,
    ...CHAIN_DEFAULTS,
    updatedAt: MONDAY,
    expiresAt: MONDAY / 1000 + 86_400,
    ...change,
  };
}

/** Greets every user by mail; an id that is a multiple of 10 has unsubscribed. */
export function greeting(change: Partial<Job> = {}): Job {
  return {
    name: 'greeting',
    source: idRange(),
    load: async (ids) => new Map(ids.map((id) => [id, id])),
    process: (_, { id, send }) => (Number(id) % 10 === 0 ? skip('unsubscribed') : send(mailTo(id))),
    tolerate: { unprocessed: 1 },
    delivery: 'at-most-once',
    ...change,
  };
}

export function mailTo(id: ItemId) {
  return {
    to: `user-${id}@example.com`,
    subject: 'Hello',
    html: '<p>Hello</p>',
    text: 'Hello',
    unsubscribeUrl: 'https://example.com/unsubscribe',
  };
}

/** Sources whose cursors are numbers, with one of the three questions answered differently. */
export function sourceWith(change: Partial<Source>): Source {
  return { ...idRange(), ...change };
}

/** Lets virtual time pass until the promise settles. */
export async function when<Result>(clock: VirtualClock, promise: Promise<Result>): Promise<Result> {
  await clock.runUntil(promise);
  return promise;
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last + 1 - first }, (_, index) => first + index);
}
