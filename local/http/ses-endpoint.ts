import { ServiceError } from '../aws-service';
import { serializationError } from './error-responses';
import type { Answer, Protocol } from './protocol';
import { decodeForm, encodeXml, type Shape } from './query-protocol';

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';
const VERSION = '2010-12-01';

/** Operations of SES v1 that are understood here, with the members that are not plain text or structures of it. */
const OPERATIONS: Readonly<Record<string, { readonly input?: Shape; readonly output?: Shape }>> = {
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

/** AWS query: a form in, XML out. */
export const sesProtocol: Protocol = {
  // A message of 10 MB, in base64, of which each `+` and `/` takes three characters in a form.
  maximumBodyBytes: 32 * 1024 * 1024,

  async answer(service, { body, requestId }) {
    const form = new URLSearchParams(body.toString('utf8'));
    const [operation, version] = [form.get('Action'), form.get('Version')];
    form.delete('Action');
    form.delete('Version');
    if (operation === null) throw serializationError('Expected the form to have an Action, got none.');
    const known = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (known === undefined || version !== VERSION) {
      throw new ServiceError('InvalidAction', `Could not find operation ${operation} for version ${version}`);
    }
    const output = await service.handle(operation, decodeForm(form, known.input ?? {}));
    const result = WITHOUT_RESULT.has(operation)
      ? ''
      : `<${operation}Result>${encodeXml(output, known.output ?? {})}</${operation}Result>`;
    const metadata = `<ResponseMetadata>${encodeXml({ RequestId: requestId })}</ResponseMetadata>`;
    return respond(
      200,
      `<${operation}Response xmlns="${NAMESPACE}">${result}${metadata}</${operation}Response>`,
      requestId,
    );
  },

  refuse(error, requestId) {
    const Type = error.statusCode < 500 ? 'Sender' : 'Receiver';
    const body = encodeXml({ Error: { Type, Code: error.name, Message: error.message }, RequestId: requestId });
    return respond(error.statusCode, `<ErrorResponse xmlns="${NAMESPACE}">${body}</ErrorResponse>`, requestId);
  },
};

function respond(status: number, body: string, requestId: string): Answer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
