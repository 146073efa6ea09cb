import { ServiceError } from '../aws-service';

/** The definition breaks a rule of the Amazon States Language. */
export function invalid(code: string, message: string, path: string): ServiceError {
  return new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${code}: ${message} at ${path}'`);
}

/** The definition may be valid, but says something that the embedded engine does not run. */
export function unimplemented(what: string, path: string): ServiceError {
  return new ServiceError(
    'InvalidDefinition',
    `Invalid State Machine Definition: The embedded Step Functions does not implement ${what} (${path})`,
  );
}
