import { crc32 } from 'node:zlib';
import type { Answer, Protocol } from './protocol';
import { parseObject } from './step-functions-endpoint';

export const DYNAMODB_TARGET = 'DynamoDB_20120810.';

/** AWS names these in another namespace than the rest. */
const NAMESPACES: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate#',
  SerializationException: 'com.amazon.coral.service#',
  UnknownOperationException: 'com.amazon.coral.service#',
  InternalFailure: 'com.amazon.coral.service#',
};
const OTHERS = 'com.amazonaws.dynamodb.v20120810#';

/** AWS JSON 1.0: POST /, the operation in X-Amz-Target, JSON both ways, and the answer's CRC-32 in a header. */
export const dynamoDbProtocol: Protocol = {
  // DynamoDB's own limit for one request.
  maximumBodyBytes: 16 * 1024 * 1024,

  async answer(service, { headers, body, requestId }) {
    const operation = String(headers['x-amz-target']).slice(DYNAMODB_TARGET.length);
    return respond(200, await service.handle(operation, parseObject(body)), requestId);
  },

  refuse({ name, message, statusCode }, requestId) {
    return respond(statusCode, { __type: (NAMESPACES[name] ?? OTHERS) + name, message }, requestId);
  },
};

/** botocore, and with it the AWS CLI, compares x-amz-crc32 where it is; the JavaScript SDK does not look. */
function respond(status: number, output: object, requestId: string): Answer {
  const body = Buffer.from(JSON.stringify(output));
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': requestId,
    'x-amz-crc32': String(crc32(body)),
  };
  return { status, headers, body };
}
