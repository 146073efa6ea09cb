import { ServiceError } from '../aws-service';
import { serializationError } from './error-responses';
import { awsJson, errorFields, type Protocol } from './protocol';

export const STEP_FUNCTIONS_TARGET = 'AWSStepFunctions.';

/** AWS JSON 1.0: POST /, the operation in X-Amz-Target, JSON both ways. */
export const stepFunctionsProtocol: Protocol = {
  // AWS's own limit for a request to Step Functions is 1 MB.
  maximumBodyBytes: 1024 * 1024,

  async answer(service, { headers, body, requestId }) {
    const operation = String(headers['x-amz-target']).slice(STEP_FUNCTIONS_TARGET.length);
    const output = await service.handle(operation, parseObject(body));
    return respond(200, awsJson(output), requestId);
  },

  refuse(error, requestId) {
    return respond(error.statusCode, awsJson({ __type: error.name, ...errorFields(error) }), requestId);
  },
};

function respond(status: number, body: string, requestId: string) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId }, body };
}

/**
 * A JSON object; an empty body is an empty one.
 *
 * @throws ServiceError `SerializationException` where it is something else
 */
export function parseObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw serializationError(`Expected the body to be JSON: ${(error as Error).message}.`);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw serializationError(
    `Expected the body to be a JSON object, got ${Array.isArray(parsed) ? 'an array' : parsed}.`,
  );
}

/** The error for an X-Amz-Target of a service that is not embedded. */
export function unknownTarget(target: string): ServiceError {
  return new ServiceError(
    'UnknownOperationException',
    `Expected X-Amz-Target to name AWSStepFunctions, AmazonSQS or DynamoDB_20120810, got '${target}'; other services are not embedded here.`,
  );
}
