import { randomUUID } from 'node:crypto';
import { Callbacks } from '../../functions/chain/callbacks';
import { runLink } from '../../functions/chain/link';
import { systemClock as clock } from '../../functions/clients';
import type { Job } from '../../functions/contract/job';
import { Ledger } from '../../functions/ledger/ledger';
import { createRun } from '../../functions/run/create-run';
import { Executions } from '../../functions/run/executions';
import { idRange } from '../../functions/sources/id-range';
import { documentClientOver } from '../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../local/dynamodb/memory';
import { addressOf } from './bench-recipients';
import { LEDGER_TABLE } from './cloud';

/** The heap of one link that processes very many items, after garbage collection. */
export interface MemoryCell {
  readonly items: number;
  /** After a tenth of the items: everything is loaded and compiled. */
  readonly earlyHeapMegabytes: number;
  readonly lateHeapMegabytes: number;
  /** Growth per item in between, bytes; about 0 unless something is kept for every item. */
  readonly bytesPerItem: number;
  readonly itemsPerSecond: number;
}

/** No pace in the way: the link works as fast as its own code allows. */
const NO_LIMIT = 1_000_000;

/** Needs `node --expose-gc`. The link is real; its services answer at once, and keep nothing. */
export async function memoryOfLongLink(items: number): Promise<MemoryCell> {
  const collect = globalThis.gc;
  if (!collect) throw new Error('Expected node to run with --expose-gc, got none: start it with npm run bench.');
  const dynamoDb = new MemoryDynamoDB([{ tableName: LEDGER_TABLE, hashKey: 'pk', rangeKey: 'sk' }]);
  const random = Math.random;
  const ledger = new Ledger({
    client: documentClientOver(dynamoDb) as never,
    tableName: LEDGER_TABLE,
    clock,
    random,
  });
  const stepFunctions = { client: { send: async () => ({}) } as never, clock, random };
  const callbacks = new Callbacks(stepFunctions);
  const executions = new Executions(stepFunctions);
  const job: Job<string> = {
    name: 'memory',
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 0 },
    load: async (ids) => new Map(ids.map((id) => [id, addressOf(Number(id))])),
    process: (to, { send }) => send({ to, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
  const findJob = () => job;
  const readQuota = async () => ({ perSecond: NO_LIMIT, perDay: Number.POSITIVE_INFINITY, usedToday: 0 });
  const { runId } = await createRun(
    {
      executionArn: 'arn',
      executionName: 'memory',
      input: { job: 'memory', ids: { first: 1, last: items }, chains: 1 },
    },
    {
      ledger,
      executions,
      clock,
      findJob,
      sourceFor: () => job.source,
      readQuota,
      settings: { heartbeatSeconds: 120, linkSeconds: 720, sendShare: 1, retentionDays: 1 },
    },
  );
  const early = Math.floor(items / 10);
  const late = items - 1;
  const heap = new Map<number, number>();
  let sent = 0;
  const startedAt = performance.now();
  const { end, done } = await runLink(
    { runId, chainId: 0, epoch: 0, link: 0, taskToken: 'token' },
    {
      ledger,
      callbacks,
      executions,
      handoff: { invoke: async () => Promise.reject(new Error('The link was to reach the end of its partition.')) },
      clock,
      random,
      newOwner: randomUUID,
      findJob,
      findSource: () => job.source,
      readQuota,
      send: async () => {
        sent += 1;
        if (sent !== early && sent !== late) return;
        collect();
        heap.set(sent, process.memoryUsage().heapUsed);
      },
      remainingMilliseconds: () => 900_000,
    },
  );
  if (end !== 'finished' || done !== items) {
    throw new Error(`Expected the link to finish ${items} items, got ${end} after ${done}.`);
  }
  const [first, last] = [heap.get(early) as number, heap.get(late) as number];
  return {
    items,
    earlyHeapMegabytes: first / 2 ** 20,
    lateHeapMegabytes: last / 2 ** 20,
    bytesPerItem: (last - first) / (late - early),
    itemsPerSecond: (items / (performance.now() - startedAt)) * 1000,
  };
}
