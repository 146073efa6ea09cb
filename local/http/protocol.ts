import type { IncomingMessage } from 'node:http';
import type { Service, ServiceError } from '../aws-service';

/** An HTTP response, ready to be written. */
export interface Answer {
  readonly status: number;
  /** Several values of a name are so many header lines. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array;
}

export interface ServiceRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly requestId: string;
}

/** How one AWS service speaks HTTP. */
export interface Protocol {
  readonly maximumBodyBytes: number;
  /**
   * Turns the request into an operation, and its output into a response.
   *
   * @throws ServiceError where it is refused
   */
  answer(service: Service, request: ServiceRequest): Promise<Answer>;
  /** The response for an error, in the service's own form: the SDK throws it by its name. */
  refuse(error: ServiceError, requestId: string): Answer;
}

/** JSON as AWS writes it: a date is a number of seconds since 1970, to the millisecond. */
export function awsJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, written) {
    // JSON.stringify has already turned a Date into a string when it asks.
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : written;
  });
}

/** The fields of an error that travel in its body, beside its name. */
export function errorFields(error: ServiceError): Record<string, unknown> {
  const { name: _name, statusCode: _statusCode, ...fields } = error;
  return { ...fields, message: error.message };
}
