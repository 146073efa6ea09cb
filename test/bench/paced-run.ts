import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LinkReport } from '../../functions/chain/link-report';
import type { Job } from '../../functions/contract/job';
import type {
  CreateWorkersEvent,
  LinkEvent,
  ReconcileRunEvent,
  RunInput,
  RunReport,
} from '../../functions/contract/payloads';
import { refusalFrom } from '../../functions/email/refusal';
import { type RunRecord, runKey } from '../../functions/ledger/records';
import { idRange } from '../../functions/sources/id-range';
import type { Surroundings } from '../../functions/wiring/surroundings';
import { wireCreateRun } from '../../functions/wiring/wire-create-run';
import { wireFailLink } from '../../functions/wiring/wire-fail-link';
import { wireReconcileRun } from '../../functions/wiring/wire-reconcile-run';
import { wireRunLink } from '../../functions/wiring/wire-run-link';
import type { Invocation } from '../../local/lambda/runtime';
import { StepFunctions } from '../../local/step-functions/step-functions-service';
import { FUNCTION_ARN } from '../support/function-config';
import { addressOf, idOf, isBenchAddress, ROW_BYTES } from './bench-recipients';
import { Cloud, LEDGER_TABLE, sleepRange } from './cloud';
import { LATENCY, type Range } from './latency';

export const STATE_MACHINE = readFileSync(join(__dirname, '../../statemachine/worker-chains.asl.json'), 'utf8')
  .replaceAll(/\$\{Partition\}/g, 'aws')
  .replace(/\$\{(\w+)FunctionArn\}/g, (_, name: string) => FUNCTION_ARN + name);

const JOB = 'bench';
export const RUN_ID = 'bench-run';
/** The construct's default. */
const HEARTBEAT_SECONDS = 120;
/** The construct's share; every run names its rate, so that it is not used. */
const SEND_SHARE = 0.8;

export interface PacedRunOptions {
  readonly seed: number;
  /** Mails per second that the account may send. */
  readonly maxSendRate: number;
  readonly items: number;
  /** @default - as many as CreateWorkers derives */
  readonly chains?: number;
  /** Mails per second for the whole run. May exceed `maxSendRate`: that is a run without a pace. */
  readonly rate: number;
  readonly linkSeconds: number;
  /** @default - what CreateWorkers derives from the pace */
  readonly chunkItems?: number;
  /** What the job says of its items. @default - nothing */
  readonly itemSeconds?: number;
  /** SES refuses what exceeds its rate in any second. @default - short bursts pass */
  readonly strictSendRate?: boolean;
  /** Items that a link claims at a time, for each that is under way. @default - the product's */
  readonly claimFactor?: number;
  /** Of SES, milliseconds. @default - a provider in the same region */
  readonly sesLatency?: Range;
  /** @default - one that sends a mail to each of the ids 1 to `items` */
  readonly job?: (cloud: Cloud) => Omit<Job, 'name'>;
  /** Called when the run is about to start, to put something beside it. */
  readonly beside?: (cloud: Cloud) => void;
}

export interface PacedRunResult {
  /** From the entry into RunChains until its last chain has answered. */
  readonly makespanSeconds: number;
  /** CreateWorkers before, and ReconcileRun after. */
  readonly fixedSeconds: number;
  readonly attempts: number;
  readonly throttled: number;
  readonly mails: number;
  readonly duplicates: number;
  /** State transitions as Step Functions bills them, start and end included. */
  readonly transitions: number;
  /** Items of a full chunk. */
  readonly chunkItems: number;
  readonly reports: readonly LinkReport[];
  readonly report: RunReport;
  readonly cloud: Cloud;
  /** Decision times of accepted mails, per chain and link, in order. */
  readonly sendsByLink: ReadonlyMap<string, readonly number[]>;
}

/** Runs the deployed state machine over the real domain to its end, on virtual time. */
export async function pacedRun(options: PacedRunOptions): Promise<PacedRunResult> {
  const { maxSendRate, items, chains, rate, linkSeconds, chunkItems } = options;
  const reports: LinkReport[] = [];
  const sendsByLink = new Map<string, number[]>();
  const sent = new Uint8Array(items + 1);
  let attempts = 0;
  let throttled = 0;
  let mails = 0;
  let duplicates = 0;

  const cloud: Cloud = new Cloud({
    seed: options.seed,
    maxSendRate,
    strictSendRate: options.strictSendRate ?? false,
    ...(options.sesLatency && { sesLatency: options.sesLatency }),
    functions: {
      CreateWorkers: { run: ({ event }) => createWorkers(event as CreateWorkersEvent) },
      RunChain: {
        maximumRetryAttempts: 0,
        maximumEventAgeSeconds: HEARTBEAT_SECONDS,
        onFailureFunctionArn: `${FUNCTION_ARN}FailChain`,
        run: (invocation) => runChain(invocation),
      },
      FailChain: {
        run: ({ event }) => wireFailLink({ ...around, stepFunctions: stepFunctionsClient })(event),
      },
      ReconcileRun: {
        run: ({ event }) => wireReconcileRun({ ...around, findJob })(event as ReconcileRunEvent),
      },
    },
  });
  const { clock } = cloud;
  const random = cloud.random.next;
  let runChainsEnteredAt = Number.NaN;
  let runChainsExitedAt = Number.NaN;
  let transitions = 0;
  const stepFunctions = new StepFunctions({
    clock,
    random,
    randomToken: () => cloud.newId('token'),
    invokeFunction: async (input) => {
      await sleepRange(clock, cloud.random, LATENCY.lambda);
      return (await cloud.lambda.handle('Invoke', { ...input })) as never;
    },
    onHistoryEvent: (_, { type, stateEnteredEventDetails, stateExitedEventDetails }) => {
      // Start and end of an execution are counted as AWS's own pricing example counts them.
      if (type?.endsWith('StateEntered') || type === 'ExecutionStarted' || type === 'ExecutionSucceeded')
        transitions += 1;
      if (type === 'MapStateEntered' && stateEnteredEventDetails?.name === 'RunChains')
        runChainsEnteredAt = clock.now();
      if (type === 'MapStateExited' && stateExitedEventDetails?.name === 'RunChains') runChainsExitedAt = clock.now();
    },
  });
  const around: Surroundings = {
    dynamoDb: cloud.client(cloud.dynamoDb, LATENCY.dynamoDb),
    tableName: LEDGER_TABLE,
    clock,
    random,
  };
  const stepFunctionsClient = cloud.client(stepFunctions, LATENCY.stepFunctions);
  const job = {
    ...(options.job?.(cloud) ?? benchJob(cloud)),
    name: JOB,
    ...(options.itemSeconds !== undefined && { itemSeconds: options.itemSeconds }),
  };
  const findJob = () => job;
  const readQuota = async () => ({
    perSecond: Math.max(rate, maxSendRate),
    perDay: Number.POSITIVE_INFINITY,
    usedToday: 0,
  });

  function createWorkers(event: CreateWorkersEvent) {
    const settings = { heartbeatSeconds: HEARTBEAT_SECONDS, linkSeconds, sendShare: SEND_SHARE, retentionDays: 90 };
    return wireCreateRun({ ...around, stepFunctions: stepFunctionsClient, findJob, readQuota, settings })(event);
  }

  async function runChain({ event, requestId, deadline }: Invocation) {
    const { chainId, link } = event as LinkEvent;
    const sends: number[] = [];
    sendsByLink.set(`${chainId}/${link}`, sends);
    const runLink = wireRunLink({
      ...around,
      ...(options.claimFactor !== undefined && { claimFactor: options.claimFactor }),
      stepFunctions: stepFunctionsClient,
      lambda: cloud.client(cloud.lambda, LATENCY.lambda),
      nonce: () => cloud.newId('owner'),
      findJob,
      readQuota,
      send: async ({ to }) => {
        sends.push(clock.now());
        await cloud.send(to).catch((error: unknown) => {
          throw refusalFrom(error);
        });
        return { messageId: to };
      },
      rehearse: () => Promise.reject(new Error('No run here is a dry one.')),
    });
    const remainingMilliseconds = () => deadline - clock.now();
    const report = await runLink(event as LinkEvent, { functionName: 'RunChain', requestId, remainingMilliseconds });
    reports.push(report);
    return { end: report.end };
  }

  cloud.onAttempt = ({ to, accepted }) => {
    if (!isBenchAddress(to)) return;
    attempts += 1;
    if (!accepted) throttled += 1;
    else {
      mails += 1;
      const id = idOf(to);
      if (sent[id] === 1) duplicates += 1;
      sent[id] = 1;
    }
  };

  const { stateMachineArn } = await stepFunctions.handle('CreateStateMachine', {
    name: 'worker-chains',
    definition: STATE_MACHINE,
    roleArn: 'arn:aws:iam::123456789012:role/worker-chains',
  });
  const startedAt = clock.now();
  const input: RunInput = {
    job: JOB,
    ...(options.job === undefined && { ids: { first: 1, last: items } }),
    rate,
    linkSeconds,
    ...(chains !== undefined && { chains }),
    ...(chunkItems !== undefined && { chunkItems }),
  };
  const { executionArn } = await stepFunctions.handle('StartExecution', {
    stateMachineArn,
    name: RUN_ID,
    input: JSON.stringify(input),
  });
  options.beside?.(cloud);
  let execution = await stepFunctions.handle('DescribeExecution', { executionArn });
  while (execution.status === 'RUNNING') {
    await clock.advance(500);
    execution = await stepFunctions.handle('DescribeExecution', { executionArn });
  }
  if (execution.status !== 'SUCCEEDED') {
    throw new Error(`Expected the run to succeed, got ${execution.status}: ${execution.error}: ${execution.cause}`);
  }
  const endedAt = (execution.stopDate as Date).getTime();
  const stored = await cloud.dynamoDb.handle('Get', { TableName: LEDGER_TABLE, Key: runKey(RUN_ID) });
  return {
    makespanSeconds: (runChainsExitedAt - runChainsEnteredAt) / 1000,
    fixedSeconds: (runChainsEnteredAt - startedAt + endedAt - runChainsExitedAt) / 1000,
    attempts,
    throttled,
    mails,
    duplicates,
    transitions,
    chunkItems: (stored.Item as unknown as RunRecord).chunkItems,
    reports,
    report: JSON.parse(execution.output as string) as RunReport,
    cloud,
    sendsByLink,
  };
}

/** Sends one mail to every id: nothing is skipped, so that each item costs a permit and a call. */
function benchJob(cloud: Cloud): Job<string> {
  return {
    name: JOB,
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 0 },
    async load(ids) {
      await cloud.readRows(ids.length, ROW_BYTES);
      return new Map(ids.map((id) => [id, addressOf(Number(id))]));
    },
    process: (to, { send }) => send({ to, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
}
