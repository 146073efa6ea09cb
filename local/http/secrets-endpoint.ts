import { awsJson, errorFields, type Protocol } from './protocol';
import { parseObject } from './step-functions-endpoint';

export const SECRETS_TARGET = 'secretsmanager.';

/** AWS JSON 1.1. */
export const secretsProtocol: Protocol = {
  // A secret has 64 KB, of which each character may be escaped.
  maximumBodyBytes: 1024 * 1024,

  async answer(service, { headers, body, requestId }) {
    const operation = String(headers['x-amz-target']).slice(SECRETS_TARGET.length);
    return respond(200, awsJson(await service.handle(operation, parseObject(body))), requestId);
  },

  refuse(error, requestId) {
    return respond(error.statusCode, awsJson({ __type: error.name, ...errorFields(error) }), requestId);
  },
};

function respond(status: number, body: string, requestId: string) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId }, body };
}
