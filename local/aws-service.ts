/**
 * An embedded AWS service: operations by their API name, inputs and outputs in the shape of the JavaScript SDK's
 * commands. The HTTP endpoints and the simulation call the same `handle`.
 */
export interface Service {
  /**
   * Answers one API call.
   *
   * @throws ServiceError where it is refused; an operation that is not implemented is refused by name
   */
  handle(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** An API error with AWS's own code and message. */
export class ServiceError extends Error {
  constructor(
    /** AWS's error code, for instance `TaskTimedOut`. */
    override readonly name: string,
    message: string,
    /** HTTP status: 4xx is the caller's fault, 5xx the service's. */
    readonly statusCode = 400,
  ) {
    super(message);
  }
}

/** What an embedded service answers to an operation that it does not implement. */
export function notImplemented(service: string, operation: string): ServiceError {
  return new ServiceError('UnknownOperationException', `The embedded ${service} does not implement ${operation}.`, 501);
}
