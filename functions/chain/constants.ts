/**
 * The only place where an environment variable, an error code or a metric is spelled. Handlers, the construct, the
 * state machine's test and the embedded engine import from here.
 */

/** Environment variables of the functions. */
export const ENVIRONMENT = {
  ledgerTable: 'LEDGER_TABLE',
  recipientsTable: 'RECIPIENTS_TABLE',
  /** The chain function's own name: the target of a handoff. */
  chainFunction: 'CHAIN_FUNCTION_NAME',
  /** `From` of every mail. */
  sender: 'SENDER',
  /** Base address of one-click unsubscribe links (RFC 8058). */
  unsubscribeUrl: 'UNSUBSCRIBE_URL',
} as const;

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
