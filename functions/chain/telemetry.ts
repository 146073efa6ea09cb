/** How a link ended. */
export type LinkEnd =
  /** The partition is settled, and the task is answered. */
  | 'finished'
  /** The successor is invoked. */
  | 'handed-off'
  /** The run was stopped, or this attempt was given up: nothing was touched after that was known. */
  | 'lease-lost'
  /** The same event was delivered before. */
  | 'duplicate'
  /** A later epoch holds the chain. */
  | 'superseded'
  /** The task was answered with an error. */
  | 'failed';

/** One line per link, for logs and metrics. Times in milliseconds unless the name says otherwise. */
export interface LinkReport {
  readonly runId: string;
  readonly chainId: number;
  readonly epoch: number;
  readonly link: number;
  readonly end: LinkEnd;
  /** Error code and message, when `end` is `failed`. */
  readonly code?: string;
  readonly message?: string;
  readonly job?: string;
  /** Items settled by this link. */
  readonly done: number;
  readonly skipped: number;
  readonly unprocessed: number;
  readonly inDoubt: number;
  readonly chunks: number;
  readonly throttles: number;
  readonly milliseconds: number;
  /** From the decision to hand over until the successor's event was accepted. */
  readonly handoffMilliseconds?: number;
}
