import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { TooManyRequestsException } from '@aws-sdk/client-lambda';
import { TaskTimedOut } from '@aws-sdk/client-sfn';
import { errorName, isThrottle, isTransient } from '../../../functions/contract/aws-errors';
import { noAnswer, sdkError } from '../../support/sdk-errors';

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });
const answered = { httpStatusCode: 400 };

describe('an error of an SDK client', () => {
  test.each([
    ['a throttled table', sdkError('ProvisionedThroughputExceededException', 400), 'throttle'],
    ['a throttled account', sdkError('ThrottlingException', 400), 'throttle'],
    ['a throttle of the query protocol', sdkError('Throttling', 400), 'throttle'],
    ['a throttle of DynamoDB on demand', sdkError('RequestLimitExceeded', 400), 'throttle'],
    [
      'a throttled function',
      new TooManyRequestsException({ message: 'Rate Exceeded.', $metadata: { httpStatusCode: 429 } }),
      'throttle',
    ],
    ['a throttle by its status alone', sdkError('SlowDown', 429), 'throttle'],
    ['an internal error', sdkError('InternalServerError', 500), 'transient'],
    [
      'a service that is unavailable',
      new DynamoDBServiceException({
        name: 'ServiceUnavailable',
        $fault: 'server',
        $metadata: { httpStatusCode: 503 },
      }),
      'transient',
    ],
    ['a fault of the service without a status', named('ServiceException', { $fault: 'server' }), 'transient'],
    ['a connection that broke', noAnswer(), 'transient'],
    ['a name that was not resolved', named('Error', { code: 'EAI_AGAIN' }), 'transient'],
    ['a request that timed out', named('TimeoutError'), 'transient'],
    ['a request that was aborted', named('AbortError'), 'transient'],
    [
      'a condition that did not hold',
      new ConditionalCheckFailedException({ message: 'no', $metadata: answered }),
      'final',
    ],
    ['a dead task token', new TaskTimedOut({ message: 'Task Timed Out', $metadata: answered }), 'final'],
    ['a request that is not valid', sdkError('ValidationException', 400), 'final'],
    ['a fault of the caller without a status', named('AccessDenied', { $fault: 'client' }), 'final'],
    ['a call that the service does not implement', sdkError('NotImplemented', 501), 'final'],
    ['an error of our own', new TypeError('x is not a function'), 'final'],
    ['a code that is no error number', named('Error', { code: 'ERR_INVALID_ARG_TYPE1' }), 'final'],
    ['nothing', undefined, 'final'],
    ['null', null, 'final'],
  ])('that is %s is told apart', (_, error, meaning) => {
    expect({ throttle: isThrottle(error), transient: isTransient(error) }).toEqual({
      throttle: meaning === 'throttle',
      transient: meaning !== 'final',
    });
  });

  it('has the name that its service gave it, or none', () => {
    expect(errorName(sdkError('TaskTimedOut', 400))).toBe('TaskTimedOut');
    expect(errorName(undefined)).toBe('Unknown');
    expect(errorName(null)).toBe('Unknown');
    expect(errorName({ name: 7 })).toBe('Unknown');
    expect(errorName({ name: '' })).toBe('Unknown');
  });
});
