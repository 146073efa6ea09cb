import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Schedule } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import type { RunInput } from 'worker-chains';
import { type MapMode, MOST_CHAINS } from '../functions/contract/map-mode';
import { MOST_PRIORITY, MOST_WEIGHT } from '../functions/run/input';
import { type AlarmThresholds, LONGEST_WINDOW } from './alarm-definitions';
import type { AlarmTopics } from './alarm-topics';
import { requireOtherNames } from './environment-names';
import type { JobFile } from './job-file';
import type { JobSchedule } from './job-schedules';
import type { Ledger, LedgerProps } from './ledger-storage';
import type { MailPermissions } from './mail-permissions';
import { packageVersion } from './package-files';
import { requireScheduledIds } from './scheduled-ids';
import { pausesOf, requireStarts } from './starts';
import type { StopMetric } from './stop-on';
import { requireInteger, requireOneOf, requirePositive, requireSeconds, UnexpectedValue } from './validation';

export interface WorkerChainsProps extends LedgerProps {
  /**
   * File that exports the job by default, `export default defineJob({ … })`: `jobs/hello.ts`, relative to the directory in
   * which the app runs, or an absolute path. It is bundled with what it imports into the functions of this construct, and
   * evaluated at synthesis for the job's name and source.
   */
  readonly job: string;

  /**
   * When a run starts, in UTC: a rule of EventBridge. The moment itself is the run's occurrence, and is served at most once.
   * Either this or `schedules`.
   *
   * @default - `schedules` say so
   */
  readonly schedule?: Schedule;

  /**
   * When runs start, by the clocks of time zones: schedules of EventBridge Scheduler, one or several. Where there are several,
   * an occurrence is a moment of one of them. As ever, one run of the job is active at a time: of two that are due while the
   * other is on, the later one is refused.
   *
   * @default - `schedule` says so
   */
  readonly schedules?: readonly JobSchedule[];

  /**
   * Ledger that keeps the runs, beside those of other jobs: `ledger` of other worker chains, or one that stands alone. The
   * functions of each may then read and write the records of all; records, claims and schedules do not mix, and names of
   * executions must differ. Each job's alarms and dashboard show the whole table.
   *
   * @default - a new one, with `encryptionKey` and `removalPolicy`
   */
  readonly ledger?: Ledger;

  /**
   * Who sends the mails of the job. The chain function is told, and may send from that address only. A job that declares
   * `ses()` among its providers needs it, and one whose providers have no `ses()` must not have it: it gets no permission
   * for SES at all.
   *
   * @default - nobody: `send` fails
   */
  readonly mail?: MailPermissions;

  /**
   * What the job's source is to cover in a scheduled run. A job over `idRange()` needs them, here or in the `input` of each
   * of `schedules`, where a schedule starts runs.
   *
   * @default - left out of the run's input: the job's source knows by itself
   */
  readonly ids?: RunInput['ids'];

  /**
   * Whether the schedule starts runs.
   *
   * @default - it does, unless `mail.sender` has a domain that is reserved for examples, such as example.com
   */
  readonly enabled?: boolean;

  /**
   * Number of chains of a scheduled run, 1 to 40, or to 100 with `mapMode: 'distributed'`.
   *
   * @default - 10 chains
   */
  readonly chains?: number;

  /**
   * How the state machine runs the chains: as iterations of one execution, whose history tells everything, or, where 40 are
   * not enough, each as an execution of its own, under a Step Functions Distributed Map.
   *
   * @default - 'inline'
   */
  readonly mapMode?: MapMode;

  /**
   * Items per second for the whole run.
   *
   * @default - what the job's first provider gives runs: its rate without its `reserve`; of SES, `sendShare` of the
   * account's sending rate
   */
  readonly rate?: number;

  /**
   * Part of a scheduled run in what it shares with other runs at a provider, above 0 to 1000: with a weight of 2 it has twice
   * as much as one with 1.
   *
   * @default - 1
   */
  readonly weight?: number;

  /**
   * Whether a scheduled run goes before others at a provider, from -100 to 100: those of a higher priority have what they can
   * use, those of a lower one the rest, and at least 5 % of it.
   *
   * @default - 0
   */
  readonly priority?: number;

  /**
   * Share of the account's sending rate at SES and of its 24-hour quota, above 0 to 1, that a run may use: production goes
   * first. Of other providers, `reserve` says so.
   *
   * @default - 0.8
   */
  readonly sendShare?: number;

  /**
   * Items that are read together, and the most that a chain has claimed and not settled, 1 to 100; an interruption puts at
   * most this many per chain in doubt.
   *
   * @default - left to the run: twice what a chain has under way, for mails half a second's work; at least 25 items, but no
   * more than twice a chain's places at a provider with `concurrency`
   */
  readonly chunkItems?: number;

  /**
   * For how long a link works before it hands over to its successor.
   *
   * @default - the timeout, less three minutes in which the last chunk is settled and handed over, through an outage of two
   * minutes if need be (a quarter of the timeout if that is shorter)
   */
  readonly linkDuration?: Duration;

  /**
   * Timeout of the chain function, 30 seconds to 15 minutes.
   *
   * @default - 15 minutes, Lambda's maximum
   */
  readonly timeout?: Duration;

  /**
   * Silence after which a chain counts as interrupted, 5 seconds to 1 hour. Stopping a run takes effect within it.
   *
   * @default - 2 minutes
   */
  readonly heartbeat?: Duration;

  /**
   * Concurrent executions that are set aside for the chain function and that it cannot exceed. At least `chains`: no
   * run, scheduled or started by hand, has more chains than that.
   *
   * @default - twice `chains`: a successor starts while its predecessor ends
   */
  readonly reservedConcurrency?: number;

  /**
   * Memory of each function in MiB.
   *
   * @default - 512 MiB
   */
  readonly memorySize?: number;

  /**
   * Environment variables that the job's own code and its source read. Every function that has the job in it gets them.
   * Names of variables that the functions have themselves, such as `STACK` or `SEND_SHARE`, are refused.
   *
   * @default - none but the functions' own
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * How long the functions' and the state machine's logs are kept.
   *
   * @default - one month
   */
  readonly logRetention?: RetentionDays;

  /**
   * Least level that the functions log.
   *
   * @default - INFO
   */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

  /**
   * Which events of an execution are logged. The execution's history holds all of them for 90 days in any case.
   *
   * @default - errors only
   */
  readonly stateMachineLogLevel?: LogLevel;

  /**
   * Whether these logs include inputs and outputs, and with them the task tokens.
   *
   * @default - they do not
   */
  readonly includeExecutionData?: boolean;

  /**
   * Topics that alarms notify, by severity; both may be the same. The second is told of runs that end without success, too.
   * Those that are encrypted need a key that lets `cloudwatch.amazonaws.com` in; give the topic with its key, so that the
   * function that tells of runs may use it.
   *
   * @default - two topics without subscribers and a key, which all worker chains of the stack share: `alarmTopics`
   */
  readonly alarmTopics?: AlarmTopics;

  /**
   * Alarms that stop every run of the job while they are in ALARM, such as one of production's latency: up to 5, of this
   * account and region. A metric with a threshold becomes an alarm. Composite alarms may stand for many.
   *
   * @default - none: runs go on whatever else is in alarm
   */
  readonly stopOn?: readonly (IAlarm | StopMetric)[];

  /**
   * Address, http or https, at which the reader of an alarm finds docs/operations.md; `#` and the alarm's id are added.
   *
   * @default - the file in the package of this version, as unpkg.com serves it once it is published
   */
  readonly runbookUrl?: string;

  /**
   * When alarms go off, where the defaults do not fit. Those of bounces and complaints follow the job's `mail.feedback`.
   *
   * @default - a run at 1.5 times its expected time; 10 % of the attempts throttled; 0.5 % of the items unprocessed;
   * a provider that wants no calls for 5 minutes; 5 % of a run's recipients suppressed; 3 links with an error within 15 minutes; three times the links that `chains` of `linkDuration` start in 5 minutes
   */
  readonly alarmThresholds?: Partial<Omit<AlarmThresholds, 'startsWithin' | 'bridged' | 'feedback'>>;

  /**
   * Longest time between two starts of a run, up to 7 days: after that a run counts as missed.
   *
   * @default - the longest pause of `schedule`, or of the one of `schedules` that has the shortest, if it repeats every week or more often; otherwise there is no such alarm
   */
  readonly startsWithin?: Duration;

  /**
   * Whether there is a dashboard, and with it the function that lists its last runs.
   *
   * @default - there is
   */
  readonly dashboard?: boolean;

  /**
   * Whether functions and state machine are traced with X-Ray.
   *
   * @default - they are not
   */
  readonly tracing?: boolean;

  /**
   * Whether stack traces point into the TypeScript source. Source maps make cold starts slower.
   *
   * @default - they point into the bundle
   */
  readonly sourceMap?: boolean;
}

export const DEFAULTS = {
  chains: 10,
  mapMode: 'inline',
  sendShare: 0.8,
  heartbeat: Duration.minutes(2),
  timeout: Duration.minutes(15),
  memorySize: 512,
  runbookUrl: `https://unpkg.com/worker-chains@${packageVersion()}/docs/operations.md`,
} as const;

export function runbookUrlOf({ runbookUrl = DEFAULTS.runbookUrl }: Pick<WorkerChainsProps, 'runbookUrl'>): string {
  return runbookUrl;
}

/**
 * Step Functions takes a heartbeat of 1 to 99,999,999 s that is smaller than the task's timeout (Amazon States Language,
 * Task state); a chain's is `LONGEST_RUN_SECONDS`. The age of an event, which follows from it, is 60 s to 6 hours at Lambda.
 * An hour is within both, and as long as anybody should wait for a chain that is dead.
 */
const LONGEST_HEARTBEAT_SECONDS = 3600;

/** What is left for working when the last chunk and the handoff have their time: seconds of a function's timeout. */
export function linkDurationWithin(timeout: Duration): Duration {
  const seconds = timeout.toSeconds();
  return Duration.seconds(seconds - Math.min(180, Math.ceil(seconds / 4)));
}

const THRESHOLD_LIMITS = {
  overdueShare: 1000,
  throttledShare: 1,
  unprocessedShare: 1,
  closedSeconds: 86_400,
  suppressedShare: 1,
  interruptions: 1_000_000,
  links: 1_000_000,
} as const;

/** Links that honest chains start in 5 minutes, times this, are too many. */
const RUNAWAY_MARGIN = 3;

/** The thresholds of the alarms: what was given, otherwise what follows from the other properties. */
export function alarmThresholdsOf(props: WorkerChainsProps): AlarmThresholds {
  const linkSeconds = (props.linkDuration ?? linkDurationWithin(props.timeout ?? DEFAULTS.timeout)).toSeconds();
  const chains = props.chains ?? DEFAULTS.chains;
  return {
    overdueShare: 1.5,
    throttledShare: 0.1,
    unprocessedShare: 0.005,
    closedSeconds: 300,
    suppressedShare: 0.05,
    interruptions: 3,
    // Every chain starts, and then hands over each time its link has spent its time.
    links: Math.ceil(RUNAWAY_MARGIN * chains * (1 + 300 / linkSeconds)),
    ...given(props.alarmThresholds),
    ...(props.startsWithin ? { startsWithin: props.startsWithin } : pausesOf(props)),
  };
}

/** Thresholds without those that are there and undefined, which would take the place of the defaults. */
function given(thresholds: WorkerChainsProps['alarmThresholds'] = {}): typeof thresholds {
  return Object.fromEntries(Object.entries(thresholds).filter(([, value]) => value !== undefined));
}

/**
 * Refuses a value that cannot work.
 *
 * @param job that the construct runs
 * @throws UnexpectedValue where there is one: the first
 */
export function validateProps(props: WorkerChainsProps, job: JobFile['job']): void {
  const timeout = props.timeout ?? DEFAULTS.timeout;
  const chains = props.chains ?? DEFAULTS.chains;
  const mapMode = props.mapMode ?? DEFAULTS.mapMode;
  requireOneOf('mapMode', mapMode, Object.keys(MOST_CHAINS));
  requireInteger('chains', chains, 1, MOST_CHAINS[mapMode]);
  requireInteger('reservedConcurrency', props.reservedConcurrency ?? 2 * chains, chains, 100_000);
  requirePositive('rate', props.rate ?? 1, 1_000_000);
  requirePositive('weight', props.weight ?? 1, MOST_WEIGHT);
  requireInteger('priority', props.priority ?? 0, -MOST_PRIORITY, MOST_PRIORITY);
  requirePositive('sendShare', props.sendShare ?? DEFAULTS.sendShare, 1);
  requireInteger('chunkItems', props.chunkItems ?? 1, 1, 100);
  requireInteger('memorySize', props.memorySize ?? DEFAULTS.memorySize, 128, 10_240);
  requireSeconds('timeout', timeout, 30, 900);
  requireSeconds('heartbeat', props.heartbeat ?? DEFAULTS.heartbeat, 5, LONGEST_HEARTBEAT_SECONDS);
  const longestLink = linkDurationWithin(timeout);
  requireSeconds('linkDuration', props.linkDuration ?? longestLink, 1, longestLink.toSeconds());
  for (const [name, most] of Object.entries(THRESHOLD_LIMITS)) {
    const value = props.alarmThresholds?.[name as keyof typeof THRESHOLD_LIMITS];
    if (value !== undefined) requirePositive(`alarmThresholds.${name}`, value, most);
  }
  if (props.startsWithin !== undefined) {
    requireSeconds('startsWithin', props.startsWithin, 60, LONGEST_WINDOW.toSeconds());
  }
  requireStarts(props, Math.min(MOST_CHAINS[mapMode], props.reservedConcurrency ?? 2 * chains));
  requireScheduledIds(props, job);
  requireOtherNames(props.environment);
  const ofOwnLedger = (['encryptionKey', 'removalPolicy'] as const).find((name) => props[name] !== undefined);
  if (props.ledger !== undefined && ofOwnLedger !== undefined) {
    throw new UnexpectedValue(
      `Expected no \`${ofOwnLedger}\` beside \`ledger\`, got both: it is a property of the ledger, so give it where that is made.`,
    );
  }
}
