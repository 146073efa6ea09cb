/** What may happen to a mail, by the name that the embedded SES publishes it under (`eventType`). */
export type SesEventType = 'Send' | 'Reject' | 'Bounce' | 'Complaint' | 'Delivery' | 'DeliveryDelay';

/** Why an address may be on the account's suppression list. */
export type SuppressedReason = 'BOUNCE' | 'COMPLAINT';

/** A configuration set with what publishes to EventBridge's default bus. */
export interface ConfigurationSetConfig {
  readonly name: string;
  /** Whether mails that name the set are taken. */
  readonly sendingEnabled: boolean;
  /** Reasons for which a suppressed address gets no mail. @default - those of the account */
  readonly suppressedReasons?: readonly SuppressedReason[];
  /** What is published, once per entry: one for each destination that is enabled. */
  readonly destinations: readonly (readonly SesEventType[])[];
}
