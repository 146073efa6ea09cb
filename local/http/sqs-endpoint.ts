import type { ServiceError } from '../aws-service';
import { awsJson, errorFields, type Protocol } from './protocol';
import { parseObject } from './step-functions-endpoint';

export const SQS_TARGET = 'AmazonSQS.';

/** Codes under which clients of SQS's older protocol know an error; the SDK and the CLI show these. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

/** AWS JSON 1.0. */
export const sqsProtocol: Protocol = {
  // A message of 1 MiB, of which each character may be escaped.
  maximumBodyBytes: 8 * 1024 * 1024,

  async answer(service, { headers, body, requestId }) {
    const operation = String(headers['x-amz-target']).slice(SQS_TARGET.length);
    return respond(200, awsJson(await service.handle(operation, parseObject(body))), requestId);
  },

  refuse(error: ServiceError, requestId) {
    const fault = error.statusCode < 500 ? 'Sender' : 'Receiver';
    const answer = respond(
      error.statusCode,
      awsJson({ __type: `com.amazonaws.sqs#${error.name}`, ...errorFields(error) }),
      requestId,
    );
    const code = QUERY_CODES[error.name] ?? error.name;
    return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${code};${fault}` } };
  },
};

function respond(status: number, body: string, requestId: string) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId }, body };
}
