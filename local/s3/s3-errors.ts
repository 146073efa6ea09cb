import { ServiceError } from '../aws-service';

/** An error of S3's API. Its `details` stand in the XML of the error, between message and request id. */
export class S3Error extends ServiceError {
  constructor(
    code: string,
    message: string,
    statusCode: number,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(code, message, statusCode);
  }
}

/** 501: what S3 answers to what it does not have, and this S3 to what it leaves out. `what` names it. */
export function notServed(what: string): S3Error {
  return new S3Error('NotImplemented', `The embedded S3 does not implement ${what}: leave it out.`, 501);
}

/** 501 for a header, which the error names as S3 does. */
export function headerNotServed(name: string, value: string): S3Error {
  return new S3Error('NotImplemented', `The embedded S3 does not implement the header ${name}: leave it out.`, 501, {
    Header: name,
    AdditionalMessage: value,
  });
}

export function noSuchBucket(bucket: string): S3Error {
  return new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
}

export function noSuchKey(key: string): S3Error {
  return new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

export function invalidRange(range: string, size: number): S3Error {
  return new S3Error('InvalidRange', 'The requested range is not satisfiable', 416, {
    RangeRequested: range,
    ActualObjectSize: String(size),
  });
}

export function preconditionFailed(condition: string): S3Error {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new S3Error('PreconditionFailed', message, 412, { Condition: condition });
}

export function invalidArgument(name: string, value: string, message: string): S3Error {
  return new S3Error('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value });
}

export function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', message, 400);
}

/** What came is not what the digest in the request says. */
export function badDigest(what: string): S3Error {
  return new S3Error('BadDigest', `The ${what} you specified did not match the calculated checksum.`, 400);
}

export function incompleteBody(): S3Error {
  const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header';
  return new S3Error('IncompleteBody', message, 400);
}
