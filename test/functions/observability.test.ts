import { type LinkReport, runProgress } from '../../functions/chain/link-report';
import { ERROR_CODES, METRICS, METRICS_NAMESPACE } from '../../functions/contract/names';
import type { RunReport } from '../../functions/contract/payloads';
import type { SendWindow } from '../../functions/contract/send-window';
import { emitted, flushesOf, LINK_REPORT, printedBy, RUN_REPORT, SERVICE } from './emitted-metrics';

const linkFlushes = (report: LinkReport) => flushesOf(({ observeLink }) => observeLink(report));
const linkLog = (report: LinkReport) =>
  printedBy(({ observeLink }) => observeLink(report)).filter((line) => !('_aws' in line));

describe('a dry run', () => {
  const LINK = { ...LINK_REPORT, dryRun: true } as const;
  const RUN = { ...RUN_REPORT, dryRun: true } as const;

  it('has no metrics, so that no alarm takes it for a run with effects', () => {
    const observe = (link: LinkReport, run: RunReport) =>
      flushesOf(({ observeLink, observeRun }) => {
        observeLink(link);
        observeLink({ ...link, end: 'failed', code: ERROR_CODES.runaway, message: 'It ended.' });
        observeRun(run);
      });

    expect(observe(LINK_REPORT, RUN_REPORT)).toHaveLength(3);
    expect(observe(LINK, RUN)).toEqual([]);
  });

  it('has its lines in the log, which say what it is', () => {
    const lines = printedBy(({ observeLink, observeRun }) => {
      observeLink(LINK);
      observeRun(RUN);
    });

    expect(lines).toMatchObject([{ dryRun: true, done: 90 }, { report: { dryRun: true, done: 90 } }]);
  });
});

describe('the metrics of a link', () => {
  it('leave in one flush, under the dimensions service and job', () => {
    const flushes = linkFlushes(LINK_REPORT);
    expect(flushes).toHaveLength(1);
    const [flush] = flushes;
    expect(flush?._aws.CloudWatchMetrics).toEqual([
      expect.objectContaining({ Namespace: METRICS_NAMESPACE, Dimensions: [['service', 'job']] }),
    ]);
    expect(flush).toMatchObject({ service: SERVICE, job: 'weekly-digest' });
  });

  it('say what was done, how fast, and how the run stands', () => {
    expect(linkFlushes(LINK_REPORT)[0]).toMatchObject({
      [METRICS.links]: 1,
      [METRICS.itemsDone]: 90,
      [METRICS.itemsSkipped]: 6,
      [METRICS.itemsUnprocessed]: 3,
      [METRICS.itemsInDoubt]: 1,
      [METRICS.itemsPerSecond]: 5,
      [METRICS.throttles]: 2,
      [METRICS.throttledSeconds]: 1.5,
      [METRICS.linkSeconds]: 20,
      [METRICS.handoffMilliseconds]: 35,
      [METRICS.chainsFinished]: 0,
      [METRICS.chainsInterrupted]: 0,
      [METRICS.chainsRunaway]: 0,
      [METRICS.chainsOutOfQuota]: 0,
      [METRICS.chainsParked]: 0,
      [METRICS.budgetClosedSeconds]: 90,
      [METRICS.budgetPerSecond]: 40,
      [METRICS.quotaPerSecond]: 50,
      [METRICS.runElapsedShare]: 0.25,
    });
  });

  it('hold no id, which would make a metric of every run', () => {
    const [flush] = linkFlushes(LINK_REPORT);
    expect(JSON.stringify(flush)).not.toMatch(/run-1|1002/);
  });

  it('leave out what the link does not know', () => {
    const { run: _run, handoffMilliseconds: _handoff, ...unread } = LINK_REPORT;
    const [flush] = linkFlushes({ ...unread, milliseconds: 0 });
    for (const name of [
      METRICS.budgetPerSecond,
      METRICS.quotaPerSecond,
      METRICS.runElapsedShare,
      METRICS.handoffMilliseconds,
      METRICS.itemsPerSecond,
    ]) {
      expect(flush).not.toHaveProperty(name);
    }
  });

  it.each([
    ['finished', undefined, METRICS.chainsFinished],
    ['parked', undefined, METRICS.chainsParked],
    ['failed', ERROR_CODES.crashed, undefined],
    ['failed', ERROR_CODES.runaway, METRICS.chainsRunaway],
    ['failed', ERROR_CODES.quotaExhausted, METRICS.chainsOutOfQuota],
  ] as const)('count a link that ended %s, %s', (end, code, metric) => {
    const [flush] = linkFlushes({ ...LINK_REPORT, end, ...(code && { code, message: 'It ended.' }) });
    expect(flush?.[METRICS.chainsInterrupted]).toBe(end === 'failed' ? 1 : 0);
    for (const name of [
      ...[METRICS.chainsFinished, METRICS.chainsParked],
      ...[METRICS.chainsRunaway, METRICS.chainsOutOfQuota],
    ]) {
      expect(flush?.[name]).toBe(name === metric ? 1 : 0);
    }
  });

  it('are those of the link alone, however many links an execution environment has served', () => {
    const flushes = flushesOf(({ observeLink }) => {
      observeLink({ ...LINK_REPORT, job: 'another-job' });
      observeLink(LINK_REPORT);
    });
    expect(flushes.map(({ job, [METRICS.itemsDone]: done }) => [job, done])).toEqual([
      ['another-job', 90],
      ['weekly-digest', 90],
    ]);
  });

  it('count a duplicate, whose job is unknown, under the service alone', () => {
    const { job: _job, ...duplicate } = LINK_REPORT;
    const flushes = linkFlushes({ ...duplicate, end: 'duplicate' });
    expect(flushes).toHaveLength(1);
    expect(flushes[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['service']]);
    expect(flushes[0]).toMatchObject({ [METRICS.duplicateDeliveries]: 1 });
  });

  it('are not emitted where no job is known: they would be nobody’s', () => {
    const { job: _job, ...unknown } = LINK_REPORT;
    expect(linkFlushes({ ...unknown, end: 'lease-lost' })).toEqual([]);
  });
});

describe('the log of a link', () => {
  it.each([
    ['handed-off', 'INFO'],
    ['finished', 'INFO'],
    ['duplicate', 'INFO'],
    ['lease-lost', 'WARN'],
    ['superseded', 'WARN'],
    ['failed', 'ERROR'],
  ] as const)('is one line for a link that ended %s, at level %s, with the ids', (end, level) => {
    const lines = linkLog({ ...LINK_REPORT, end });
    expect(lines).toEqual([expect.objectContaining({ level, end, runId: 'run-1', chainId: 3, epoch: 1002, link: 7 })]);
  });
});

describe('the metrics of a run', () => {
  it('say how long it took and what it leaves behind', () => {
    const [flush, ...others] = flushesOf(({ observeRun }) => observeRun(RUN_REPORT));
    expect(others).toEqual([]);
    expect(flush).toMatchObject({
      service: SERVICE,
      job: 'weekly-digest',
      [METRICS.runsReconciled]: 1,
      [METRICS.runSeconds]: 12.3,
      [METRICS.runItemsUnprocessed]: 3,
      [METRICS.runItemsInDoubt]: 1,
    });
    expect(flush?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['service', 'job']]);
  });
});

it('emits every metric that there is, and no other', () => {
  expect(new Set(emitted().map(({ name }) => name))).toEqual(new Set(Object.values(METRICS)));
});

describe('runProgress', () => {
  const run = { createdAt: 1_000_000, rate: 10, quotaPerSecond: 14, plan: { start: 1, end: 6001, items: 6000 } };

  it('compares the time taken with the items at the run’s rate and ten minutes', () => {
    // 6000 items at 10 a second and 600 s: 1200 s expected.
    expect(runProgress(run, 1_000_000 + 300_000)).toEqual({
      budgetPerSecond: 10,
      quotaPerSecond: 14,
      elapsedShare: 0.25,
    });
    expect(runProgress({ ...run, rate: 5 }, 1_000_000 + 3_600_000)).toEqual({
      budgetPerSecond: 5,
      quotaPerSecond: 14,
      elapsedShare: 2,
    });
  });

  it('counts a whole chunk for each permit where the job processes chunks', () => {
    // 6000 items at 10 chunks of 60 a second and 600 s: 610 s expected.
    expect(runProgress({ ...run, itemsPerPermit: 60 }, 1_000_000 + 305_000)).toEqual({
      ...{ budgetPerSecond: 600, quotaPerSecond: 840 },
      elapsedShare: 0.5,
    });
    const amongOthers = { perSecond: 5, waitedSeconds: 0 };
    expect(runProgress({ ...run, itemsPerPermit: 60 }, 2_000_000, amongOthers).budgetPerSecond).toBe(300);
  });

  it('expects nothing of a run whose number of items nobody knows', () => {
    expect(runProgress({ ...run, plan: { start: 1, end: 6001 } }, 9_000_000)).not.toHaveProperty('elapsedShare');
  });

  it('lets a handful of items take ten minutes', () => {
    const handful = { ...run, plan: { ...run.plan, items: 5 } };
    expect(runProgress(handful, 1_000_000 + 60_000).elapsedShare).toBeLessThan(0.1);
  });

  it('expects nothing of a run that is paused', () => {
    expect(runProgress({ ...run, rate: 0 }, 9_000_000)).toEqual({ budgetPerSecond: 0, quotaPerSecond: 14 });
  });

  it('counts no hours in which the run’s items may not be started', () => {
    const createdAt = Date.parse('2026-01-05T16:55:00Z');
    const window = { from: '09:00', until: '17:00', zone: 'UTC' };
    const shareAt = (text: string, hours: SendWindow = window) =>
      runProgress({ ...run, createdAt }, Date.parse(text), undefined, { sendWindow: hours }).elapsedShare;

    expect(shareAt('2026-01-05T17:00:00Z')).toBe(0.25);
    expect(shareAt('2026-01-06T09:00:00Z')).toBe(0.25);
    expect(shareAt('2026-01-06T09:05:00Z')).toBe(0.5);
    expect(shareAt('2026-01-06T09:05:00Z', { ...window, zoneOf: () => undefined })).toBeUndefined();
  });

  it('passes on the provider’s quota', () => {
    expect(runProgress({ ...run, quotaPerSecond: 14 }, 1_000_000)).toMatchObject({ quotaPerSecond: 14 });
  });
});
