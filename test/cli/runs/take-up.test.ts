import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { isExecutionName } from '../../../cli/deployment/execution-name';
import { TakenUpAlready, type TakingUp, takeUp } from '../../../cli/runs/take-up';

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:weekly';
const ARN = MACHINE.replace(':stateMachine:', ':execution:');
const sfn = mockClient(SFNClient);

/** Step Functions with these executions, by name. */
function withExecutions(known: Record<string, { readonly status: string; readonly input: object }>): void {
  sfn.reset();
  sfn.on(StartExecutionCommand).callsFake(({ name, input }: { name: string; input: string }) => {
    const before = known[name];
    if (before !== undefined && !(before.status === 'RUNNING' && JSON.stringify(before.input) === input)) {
      throw new ExecutionAlreadyExists({ message: 'Execution Already Exists', $metadata: {} });
    }
    return { executionArn: `${ARN}:${name}` };
  });
  sfn.on(DescribeExecutionCommand).callsFake(({ executionArn }: { executionArn: string }) => {
    const execution = known[executionArn.split(':').at(-1) as string];
    if (execution === undefined) throw new ExecutionDoesNotExist({ message: 'Does not exist', $metadata: {} });
    return { executionArn, status: execution.status, input: JSON.stringify(execution.input) };
  });
}

const started = (taking: Partial<TakingUp> = {}) =>
  takeUp({ runId: 'monday', field: 'unprocessedOf', job: 'weekly', ...taking }, MACHINE, new SFNClient({}));
const input = { job: 'weekly', unprocessedOf: 'monday' };

it.each([
  [{}, 'monday-retry-1', input],
  [{ field: 'inDoubtOf' }, 'monday-retry-in-doubt-1', { job: 'weekly', inDoubtOf: 'monday' }],
  [{ field: 'resume', rate: 5 }, 'monday-resume-1', { job: 'weekly', resume: 'monday', rate: 5 }],
  [{ dryRun: true }, 'monday-dry-retry-1', { ...input, dryRun: true }],
] as const)('names an execution by the run that it takes up, and by how: %j', async (taking, name, given) => {
  withExecutions({});
  expect(await started(taking)).toEqual({ name, executionArn: `${ARN}:${name}` });
  expect(JSON.parse(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input.input as string)).toEqual(given);
});

it('answers with the execution that is on, where it was asked for in the same words', async () => {
  withExecutions({ 'monday-retry-1': { status: 'RUNNING', input } });
  expect((await started()).name).toBe('monday-retry-1');
});

it('starts none beside one that is on and takes up the same in other words', async () => {
  withExecutions({ 'monday-retry-1': { status: 'RUNNING', input } });
  await expect(started({ rate: 5 })).rejects.toEqual(new TakenUpAlready('monday-retry-1'));
});

it.each(['FAILED', 'ABORTED', 'TIMED_OUT', 'SUCCEEDED'])(
  'takes the next number after one that is %s',
  async (status) => {
    withExecutions({ 'monday-retry-1': { status, input }, 'monday-retry-2': { status, input } });
    expect((await started()).name).toBe('monday-retry-3');
  },
);

it('takes the next number where another long id begins alike', async () => {
  const [runId, other] = ['a', 'b'].map((end) => `${'x'.repeat(79)}${end}`) as [string, string];
  const name = `${'x'.repeat(54)}-dry-retry-in-doubt-1`;
  withExecutions({ [name]: { status: 'RUNNING', input: { job: 'weekly', inDoubtOf: other, dryRun: true } } });
  const answered = await started({ runId, field: 'inDoubtOf', dryRun: true });
  expect(answered.name).toBe(name.replace(/1$/, '2'));
  expect(isExecutionName(answered.name)).toBe(true);
});

it('passes on what Step Functions refuses for another reason', async () => {
  withExecutions({});
  sfn.on(StartExecutionCommand).rejects(Object.assign(new Error('Denied'), { name: 'AccessDeniedException' }));
  await expect(started()).rejects.toThrow('Denied');
});
