import { randomUUID } from 'node:crypto';
import { ServiceError } from '../aws-service';
import { BodyError } from './body';

/** The error that a caller gets for what was thrown. Anything but a `ServiceError` is a fault of this server. */
export function errorFor(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (thrown instanceof BodyError) return new ServiceError('RequestEntityTooLarge', thrown.message, 413);
  return new ServiceError('InternalFailure', thrown instanceof Error ? thrown.message : String(thrown), 500);
}

/** A body that could not be read as what it should be. */
export function serializationError(sentence: string): ServiceError {
  return new ServiceError('SerializationException', sentence);
}

export function newRequestId(): string {
  return randomUUID();
}
