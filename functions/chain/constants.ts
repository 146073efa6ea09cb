/**
 * The only place where an environment variable, an error code or a metric is spelled. Handlers, the construct, the
 * state machine's test and the embedded engine import from here.
 */

/** Environment variables of the functions. */
export const ENVIRONMENT = {
  ledgerTable: 'LEDGER_TABLE',
  recipientsTable: 'RECIPIENTS_TABLE',
  /** `From` of every mail. */
  sender: 'SENDER',
  /** Base address of one-click unsubscribe links (RFC 8058). */
  unsubscribeUrl: 'UNSUBSCRIBE_URL',
  /** Seconds of silence after which a chain counts as interrupted. */
  heartbeatSeconds: 'HEARTBEAT_SECONDS',
  /** Seconds that a link works before it hands over, unless the run's input says otherwise. */
  linkSeconds: 'LINK_SECONDS',
  /** Share, above 0 to 1, of the provider's sending rate that a run may use. */
  sendShare: 'SEND_SHARE',
} as const;

/** CloudWatch namespace of every metric. */
export const METRICS_NAMESPACE = 'WorkerChains';

/**
 * Codes with which a run or a chain fails. They are the `Error` that Step Functions shows, matches in Retry and Catch,
 * and that alarms name.
 */
export const ERROR_CODES = {
  crashed: 'Chain.Crashed',
  handoffFailed: 'Chain.HandoffFailed',
  runaway: 'Chain.Runaway',
  tooManyFailures: 'Chain.TooManyFailures',
  quotaExhausted: 'Chain.QuotaExhausted',
  superseded: 'Chain.Superseded',
  invalidInput: 'Run.InvalidInput',
  quotaExceeded: 'Run.QuotaExceeded',
  alreadyServed: 'Run.AlreadyServed',
  overlapping: 'Run.Overlapping',
  unreconciled: 'Run.Unreconciled',
} as const;

export type ErrorCode = (typeof ERROR_CODES)[keyof typeof ERROR_CODES];

/** Names of the CloudWatch metrics; all are emitted with the dimensions `service` and `job` only. */
export const METRICS = {
  itemsDone: 'ItemsDone',
  itemsSkipped: 'ItemsSkipped',
  itemsUnprocessed: 'ItemsUnprocessed',
  itemsInDoubt: 'ItemsInDoubt',
  itemsPerSecond: 'ItemsPerSecond',
  throttles: 'Throttles',
  links: 'Links',
  linkSeconds: 'LinkSeconds',
  handoffMilliseconds: 'HandoffMilliseconds',
  duplicateDeliveries: 'DuplicateDeliveries',
  chainsFinished: 'ChainsFinished',
  chainsInterrupted: 'ChainsInterrupted',
  runsReconciled: 'RunsReconciled',
  runSeconds: 'RunSeconds',
} as const;
