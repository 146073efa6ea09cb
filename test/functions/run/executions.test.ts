import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { Executions } from '../../../functions/run/executions';
import { sdkError } from '../../support/sdk-errors';
import { FastClock } from '../email/fast-clock';

const sfn = mockClient(SFNClient);
let executions: Executions;

beforeEach(() => {
  sfn.reset();
  executions = new Executions({ client: new SFNClient({}), clock: new FastClock(), random: () => 1 });
});

describe('the executions', () => {
  it.each([
    ['RUNNING', false],
    ['PENDING_REDRIVE', false],
    ['SUCCEEDED', true],
    ['FAILED', true],
    ['TIMED_OUT', true],
    ['ABORTED', true],
  ] as const)('take an execution that is %s for ended: %s', async (status, hasEnded) => {
    sfn
      .on(DescribeExecutionCommand)
      .rejectsOnce(sdkError('ThrottlingException', 400))
      .resolves({ status, redriveCount: 2 });

    expect(await executions.describe('arn:run-1')).toEqual({ hasEnded, redriveCount: 2 });
    expect(sfn).toHaveReceivedCommandWith(DescribeExecutionCommand, { executionArn: 'arn:run-1' });
  });

  it('tell of an execution that Step Functions does not know, and take one that it will not tell of for an error', async () => {
    sfn
      .on(DescribeExecutionCommand)
      .rejectsOnce(new ExecutionDoesNotExist({ message: 'gone', $metadata: { httpStatusCode: 400 } }))
      .rejects(sdkError('AccessDeniedException', 400));

    expect(await executions.describe('arn:run-1')).toBeUndefined();
    await expect(executions.describe('arn:run-1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
