/** A mail to one recipient, before MIME. */
export interface Email {
  /** One address, `user@example.com`. */
  readonly to: string;
  /** Display name of the recipient, any script. */
  readonly toName?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Address of the one-click unsubscribe endpoint for this recipient (RFC 8058), https. */
  readonly unsubscribeUrl: string;
}
