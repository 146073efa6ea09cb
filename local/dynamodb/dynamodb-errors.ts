import { ServiceError } from '../aws-service';

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** The request is not even of the right JSON types. */
export function serialization(message: string): ServiceError {
  return new ServiceError('SerializationException', message);
}
