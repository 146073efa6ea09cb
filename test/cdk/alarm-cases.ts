import { METRICS } from '../../functions/contract/names';
import type { Sample } from './alarm-evaluator';

/** What an alarm must go off for, and what it must bear. */
export interface AlarmCase {
  readonly fires: Readonly<Record<string, readonly Sample[]>>;
  readonly bears: Readonly<Record<string, readonly Sample[]>>;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const at = (secondsAgo: number, metric: string, value: number): Sample => ({ metric, secondsAgo, value });

/** Several metrics of the same minute, as one flush of a link reports them. */
const flush = (secondsAgo: number, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([metric, value]) => at(secondsAgo, metric, value));

const once = (metric: string, value = 1): AlarmCase => ({
  fires: { [`${metric} = ${value}`]: [at(MINUTE, metric, value)] },
  bears: { 'nothing reported': [], [`${metric} = 0`]: [at(MINUTE, metric, 0)] },
});

const repeated = (metric: string): AlarmCase => ({
  fires: {
    'two data points of three': [at(MINUTE, metric, 1), at(11 * MINUTE, metric, 4)],
  },
  bears: {
    'nothing reported': [],
    'a burst within one data point': [at(MINUTE, metric, 40), at(3 * MINUTE, metric, 40)],
    'two of them long ago': [at(16 * MINUTE, metric, 4), at(21 * MINUTE, metric, 4)],
  },
});

const { itemsDone, itemsSkipped, itemsUnprocessed, itemsInDoubt, throttles } = METRICS;
const outcomes = (done: number, skipped: number, unprocessed: number, inDoubt = 0) =>
  flush(5 * MINUTE, {
    [itemsDone]: done,
    [itemsSkipped]: skipped,
    [itemsUnprocessed]: unprocessed,
    [itemsInDoubt]: inDoubt,
  });

/** By alarm id, for the stack with 12 chains and links of 300 s. */
export const ALARM_CASES: Readonly<Record<string, AlarmCase>> = {
  'run-failed': once('ExecutionsFailed'),
  'run-timed-out': once('ExecutionsTimedOut'),
  'run-missed': {
    fires: {
      'no start at all': [],
      'the last start a week and an hour ago': [at(169 * HOUR, 'ExecutionsStarted', 1)],
    },
    bears: {
      'a start this minute': [at(0, 'ExecutionsStarted', 1)],
      'a start in the hour that was a week ago': [at(168 * HOUR - MINUTE, 'ExecutionsStarted', 1)],
      'starts by hand in between': [at(30 * HOUR, 'ExecutionsStarted', 3), at(90 * HOUR, 'ExecutionsStarted', 1)],
    },
  },
  'start-refused': once('TargetErrorCount'),
  'occurrence-undelivered': once('ApproximateNumberOfMessagesVisible'),
  'bounced-share': {
    fires: { 'a run of which 5.1 % bounce': [at(MINUTE, METRICS.bouncedShare, 0.051)] },
    bears: { 'nothing reported': [], '5 %, which is the limit': [at(MINUTE, METRICS.bouncedShare, 0.05)] },
  },
  'complained-share': {
    fires: { 'a run of which 0.11 % complain': [at(MINUTE, METRICS.complainedShare, 0.0011)] },
    bears: { 'nothing reported': [], '0.1 %, which is the limit': [at(MINUTE, METRICS.complainedShare, 0.001)] },
  },
  'suppressed-share': {
    fires: { 'a run of which 6 % are suppressed': [at(MINUTE, METRICS.runSuppressedShare, 0.06)] },
    bears: {
      'no run': [],
      '5 %, which is the limit': [at(MINUTE, METRICS.runSuppressedShare, 0.05)],
    },
  },
  'budget-closed': {
    fires: {
      'a Retry-After of 5 minutes': [at(10 * MINUTE, METRICS.budgetClosedSeconds, 300)],
      'one chain of several that was told': flush(MINUTE, { [METRICS.budgetClosedSeconds]: 3600 }).concat(
        flush(2 * MINUTE, { [METRICS.budgetClosedSeconds]: 0 }),
      ),
    },
    bears: {
      'no run': [],
      'links of which none was told so': [at(MINUTE, METRICS.budgetClosedSeconds, 0)],
      'several short ones': [1, 4, 9].map((minutes) => at(minutes * MINUTE, METRICS.budgetClosedSeconds, 120)),
    },
  },
  'links-dropped': once('AsyncEventsDropped'),
  'unsubscribing-failed': once('Url5xxCount'),
  'notice-undelivered': once('ApproximateNumberOfMessagesVisible'),
  'stop-undelivered': once('ApproximateNumberOfMessagesVisible'),
  'feedback-dead-lettered': once('ApproximateNumberOfMessagesVisible'),
  'occurrence-lost': once('InvocationsFailedToBeSentToDlq'),
  'run-overdue': {
    fires: { 'one link that sees the run at 1.6': flush(10 * MINUTE, { [METRICS.runElapsedShare]: 1.6 }) },
    bears: {
      'no run': [],
      'a run on time': [at(MINUTE, METRICS.runElapsedShare, 0.4), at(9 * MINUTE, METRICS.runElapsedShare, 1.5)],
    },
  },
  'run-unreconciled': once('Errors'),
  'items-in-doubt': once(METRICS.runItemsInDoubt, 25),
  'unprocessed-share': {
    fires: { '1 of 150': outcomes(140, 9, 1), 'all of them': outcomes(0, 0, 100) },
    bears: {
      'no run': [],
      '1 of 200, which is the limit': outcomes(150, 49, 1),
      'half of a handful': outcomes(10, 0, 10),
      'many skipped': outcomes(10, 900, 0),
      'links without an item': outcomes(0, 0, 0),
    },
  },
  'throttled-share': {
    fires: {
      '30 throttles on 200 items': flush(MINUTE, { [throttles]: 30, [itemsDone]: 200 }),
      'nothing but throttles': flush(MINUTE, { [throttles]: 20, [itemsDone]: 0 }),
    },
    bears: {
      'no run': [],
      'no throttle': flush(MINUTE, { [throttles]: 0, [itemsDone]: 0 }),
      '30 throttles on 2000 items': flush(MINUTE, { [throttles]: 30, [itemsDone]: 2000 }),
      'a few throttles at the start': flush(MINUTE, { [throttles]: 19, [itemsDone]: 5 }),
    },
  },
  'quota-exhausted': once(METRICS.chainsOutOfQuota),
  'chains-interrupted': {
    fires: {
      'three within 15 minutes': [0, 5, 14].map((minutes) => at(minutes * MINUTE, METRICS.chainsInterrupted, 1)),
    },
    bears: {
      'two within 15 minutes': [0, 14].map((minutes) => at(minutes * MINUTE, METRICS.chainsInterrupted, 1)),
      'three within an hour': [0, 20, 40].map((minutes) => at(minutes * MINUTE, METRICS.chainsInterrupted, 1)),
    },
  },
  'chain-runaway': once(METRICS.chainsRunaway),
  'runaway-links': {
    fires: { 'one chain that starts five links a second': [at(MINUTE, 'Invocations', 1500)] },
    bears: {
      'no run': [],
      'all chains starting': [at(MINUTE, 'Invocations', 12)],
      'all chains starting, and handing over twice': [at(MINUTE, 'Invocations', 36)],
    },
  },
  'link-died': once('Invocations'),
  'fail-chain-failed': once('Errors'),
  'dead-link-unreported': once('DestinationDeliveryFailures'),
  'recursion-dropped': once('RecursiveInvocationsDropped'),
  'links-throttled': repeated('Throttles'),
  'ledger-writes-throttled': repeated('WriteThrottleEvents'),
  'ledger-reads-throttled': repeated('ReadThrottleEvents'),
};
