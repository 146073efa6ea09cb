import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { LinkReport } from '../../functions/chain/link-report';
import { ERROR_CODES } from '../../functions/contract/names';
import type { RunReport } from '../../functions/contract/payloads';
import type { FeedbackReport } from '../../functions/feedback/take-feedback';

/** What the construct calls the job's worker chains in the stack that ships. */
export const SERVICE = 'WorkerChains.WeeklyDigest.985BF2E1';

/** And the function behind the queue of feedback, which stands with the ledger. */
const FEEDBACK_SERVICE = 'WorkerChains.WeeklyDigest.Ledger.Feedback.747547E7';

/** One line of the embedded metric format. */
export interface Flush {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

export const LINK_REPORT: LinkReport = {
  runId: 'run-1',
  chainId: 3,
  epoch: 1002,
  link: 7,
  end: 'handed-off',
  job: 'weekly-digest',
  done: 90,
  skipped: 6,
  unprocessed: 3,
  inDoubt: 1,
  chunks: 4,
  throttles: 2,
  heldBackMilliseconds: 1500,
  closedMilliseconds: 90_000,
  milliseconds: 20_000,
  handoffMilliseconds: 35,
  run: { budgetPerSecond: 40, quotaPerSecond: 50, elapsedShare: 0.25 },
};

const STARTED = { runId: 'run-1', epochBase: 0, heartbeatSeconds: 60, chainTimeoutSeconds: 3600, chains: [0, 1] };

export const RUN_REPORT: RunReport = {
  runId: 'run-1',
  job: 'weekly-digest',
  planned: 100,
  given: 100,
  gone: 0,
  added: 0,
  done: 90,
  skipped: 6,
  skippedBecause: { unsubscribed: 1, suppressed: 5 },
  unprocessed: 3,
  inDoubt: 1,
  chains: 4,
  links: 8,
  elapsedSeconds: 12.3,
  topErrors: [],
  bounced: 2,
  complained: 0,
};

const KINDS = ['bounced', 'soft-bounced', 'complained', 'rejected', 'delayed'] as const;
export const FEEDBACK_REPORT: FeedbackReport = {
  failed: [{ messageId: 'm1', error: new Error('zoe@example.org is unknown') }],
  unread: [{ messageId: 'm2', because: 'it is no event of SES' }],
  taken: [...KINDS.map((kind) => ({ job: 'weekly-digest', kind })), { kind: 'bounced' }],
  judgements: [
    {
      ...{ runId: 'run-1', job: 'weekly-digest', bounces: 0.08, complaints: 0.0005 },
      reaction: { round: 1, act: 'stop', code: 'Mail.TooManyBounces', because: 'Many.', at: 1, mails: 1000 },
    },
  ],
};

type Observability = typeof import('../../functions/observability');

/** Runs `observe` with a fresh `functions/observability.ts`, as a cold start would, and answers what it printed as JSON lines. */
export function printedBy(
  observe: (observability: Observability) => void,
  service = SERVICE,
): readonly Record<string, unknown>[] {
  let printed = '';
  const stream = new Writable({
    write(chunk, _, done) {
      printed += chunk;
      done();
    },
  });
  const environment = { ...process.env };
  // With this switch Powertools writes to the global console instead of one of its own.
  Object.assign(process.env, {
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
  const original = globalThis.console;
  globalThis.console = new Console({ stdout: stream, stderr: stream });
  try {
    jest.isolateModules(() => observe(require('../../functions/observability') as Observability));
  } finally {
    globalThis.console = original;
    process.env = environment;
  }
  // Pretty-printed under the switch: a new object begins at the start of a line.
  return printed
    .split(/\n(?=\{)/)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as Record<string, unknown>);
}

export function flushesOf(observe: (observability: Observability) => void, service = SERVICE): readonly Flush[] {
  return printedBy(observe, service).filter((line): line is Flush => '_aws' in line);
}

/** A metric as CloudWatch would store it. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

let found: readonly EmittedMetric[] | undefined;

/** Everything that the handlers emit for the job that ships: links however they end, and a reconciled run. */
export function emitted(): readonly EmittedMetric[] {
  found ??= [
    ...flushesOf(({ observeFeedback }) => observeFeedback(FEEDBACK_REPORT), FEEDBACK_SERVICE),
    ...flushesOf(({ observeLink, observeRun, observeStart }) => {
      observeLink(LINK_REPORT);
      observeLink({ ...LINK_REPORT, end: 'failed', code: ERROR_CODES.runaway, message: 'The cursor did not advance.' });
      const { job: _unknown, run: _unread, ...duplicate } = LINK_REPORT;
      observeLink({ ...duplicate, end: 'duplicate' });
      observeRun(RUN_REPORT);
      observeStart(RUN_REPORT.job, STARTED, { perSecond: 50, perDay: 50_000, usedToday: 10_000 });
    }),
  ].flatMap((flush) =>
    flush._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, flush[name]])),
        })),
      ),
    ),
  );
  return found;
}
