/** How the mails of a job are judged by what becomes of them. */
export interface MailPolicy {
  /** When what mailbox providers say of a run's mails ends it. */
  readonly feedback?: FeedbackLimits;
  /**
   * What becomes of an item whose mail goes to an address that another item of the run has had: `send` sends it, `skip`
   * leaves it out as `same-address`, which costs a write to the ledger for each mail. @default - 'send'
   */
  readonly sameAddress?: 'send' | 'skip';
}

/** Shares of a run's accepted mails above which it is ended. Above 0 to 1. */
export interface FeedbackLimits {
  /** Hard bounces. @default - 0.05 */
  readonly bounces?: number;
  /** Complaints. @default - 0.001 */
  readonly complaints?: number;
  /** Mails below which nothing is judged, a whole number of at least 1. @default - 1000 */
  readonly leastMails?: number;
  /** `stop` ends the execution, with the reason in its cause; `pause` sets the run's rate to 0. @default - 'stop' */
  readonly then?: 'stop' | 'pause';
}
