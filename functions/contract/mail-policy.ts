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

/**
 * Shares of a run's mails above which it is ended. Above 0 to 1. A run's mails are its items that are done, and those that
 * are claimed.
 *
 * The defaults are where SES puts an account under review: 5 % hard bounces, 0.1 % complaints (it pauses the account's
 * sending at 10 % and 0.5 %: SES Developer Guide, "Amazon SES sending review process FAQs"). Gmail wants complaints below
 * 0.1 %, and treats a sender of 0.3 % and more as spam (Google's "Email sender guidelines"). Both look at more than one
 * run: a run that stays below may still be one too many.
 */
export interface FeedbackLimits {
  /** Hard bounces. @default - 0.05 */
  readonly bounces?: number;
  /** Complaints. @default - 0.001 */
  readonly complaints?: number;
  /** Mails below which nothing is judged, a whole number of at least 1. @default - 1000 */
  readonly leastMails?: number;
  /** `stop` ends the execution, with the reason in its cause; `pause` sets the run's rate to 0. @default - 'stop' */
  readonly action?: 'stop' | 'pause';
}

/** What holds where a job says nothing. */
export const FEEDBACK_DEFAULTS: Required<FeedbackLimits> = {
  bounces: 0.05,
  complaints: 0.001,
  // One complaint in a thousand is the limit itself: with fewer mails, a single one would end the run.
  leastMails: 1000,
  action: 'stop',
};
