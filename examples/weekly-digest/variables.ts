/** Environment variables that the job reads, and its stack sets. */
export const VARIABLES = {
  recipientsTable: 'RECIPIENTS_TABLE',
  /** Base address of one-click unsubscribe links (RFC 8058), https. */
  unsubscribeUrl: 'UNSUBSCRIBE_URL',
} as const;
