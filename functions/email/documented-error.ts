import type { RefusalKind } from '../contract/errors';

/** What an answer of Amazon SES to SendRawEmail means. */
export interface SesError {
  /** As AWS documents it; with and without `Exception` at its end it is the same, because the SDK's names have it. */
  readonly code: string;
  /** Where one code means several things: the message tells which. @default - whatever it says */
  readonly message?: RegExp;
  /** A message that SES may send with it. */
  readonly example: string;
  /** HTTP status that it comes with. */
  readonly status: number;
  readonly kind: Exclude<RefusalKind, 'suppressed'>;
  readonly meaning: string;
  /** What its operator does about it. */
  readonly remedy: string;
  readonly source: keyof typeof SES_SOURCES;
}

/** Where AWS documents them. */
export const SES_SOURCES = {
  action: 'https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html',
  quotas: 'https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html',
  sending: 'https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html',
  codes: 'https://docs.aws.amazon.com/ses/latest/DeveloperGuide/api-error-codes.html',
  common: 'https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html',
  signature: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html',
  limits: 'https://docs.aws.amazon.com/ses/latest/APIReference/API_CreateConfigurationSet.html',
} as const;
