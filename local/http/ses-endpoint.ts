import { type QueryService, queryEndpoint } from './query-endpoint';

/** Operations of SES v1 that are understood here, with the members that are not plain text or structures of it. */
const OPERATIONS: QueryService['operations'] = {
  SendRawEmail: { input: { 'RawMessage.Data': 'blob' } },
  SendEmail: {},
  GetSendQuota: {},
  GetSendStatistics: {},
  VerifyEmailIdentity: {},
  VerifyDomainIdentity: {},
  ListIdentities: { input: { MaxItems: 'integer' } },
  GetIdentityVerificationAttributes: { output: { VerificationAttributes: 'map' } },
  GetAccountSendingEnabled: {},
  UpdateAccountSendingEnabled: { input: { Enabled: 'boolean' } },
};

/** Operations whose result AWS leaves out. */
const WITHOUT_RESULT: ReadonlySet<string> = new Set(['UpdateAccountSendingEnabled']);

export const sesProtocol = queryEndpoint({
  namespace: 'http://ses.amazonaws.com/doc/2010-12-01/',
  version: '2010-12-01',
  // A message of 10 MB, in base64, of which each `+` and `/` takes three characters in a form.
  maximumBodyBytes: 32 * 1024 * 1024,
  operations: OPERATIONS,
  withoutResult: WITHOUT_RESULT,
});
