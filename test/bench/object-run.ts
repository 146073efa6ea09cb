import type { Job } from '../../functions/contract/job';
import { objectSource } from '../../functions/sources/s3-object';
import type { Service } from '../../local/aws-service';
import { type Cloud, sleepRange } from './cloud';
import { collectedMegabytes } from './held-memory';
import { LATENCY } from './latency';
import { linesOf } from './object-memory';
import { pacedRun } from './paced-run';

/** A run over an object of very many lines, each of them a call of an API. */
export interface ObjectRunCell {
  readonly lines: number;
  /** Calls per second that the API accepts. */
  readonly rate: number;
  readonly chains: number;
  readonly links: number;
  /** From the entry into RunChains until its last chain has answered, over lines ÷ rate. */
  readonly makespanOverIdeal: number;
  /** CreateWorkers, which reads the whole object, and ReconcileRun. */
  readonly fixedSeconds: number;
  /** Lines that were called for twice, or never. */
  readonly wrong: number;
  /** Heap and buffers after garbage collection when a tenth of the lines were called for, and at the end. */
  readonly earlyMegabytes: number;
  readonly lateMegabytes: number;
}

const RATE = 500;
/** The construct's default: the timeout, less three minutes. */
const LINK_SECONDS = 720;

/** Needs `node --expose-gc`. Runs `s3Object()` and `call` on virtual time; the object is made for each range that is read. */
export async function objectRun(lines: number): Promise<ObjectRunCell> {
  const calls = new Uint8Array(lines + 1);
  const early = Math.floor(lines / 10);
  const held = new Map<number, number>();
  let called = 0;
  const onCall = (id: number) => {
    calls[id] = Math.min(2, (calls[id] ?? 0) + 1);
    called += 1;
    if (called !== early && called !== lines) return;
    // What the first collection leaves to be given back beside it, the second waits for.
    collectedMegabytes();
    held.set(called, collectedMegabytes());
  };
  const { makespanSeconds, fixedSeconds, report } = await pacedRun({
    seed: 1,
    maxSendRate: RATE,
    items: lines,
    rate: RATE,
    linkSeconds: LINK_SECONDS,
    job: (cloud) => callEachLine(lines, cloud, onCall),
  });
  if (report.done !== lines) throw new Error(`Expected ${lines} lines to be done, got ${report.done}.`);
  return {
    lines,
    rate: RATE,
    chains: report.chains,
    links: report.links,
    makespanOverIdeal: makespanSeconds / (lines / RATE),
    fixedSeconds,
    wrong: calls.subarray(1).filter((count) => count !== 1).length,
    earlyMegabytes: held.get(early) ?? Number.NaN,
    lateMegabytes: held.get(lines) ?? Number.NaN,
  };
}

function callEachLine(lines: number, cloud: Cloud, onCall: (id: number) => void): Omit<Job, 'name'> {
  const { clock, random } = cloud;
  const client = cloud.client(objectOf(lines), LATENCY.s3);
  const options = { bucket: 'exports', key: 'lines.csv', format: 'csv', id: 'id' } as const;
  return {
    source: objectSource(options, { client: () => client, retry: { clock, random: random.next } }),
    providers: { api: { rate: RATE, idempotent: true } },
    delivery: 'at-most-once',
    tolerate: { unprocessed: 0 },
    process: (_line, { id, call }) =>
      call('api', async () => {
        await sleepRange(clock, random, LATENCY.ses);
        onCall(Number(id));
      }),
  };
}

/** S3, as far as the source asks it: the object of so many lines, which is nowhere. */
function objectOf(lines: number): Service {
  const content = linesOf(lines);
  const ETag = '"lines"';
  return {
    async handle(operation, { Range }) {
      if (operation === 'HeadObject') return { ETag, ContentLength: content.size };
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(String(Range)) ?? [];
      if (operation !== 'GetObject' || first === undefined)
        throw new Error(`Expected a range to be read, got ${operation} ${Range}.`);
      return { ETag, Body: [content.range(Number(first), Math.min(Number(last) + 1, content.size))] };
    },
  };
}
