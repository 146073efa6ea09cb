/** Environment variables that the job reads, and its stack sets. */
export const VARIABLES = {
  recipientsTable: 'RECIPIENTS_TABLE',
  /** Base address of an unsubscribe endpoint of one's own (RFC 8058), https. Absent where the worker chains have theirs. */
  unsubscribeUrl: 'UNSUBSCRIBE_URL',
} as const;
