import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { StoredEvent } from './history';

/** The state of an execution beside its frames: plain JSON. Times are in milliseconds since the epoch. */
export interface ExecutionRecord {
  readonly arn: string;
  readonly name: string;
  readonly inputText: string;
  status: ExecutionStatus;
  readonly startedAt: number;
  stoppedAt?: number;
  output?: string;
  error?: string;
  cause?: string;
  redriveCount: number;
  /** The Map Run that started it. @default - it is no child of one */
  readonly mapRunArn?: string;
  redrivenAt?: number;
  /** Client tokens of the latest redrives, oldest first, each with its time. */
  redrives?: readonly { readonly clientToken: string; readonly at: number }[];
  /** End of the state machine's `TimeoutSeconds`, which starts anew with each redrive. */
  deadline?: number;
  /** Serial number of the last task token. */
  lastSerial: number;
  events: StoredEvent[];
}
