import { ServiceError } from '../aws-service';
import { serializationError } from './error-responses';
import type { Answer, Protocol } from './protocol';
import { decodeForm, encodeXml, type Shape } from './query-protocol';

export interface QueryService {
  readonly namespace: string;
  readonly version: string;
  readonly maximumBodyBytes: number;
  /** Operations that are understood, with the members that are not plain text or structures of it. */
  readonly operations: Readonly<Record<string, { readonly input?: Shape; readonly output?: Shape }>>;
  /** Operations whose result AWS leaves out. */
  readonly withoutResult?: ReadonlySet<string>;
}

/** AWS query: a form in, XML out. */
export function queryEndpoint({
  namespace,
  version: ownVersion,
  maximumBodyBytes,
  operations,
  withoutResult,
}: QueryService): Protocol {
  return {
    maximumBodyBytes,

    async answer(service, { body, requestId }) {
      const form = new URLSearchParams(body.toString('utf8'));
      const [operation, version] = [form.get('Action'), form.get('Version')];
      form.delete('Action');
      form.delete('Version');
      if (operation === null) throw serializationError('Expected the form to have an Action, got none.');
      const known = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (known === undefined || version !== ownVersion) {
        throw new ServiceError('InvalidAction', `Could not find operation ${operation} for version ${version}`);
      }
      const output = await service.handle(operation, decodeForm(form, known.input ?? {}));
      const result = withoutResult?.has(operation)
        ? ''
        : `<${operation}Result>${encodeXml(output, known.output ?? {})}</${operation}Result>`;
      const metadata = `<ResponseMetadata>${encodeXml({ RequestId: requestId })}</ResponseMetadata>`;
      return respond(
        200,
        `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`,
        requestId,
      );
    },

    refuse(error, requestId) {
      const Type = error.statusCode < 500 ? 'Sender' : 'Receiver';
      const body = encodeXml({ Error: { Type, Code: error.name, Message: error.message }, RequestId: requestId });
      return respond(error.statusCode, `<ErrorResponse xmlns="${namespace}">${body}</ErrorResponse>`, requestId);
    },
  };
}

function respond(status: number, body: string, requestId: string): Answer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
