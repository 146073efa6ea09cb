import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LinkReport, RunProgress } from './chain/link-report';
import { lazily } from './clients';
import { keptCode, keptMessage } from './contract/kept-text';
import { ERROR_CODES, METRICS, METRICS_NAMESPACE } from './contract/names';
import { settledItems } from './contract/outcomes';
import type { CreateWorkersResult, RunReport } from './contract/payloads';
import type { ProviderQuota } from './contract/quota';
import type { FeedbackReport } from './feedback/take-feedback';
import type { Notice } from './run/run-notice';
import type { StopReport } from './run/stop-for-alarm';

/** One structured line per link, plus one per problem; ids only, no personal data. */
export const logger = lazily(() => new Logger());

const metrics = lazily(() => new Metrics({ namespace: METRICS_NAMESPACE }));

/**
 * Logs a failure of telemetry instead of throwing it: Lambda would report a link that has settled, and perhaps handed over,
 * as dead.
 */
function harmlessly<Given extends readonly unknown[]>(observe: (...given: Given) => void): (...given: Given) => void {
  return (...given) => {
    try {
      observe(...given);
    } catch (error) {
      console.error(JSON.stringify({ level: 'ERROR', message: 'telemetry failed', error: String(error) }));
    }
  };
}

/** Logs how a link ended, and emits its metrics in one flush; none of a dry run, which did nothing. Never throws. */
export const observeLink = harmlessly((report: LinkReport) => {
  // `message` is the logger's own key.
  const { message, ...details } = report;
  const { end, code } = details;
  if (end === 'failed') logger().error(`link failed: ${code}: ${message}`, details);
  else if (end === 'superseded' || end === 'lease-lost') logger().warn(`link ended: ${end}`, details);
  else logger().info(`link ended: ${end}`, details);

  if (report.dryRun || (report.job === undefined && end !== 'duplicate')) return;
  const emit = metrics();
  if (report.job) emit.addDimension('job', report.job);
  if (end === 'duplicate') emit.addMetric(METRICS.duplicateDeliveries, MetricUnit.Count, 1);
  else emitWork(emit, report);
  emit.publishStoredMetrics();
});

function emitWork(emit: Metrics, report: LinkReport): void {
  const seconds = report.milliseconds / 1000;
  emit.addMetric(METRICS.links, MetricUnit.Count, 1);
  emit.addMetric(METRICS.itemsDone, MetricUnit.Count, report.done);
  emit.addMetric(METRICS.itemsSkipped, MetricUnit.Count, report.skipped);
  emit.addMetric(METRICS.itemsUnprocessed, MetricUnit.Count, report.unprocessed);
  emit.addMetric(METRICS.itemsInDoubt, MetricUnit.Count, report.inDoubt);
  emit.addMetric(METRICS.throttles, MetricUnit.Count, report.throttles);
  emit.addMetric(METRICS.throttledSeconds, MetricUnit.Seconds, report.heldBackMilliseconds / 1000);
  emit.addMetric(METRICS.linkSeconds, MetricUnit.Seconds, seconds);
  if (seconds > 0) emit.addMetric(METRICS.itemsPerSecond, MetricUnit.CountPerSecond, settledItems(report) / seconds);
  if (report.handoffMilliseconds !== undefined) {
    emit.addMetric(METRICS.handoffMilliseconds, MetricUnit.Milliseconds, report.handoffMilliseconds);
  }
  emit.addMetric(METRICS.chainsFinished, MetricUnit.Count, report.end === 'finished' ? 1 : 0);
  emit.addMetric(METRICS.chainsInterrupted, MetricUnit.Count, report.end === 'failed' ? 1 : 0);
  emit.addMetric(METRICS.chainsRunaway, MetricUnit.Count, report.code === ERROR_CODES.runaway ? 1 : 0);
  emit.addMetric(METRICS.chainsOutOfQuota, MetricUnit.Count, report.code === ERROR_CODES.quotaExhausted ? 1 : 0);
  emit.addMetric(METRICS.chainsParked, MetricUnit.Count, report.end === 'parked' ? 1 : 0);
  emit.addMetric(METRICS.budgetClosedSeconds, MetricUnit.Seconds, report.closedMilliseconds / 1000);
  if (report.run) emitRunProgress(emit, report.run);
}

function emitRunProgress(emit: Metrics, { budgetPerSecond, quotaPerSecond, elapsedShare }: RunProgress): void {
  emit.addMetric(METRICS.budgetPerSecond, MetricUnit.CountPerSecond, budgetPerSecond);
  emit.addMetric(METRICS.quotaPerSecond, MetricUnit.CountPerSecond, quotaPerSecond);
  if (elapsedShare !== undefined) emit.addMetric(METRICS.runElapsedShare, MetricUnit.NoUnit, elapsedShare);
}

/** Logs that a run begins or goes on, and how much of the daily quota was used by then. Never throws. */
export const observeStart = harmlessly((job: string, { runId, chains }: CreateWorkersResult, quota?: ProviderQuota) => {
  logger().info('workers created', { runId, chains: chains.length });
  if (!quota || !Number.isFinite(quota.perDay) || quota.perDay <= 0) return;
  const emit = metrics();
  emit.addDimension('job', job);
  emit.addMetric(METRICS.dailyQuotaUsedShare, MetricUnit.NoUnit, quota.usedToday / quota.perDay);
  emit.publishStoredMetrics();
});

/** Logs the report of a reconciled run, and emits its metrics; none of a dry run. Never throws. */
export const observeRun = harmlessly((report: RunReport) => {
  logger().info('run reconciled', { report });
  if (report.dryRun) return;
  const emit = metrics();
  emit.addDimension('job', report.job);
  emit.addMetric(METRICS.runsReconciled, MetricUnit.Count, 1);
  emit.addMetric(METRICS.runSeconds, MetricUnit.Seconds, report.elapsedSeconds);
  emit.addMetric(METRICS.runItemsUnprocessed, MetricUnit.Count, report.unprocessed);
  emit.addMetric(METRICS.runItemsInDoubt, MetricUnit.Count, report.inDoubt);
  // Only of a run that sends mails.
  if (report.bounced !== undefined && report.given > 0) {
    const { suppressed = 0 } = report.skippedBecause;
    emit.addMetric(METRICS.runSuppressedShare, MetricUnit.NoUnit, suppressed / report.given);
  }
  emit.publishStoredMetrics();
});

/** Logs that a notice was sent. Never throws. */
export const observeNotice = harmlessly(({ subject }: Notice) => {
  logger().info('notice sent', { subject });
});

/** Logs which runs an alarm has stopped. Never throws. */
export const observeStops = harmlessly(({ alarm, stopped, unknownAlarms }: StopReport) => {
  if (alarm !== undefined) logger().warn('runs stopped by an alarm', { alarm, stopped });
  if (unknownAlarms.length > 0) logger().error('alarms of stopOn are gone, and stop nothing', { unknownAlarms });
});

const MAIL_METRICS = {
  bounced: METRICS.mailsBounced,
  'soft-bounced': METRICS.mailsSoftBounced,
  complained: METRICS.mailsComplained,
  rejected: METRICS.mailsRejected,
  delayed: METRICS.mailsDelayed,
} as const;

/** Logs what a batch of feedback led to, where it is more than usual, and emits its metrics. Never throws. */
export const observeFeedback = harmlessly(({ failed, unread, taken, judgements }: FeedbackReport) => {
  for (const { messageId, error } of failed) {
    logger().error('feedback could not be taken', {
      messageId,
      error: keptCode((error as Error | undefined)?.name),
      message: keptMessage(error),
    });
  }
  for (const { messageId, because } of unread)
    logger().warn('feedback is not about a mail of a run', { messageId, because });
  for (const { runId, job, reaction } of judgements) {
    if (reaction) logger().error(`run reacts: ${reaction.code}: ${reaction.because}`, { runId, job, reaction });
  }
  if (unread.length > 0) {
    const emit = metrics();
    emit.addMetric(METRICS.feedbackUnread, MetricUnit.Count, unread.length);
    emit.publishStoredMetrics();
  }
  const jobs = new Set([...taken, ...judgements].flatMap(({ job }) => job ?? []));
  for (const job of jobs) {
    const emit = metrics();
    emit.addDimension('job', job);
    for (const [kind, name] of Object.entries(MAIL_METRICS)) {
      const count = taken.filter((one) => one.job === job && one.kind === kind).length;
      if (count > 0) emit.addMetric(name, MetricUnit.Count, count);
    }
    for (const judgement of judgements.filter((one) => one.job === job)) {
      emit.addMetric(METRICS.bouncedShare, MetricUnit.NoUnit, judgement.bounces);
      emit.addMetric(METRICS.complainedShare, MetricUnit.NoUnit, judgement.complaints);
      if (judgement.reaction) emit.addMetric(METRICS.feedbackReactions, MetricUnit.Count, 1);
    }
    emit.publishStoredMetrics();
  }
});
