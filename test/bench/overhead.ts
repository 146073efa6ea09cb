import { randomUUID } from 'node:crypto';
import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { dynamoDb } from '../../functions/clients';
import { systemClock as clock, sleep } from '../../functions/contract/clock';
import type { Job } from '../../functions/contract/job';
import type { LinkEvent } from '../../functions/contract/payloads';
import { refusalFrom } from '../../functions/email/refusal';
import { ses, stepFunctions } from '../../functions/handler-clients';
import { idRange } from '../../functions/sources/id-range';
import type { Surroundings } from '../../functions/wiring/surroundings';
import { wireCreateRun } from '../../functions/wiring/wire-create-run';
import { wireReconcileRun } from '../../functions/wiring/wire-reconcile-run';
import { wireRunLink } from '../../functions/wiring/wire-run-link';
import { addressOf } from './bench-recipients';
import { LEDGER_TABLE } from './cloud';
import { type Endpoint, startEndpoint } from './endpoint';
import { median } from './statistics';

/** The engine against a bare loop over the SDK, at the same number of mails in flight. Medians over the repetitions. */
export interface OverheadCell {
  /** Time that SES takes to answer, milliseconds. */
  readonly endpointMilliseconds: number;
  readonly chains: number;
  readonly chunkItems: number;
  readonly items: number;
  readonly repetitions: number;
  readonly engineItemsPerSecond: number;
  readonly bareItemsPerSecond: number;
  /** Engine ÷ bare loop, of the throughput: median of the ratios of neighbouring measurements. */
  readonly throughputRatio: number;
  /** CPU of the calling process per mail, microseconds. */
  readonly engineCpuMicroseconds: number;
  readonly bareCpuMicroseconds: number;
}

export interface OverheadShape {
  readonly endpointMilliseconds: number;
  readonly chains: number;
  readonly chunkItems: number;
  readonly items: number;
}

const NO_LIMIT = 1_000_000;
/** About what the shipped job sends, bytes. */
const MAIL_BYTES = 6000;
const MAIL = Buffer.from(
  `From: digest@example.com\r\nTo: user@example.com\r\nSubject: Digest\r\n\r\n${'x'.repeat(MAIL_BYTES)}`,
);

/** Time and CPU from the first send's start to the last one's end. */
interface Measurement {
  readonly itemsPerSecond: number;
  readonly cpuMicroseconds: number;
}

/** Both sides send the same bytes through the same client; they take turns, so that noise hits both alike. */
export async function overheadCells(
  shapes: readonly OverheadShape[],
  repetitions: number,
): Promise<readonly OverheadCell[]> {
  const endpoint = await startEndpoint();
  try {
    const cells: OverheadCell[] = [];
    for (const shape of shapes) cells.push(await overheadCell(endpoint, shape, repetitions));
    return cells;
  } finally {
    endpoint.close();
  }
}

async function overheadCell(endpoint: Endpoint, shape: OverheadShape, repetitions: number): Promise<OverheadCell> {
  endpoint.setLatency(shape.endpointMilliseconds);
  const engine: Measurement[] = [];
  const bare: Measurement[] = [];
  // One round to warm up connections and compiled code, not counted.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const measured = [await engineRun(endpoint, shape), await bareLoop(shape)] as const;
    if (repetition === 0) continue;
    engine.push(measured[0]);
    bare.push(measured[1]);
  }
  const ratios = engine.map(
    ({ itemsPerSecond }, index) => itemsPerSecond / (bare[index] as Measurement).itemsPerSecond,
  );
  return {
    ...shape,
    repetitions,
    engineItemsPerSecond: median(engine.map(({ itemsPerSecond }) => itemsPerSecond)),
    bareItemsPerSecond: median(bare.map(({ itemsPerSecond }) => itemsPerSecond)),
    throughputRatio: median(ratios),
    engineCpuMicroseconds: median(engine.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    bareCpuMicroseconds: median(bare.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  };
}

/** Sends through the deployed client, and knows when the first send began and the last one ended. */
class Meter {
  private sends = 0;
  private startedAt = 0;
  private endedAt = 0;
  private cpuBefore?: NodeJS.CpuUsage;
  private cpu?: NodeJS.CpuUsage;

  async send(to: string): Promise<void> {
    if (!this.cpuBefore) {
      this.startedAt = performance.now();
      this.cpuBefore = process.cpuUsage();
    }
    await ses().send(new SendRawEmailCommand({ Destinations: [to], RawMessage: { Data: MAIL } }));
    this.sends += 1;
    this.endedAt = performance.now();
    this.cpu = process.cpuUsage(this.cpuBefore);
  }

  measurement(): Measurement {
    if (!this.cpu) throw new Error('Expected a mail to be sent, got none.');
    return {
      itemsPerSecond: (this.sends / (this.endedAt - this.startedAt)) * 1000,
      cpuMicroseconds: (this.cpu.user + this.cpu.system) / this.sends,
    };
  }
}

/** As many workers as the engine may have mails in flight, each sending the next mail as soon as its last one is out. */
async function bareLoop({ chains, chunkItems, items }: OverheadShape): Promise<Measurement> {
  const meter = new Meter();
  let next = 0;
  const worker = async () => {
    while (next < items) await meter.send(addressOf(++next));
  };
  await Promise.all(Array.from({ length: chains * chunkItems }, worker));
  return meter.measurement();
}

/** A whole run: state machine, ledger, leases, chunks – with a budget that leaves the pace nothing to do. */
async function engineRun(endpoint: Endpoint, { chains, chunkItems, items }: OverheadShape): Promise<Measurement> {
  const meter = new Meter();
  const around: Surroundings = { dynamoDb: dynamoDb(), tableName: LEDGER_TABLE, clock, random: Math.random };
  const clients = { stepFunctions: stepFunctions() };
  const job: Job<string> = {
    name: 'overhead',
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 0 },
    load: async (ids) => new Map(ids.map((id) => [id, addressOf(Number(id))])),
    process: (to, { send }) => send({ to, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
  const findJob = () => job;
  const readQuota = async () => ({ perSecond: NO_LIMIT, perDay: Number.POSITIVE_INFINITY, usedToday: 0 });
  const send = ({ to }: { readonly to: string }) =>
    meter.send(to).then(
      () => ({ messageId: 'message' }),
      (error: unknown) => {
        throw refusalFrom(error);
      },
    );
  const settings = { heartbeatSeconds: 120, linkSeconds: 720, sendShare: 1, retentionDays: 1 };
  const runLink = wireRunLink({
    ...around,
    ...clients,
    lambda: { send: () => Promise.reject(new Error('A link was to last until its partition ended.')) },
    nonce: randomUUID,
    findJob,
    readQuota,
    send,
    rehearse: () => Promise.reject(new Error('No run here is a dry one.')),
  });
  const functions: Readonly<Record<string, (event: never) => Promise<unknown>>> = {
    CreateWorkers: wireCreateRun({ ...around, ...clients, findJob, readQuota, settings }),
    RunChain: (event: LinkEvent) =>
      runLink(event, { functionName: 'RunChain', requestId: randomUUID(), remainingMilliseconds: () => 900_000 }),
    ReconcileRun: wireReconcileRun({ ...around, findJob }),
  };
  endpoint.onInvoke = async (name, event) => functions[name]?.(event as never);
  const { executionArn } = await stepFunctions().send(
    new StartExecutionCommand({
      stateMachineArn: endpoint.stateMachineArn,
      name: randomUUID(),
      input: JSON.stringify({ job: job.name, ids: { first: 1, last: items }, chains, chunkItems }),
    }),
  );
  await untilSucceeded(executionArn as string);
  return meter.measurement();
}

async function untilSucceeded(executionArn: string): Promise<void> {
  for (;;) {
    const { status, error, cause } = await stepFunctions().send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`Expected the run to succeed, got ${status}: ${error}: ${cause}`);
    await sleep(clock, 100);
  }
}
