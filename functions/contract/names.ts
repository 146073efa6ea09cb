/**
 * The only place where an environment variable, an error code or a metric is spelled. Handlers, the construct, the
 * state machine's test and the embedded engine import from here.
 */

/** Environment variables of the functions. */
export const ENVIRONMENT = {
  ledgerTable: 'LEDGER_TABLE',
  /** `From` of every mail. */
  sender: 'SENDER',
  /** Configuration set of every mail. Absent where nobody listens to what becomes of them. */
  configurationSet: 'CONFIGURATION_SET',
  /** Address of the function behind unsubscribe links. Absent where there is none. */
  unsubscribeEndpoint: 'UNSUBSCRIBE_ENDPOINT',
  /** ARN of the secret with which they are signed. */
  unsubscribeSecret: 'UNSUBSCRIBE_SECRET',
  /** Seconds of silence after which a chain counts as interrupted. */
  heartbeatSeconds: 'HEARTBEAT_SECONDS',
  /** Seconds that a link works before it hands over, unless the run's input says otherwise. */
  linkSeconds: 'LINK_SECONDS',
  /** Share, above 0 to 1, of the provider's sending rate and of its 24-hour quota that a run may use. */
  sendShare: 'SEND_SHARE',
  /** Reserved concurrency of the chain function: a run has no more chains than that. */
  concurrentLinks: 'CONCURRENT_LINKS',
  /** `distributed` where the state machine runs each chain as an execution of its own. */
  mapMode: 'MAP_MODE',
  /** ARN of the topic that is told of runs that end without success. */
  noticeTopic: 'NOTICE_TOPIC',
  /** Name of the job. */
  job: 'JOB',
  /** Name of the stack. */
  stack: 'STACK',
  /** Address of docs/operations.md. */
  runbookUrl: 'RUNBOOK_URL',
  /** ARN of the state machine. */
  stateMachine: 'STATE_MACHINE',
  /** Names of the alarms that stop runs, as a list in JSON. */
  stopAlarms: 'STOP_ALARMS',
} as const;

/** Tags of a state machine, by which the command finds what was deployed. */
export const TAGS = {
  /** Name of the stack. */
  stack: 'worker-chains:stack',
  job: 'worker-chains:job',
  /** Name of the ledger's table. */
  ledger: 'worker-chains:ledger',
  /** Name of the function RunChain. */
  chainFunction: 'worker-chains:chain-function',
  /** Name of that function's log group. */
  chainLogs: 'worker-chains:chain-logs',
} as const;

/** CloudWatch namespace of every metric. */
export const METRICS_NAMESPACE = 'WorkerChains';

/**
 * Codes with which a run or a chain fails. They are the `Error` that Step Functions shows, matches in Retry and Catch,
 * and that alarms name.
 */
export const ERROR_CODES = {
  crashed: 'Chain.Crashed',
  interrupted: 'Chain.Interrupted',
  handoffFailed: 'Chain.HandoffFailed',
  runaway: 'Chain.Runaway',
  tooManyFailures: 'Chain.TooManyFailures',
  quotaExhausted: 'Chain.QuotaExhausted',
  parked: 'Chain.Parked',
  superseded: 'Chain.Superseded',
  invalidInput: 'Run.InvalidInput',
  quotaExceeded: 'Run.QuotaExceeded',
  alreadyServed: 'Run.AlreadyServed',
  overlapping: 'Run.Overlapping',
  unavailable: 'Run.Unavailable',
  sourceChanged: 'Run.SourceChanged',
  unreconciled: 'Run.Unreconciled',
  canaryFailed: 'Run.CanaryFailed',
  stoppedByAlarm: 'Run.StoppedByAlarm',
  tooManyBounces: 'Mail.TooManyBounces',
  tooManyComplaints: 'Mail.TooManyComplaints',
} as const;

export type ErrorCode = (typeof ERROR_CODES)[keyof typeof ERROR_CODES];

/**
 * Names of the CloudWatch metrics. Their dimensions are `service`, which names the stack, and `job`, and nothing finer: ids are in the logs.
 * `DuplicateDeliveries` and `FeedbackUnread` have `service` alone: a duplicate ends before it reads what job it belongs to.
 * What is said of mails has the `service` of the ledger, whose jobs share one function for it.
 */
export const METRICS = {
  itemsDone: 'ItemsDone',
  itemsSkipped: 'ItemsSkipped',
  itemsUnprocessed: 'ItemsUnprocessed',
  itemsInDoubt: 'ItemsInDoubt',
  itemsPerSecond: 'ItemsPerSecond',
  throttles: 'Throttles',
  /** Seconds by which items started later because of throttles, summed over the chains. */
  throttledSeconds: 'ThrottledSeconds',
  links: 'Links',
  linkSeconds: 'LinkSeconds',
  handoffMilliseconds: 'HandoffMilliseconds',
  duplicateDeliveries: 'DuplicateDeliveries',
  chainsFinished: 'ChainsFinished',
  /** Links that ended with an error, whatever its code. */
  chainsInterrupted: 'ChainsInterrupted',
  /** Of these, the ones with `Chain.Runaway`. */
  chainsRunaway: 'ChainsRunaway',
  /** Of these, the ones with `Chain.QuotaExhausted`. */
  chainsOutOfQuota: 'ChainsOutOfQuota',
  /** Links that have parked their chain until its hour. */
  chainsParked: 'ChainsParked',
  /** Seconds for which a provider wanted no calls: the longest that a link was told. */
  budgetClosedSeconds: 'BudgetClosedSeconds',
  /** Items per second that the run may start, all chains together. */
  budgetPerSecond: 'BudgetPerSecond',
  /** Items per second that the provider accepts. */
  quotaPerSecond: 'QuotaPerSecond',
  /** Share of the provider's 24-hour quota that was used before a run began; absent where there is no such quota. */
  dailyQuotaUsedShare: 'DailyQuotaUsedShare',
  /** Time since the run was created ÷ the time it was expected to take. */
  runElapsedShare: 'RunElapsedShare',
  runsReconciled: 'RunsReconciled',
  runSeconds: 'RunSeconds',
  /** What a reconciled run leaves behind, from the ledger. */
  runItemsUnprocessed: 'RunItemsUnprocessed',
  runItemsInDoubt: 'RunItemsInDoubt',
  /** Share of a reconciled run's items that were skipped because their recipient is suppressed; absent where it sends no mails. */
  runSuppressedShare: 'RunSuppressedShare',
  /** Mails that have bounced for good, as their feedback comes in. */
  mailsBounced: 'MailsBounced',
  mailsSoftBounced: 'MailsSoftBounced',
  mailsComplained: 'MailsComplained',
  /** Mails that SES took and then did not send: it found a virus. */
  mailsRejected: 'MailsRejected',
  mailsDelayed: 'MailsDelayed',
  /** Share of a run's mails that have bounced for good, from its least number of mails on. */
  bouncedShare: 'BouncedShare',
  complainedShare: 'ComplainedShare',
  /** Runs that were stopped or paused for what mailbox providers said of their mails. */
  feedbackReactions: 'FeedbackReactions',
  /** Events that say nothing about a mail of a run. */
  feedbackUnread: 'FeedbackUnread',
} as const;
