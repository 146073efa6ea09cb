import type { SesError } from './documented-error';

const ASK_AWS =
  'Read what AWS has written to the address of the account, and answer there. Redrive once sending is allowed again.';
const MEND_ADDRESS = 'Mend the address in the data; run for the leftovers.';

/** Errors of sending itself, of the action and of the account. */
export const SENDING_ERRORS: readonly SesError[] = [
  {
    code: 'Throttling',
    // AWS's own pages call it both.
    message: /daily (message|sending) quota exceeded/i,
    example: 'Daily message quota exceeded.',
    status: 400,
    kind: 'quota-exhausted',
    meaning: 'The account has sent as many mails in 24 hours as it may.',
    remedy: 'Redrive when the 24 hours have passed, or have the quota raised.',
    source: 'quotas',
  },
  {
    code: 'Throttling',
    message: /maximum (sigv2 smtp )?sending rate exceeded/i,
    example: 'Maximum sending rate exceeded.',
    status: 400,
    kind: 'throttled',
    meaning: 'The account sends more mails per second than it may.',
    remedy: 'Nothing: the run slows down. If it does so all the time, lower the budget or have the rate raised.',
    source: 'quotas',
  },
  {
    code: 'Throttling',
    example: 'Rate exceeded',
    status: 400,
    kind: 'throttled',
    meaning: 'Calls are refused for their rate. Where the message names neither quota, SES itself may be in trouble.',
    remedy: 'Nothing: the run slows down. If it stays slow, look at the AWS Health Dashboard.',
    source: 'sending',
  },
  {
    code: 'AccountSendingPausedException',
    example: 'Email sending is disabled for your entire Amazon SES account.',
    status: 400,
    kind: 'quota-exhausted',
    meaning: 'Sending was disabled for the whole account, with UpdateAccountSendingEnabled.',
    remedy: 'Find out who disabled it and why. Enable it, then redrive.',
    source: 'action',
  },
  {
    code: 'ConfigurationSetSendingPausedException',
    example: 'Email sending is disabled for the configuration set.',
    status: 400,
    kind: 'quota-exhausted',
    meaning: 'Sending was disabled for the configuration set, with UpdateConfigurationSetSendingEnabled.',
    remedy: 'Find out who disabled it and why. Enable it, then redrive.',
    source: 'action',
  },
  {
    code: 'LimitExceeded',
    example: 'A service limit was reached.',
    status: 400,
    kind: 'quota-exhausted',
    meaning: 'A limit of the service is reached. AWS documents it for other actions of SES only.',
    remedy: 'See in the message which limit it is, have it raised, then redrive.',
    source: 'limits',
  },
  {
    code: 'MessageRejected',
    // At the beginning only: further on stand addresses, which may be called anything.
    message: /^(your )?(sending|account)( is| has been)? (paused|suspended)/i,
    example: 'Sending paused for this account. For more information, please check the inbox of the email address.',
    status: 400,
    kind: 'quota-exhausted',
    meaning:
      'AWS has paused the account for what it sent, for its bounces or for its complaints ("Account is paused").',
    remedy: ASK_AWS,
    source: 'sending',
  },
  {
    code: 'MessageRejected',
    message: /^email address is not verified/i,
    example:
      'Email address is not verified. The following identities failed the check in region US-EAST-1: digest@example.com',
    status: 400,
    kind: 'rejected',
    meaning:
      'The sender is not verified in this region; or the account is in the sandbox, and the recipient is not verified.',
    remedy: 'Verify the identity that is named, in this region; or move the account out of the sandbox.',
    source: 'sending',
  },
  {
    code: 'MessageRejected',
    example: 'Message failed the check.',
    status: 400,
    kind: 'rejected',
    meaning: 'SES does not take this mail, for what it is.',
    remedy: 'The message says why. Mend the mail or the address; run for the leftovers.',
    source: 'action',
  },
  {
    code: 'MailFromDomainNotVerifiedException',
    example: 'Could not read the MX record required to use the specified MAIL FROM domain.',
    status: 400,
    kind: 'rejected',
    meaning: 'The MX record of the custom MAIL FROM domain cannot be read.',
    remedy: 'Mend the MX record, or let the identity fall back to the MAIL FROM domain of SES. Run for the leftovers.',
    source: 'action',
  },
  {
    code: 'ConfigurationSetDoesNotExist',
    example: 'Configuration set <digest> does not exist.',
    status: 400,
    kind: 'rejected',
    meaning: 'There is no configuration set of this name in this region.',
    remedy:
      'Deploy again: the construct makes the one that it uses. Or mend `configurationSet`. Run for the leftovers.',
    source: 'action',
  },
  {
    code: 'InvalidParameterValue',
    message: /^there are no recipients/i,
    example: 'There are no recipients specified',
    status: 400,
    kind: 'rejected',
    meaning: 'The call named no recipient, or more than it may. Our calls name exactly one.',
    remedy: 'It is a defect of this program: report it.',
    source: 'sending',
  },
  {
    code: 'InvalidParameterValue',
    message: /non-ASCII|illegal character|control or whitespace/i,
    example: 'Local address contains illegal character',
    status: 400,
    kind: 'rejected',
    meaning: 'The address is not ASCII. Of the domain SES wants Punycode; for the local part there is no such form.',
    remedy: MEND_ADDRESS,
    source: 'sending',
  },
  {
    code: 'InvalidParameterValue',
    example: "Missing final '@domain'",
    status: 400,
    kind: 'rejected',
    meaning: 'A value of the call is not one that SES takes: mostly an address, or a mail that is too long.',
    remedy: MEND_ADDRESS,
    source: 'codes',
  },
];
