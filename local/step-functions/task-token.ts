import { ServiceError } from '../aws-service';

/** What a task token says: which callback of which execution, and that Step Functions itself handed it out. */
export interface TaskToken {
  readonly executionArn: string;
  readonly serial: number;
  readonly secret: string;
}

/** Tokens are opaque to their users, and long, as AWS's are. */
export function writeTaskToken({ executionArn, serial, secret }: TaskToken): string {
  return Buffer.from(JSON.stringify([executionArn, serial, secret])).toString('base64');
}

/** @throws ServiceError `InvalidToken` where this service has not written the text */
export function readTaskToken(text: string): TaskToken {
  try {
    const [executionArn, serial, secret] = JSON.parse(Buffer.from(text, 'base64').toString()) as unknown[];
    if (typeof executionArn === 'string' && typeof serial === 'number' && typeof secret === 'string') {
      return { executionArn, serial, secret };
    }
  } catch {
    // Not JSON: not a token.
  }
  throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
}
