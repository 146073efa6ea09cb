import type { MessageTag } from './message-tags';

/** A mail as SES accepted it. */
export interface AcceptedMail {
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Addresses it was delivered to. */
  readonly destinations: readonly string[];
  readonly raw: Buffer;
  /** @default - none */
  readonly tags?: readonly MessageTag[];
}
