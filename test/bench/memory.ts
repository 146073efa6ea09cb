import { randomUUID } from 'node:crypto';
import { systemClock as clock } from '../../functions/contract/clock';
import type { Job } from '../../functions/contract/job';
import { idRange } from '../../functions/sources/id-range';
import type { Surroundings } from '../../functions/wiring/surroundings';
import { wireCreateRun } from '../../functions/wiring/wire-create-run';
import { wireRunLink } from '../../functions/wiring/wire-run-link';
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
  const around: Surroundings = {
    dynamoDb: documentClientOver(dynamoDb) as never,
    tableName: LEDGER_TABLE,
    clock,
    random: Math.random,
  };
  const stepFunctions = { send: async () => ({}) } as never;
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
  const settings = { heartbeatSeconds: 120, linkSeconds: 720, sendShare: 1, retentionDays: 1 };
  const { runId } = await wireCreateRun({ ...around, stepFunctions, findJob, readQuota, settings })({
    executionArn: 'arn',
    executionName: 'memory',
    input: { job: 'memory', ids: { first: 1, last: items }, chains: 1 },
  });
  const early = Math.floor(items / 10);
  const late = items - 1;
  const heap = new Map<number, number>();
  let sent = 0;
  const startedAt = performance.now();
  const runLink = wireRunLink({
    ...around,
    stepFunctions,
    lambda: { send: () => Promise.reject(new Error('The link was to reach the end of its partition.')) },
    nonce: randomUUID,
    findJob,
    readQuota,
    send: async () => {
      sent += 1;
      if (sent === early || sent === late) {
        collect();
        heap.set(sent, process.memoryUsage().heapUsed);
      }
      return { messageId: 'message' };
    },
    rehearse: () => Promise.reject(new Error('No run here is a dry one.')),
  });
  const { end, done } = await runLink(
    { runId, chainId: 0, epoch: 0, link: 0, taskToken: 'token' },
    { functionName: 'RunChain', requestId: randomUUID(), remainingMilliseconds: () => 900_000 },
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
