import type { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ExecutionList } from '../../page/execution-list';
import type { MonitoredStateMachine } from '../../page/execution-monitor';

interface Execution {
  readonly name: string;
  status: string;
  redriveCount?: number;
  readonly input: object;
  output?: object;
}

/** Executions of one state machine, the newest first, and what is asked about them. */
function listOf(executions: Execution[], done: () => number = () => 3) {
  const asked: string[] = [];
  const send = async (command: ListExecutionsCommand | DescribeExecutionCommand): Promise<object> => {
    if ('stateMachineArn' in command.input) {
      return {
        executions: executions.map(({ name, status, redriveCount = 0 }, index) => ({
          ...{ executionArn: name, name, status, redriveCount, startDate: new Date(1000 - index) },
        })),
      };
    }
    const { executionArn = '' } = command.input as { executionArn?: string };
    asked.push(executionArn);
    const { input, output } = executions.find(({ name }) => name === executionArn) as Execution;
    return { input: JSON.stringify(input), ...(output && { output: JSON.stringify(output) }) };
  };
  const readChains = async (runId: string) =>
    runId === 'unplanned'
      ? []
      : [
          {
            start: 1,
            end: 11,
            done: done(),
            skipped: 1,
            unprocessed: 0,
            inDoubt: 0,
            given: 4,
            expected: 10,
            isEstimate: false,
          },
        ];
  const stateMachine = { arn: 'machine', name: 'Machine', job: 'digest', ledger: { readChains } };
  const list = new ExecutionList({ send } as unknown as SFNClient, [stateMachine as unknown as MonitoredStateMachine]);
  return { list, asked };
}

describe('the list of executions', () => {
  it.each([
    [
      'a schedule',
      { scheduledFor: '2026-03-02T06:00:00Z' },
      { kind: 'schedule', scheduledFor: '2026-03-02T06:00:00Z' },
    ],
    [
      'one of several schedules',
      { scheduledFor: '2026-03-02T06:00:00Z', schedule: 'monday' },
      { kind: 'schedule', scheduledFor: '2026-03-02T06:00:00Z', schedule: 'monday' },
    ],
    ['a resumption', { resume: 'a' }, { kind: 'resumption', of: 'a' }],
    ['a retry', { unprocessedOf: 'a' }, { kind: 'retry', of: 'a' }],
    ['whoever repeats what was in doubt', { inDoubtOf: 'a' }, { kind: 'in-doubt', of: 'a' }],
    ['a person', {}, { kind: 'hand' }],
  ])('says that %s started one', async (_, input, startedBy) => {
    const { list } = listOf([{ name: 'one', status: 'RUNNING', input: { job: 'digest', ...input } }]);
    expect(await list.read()).toMatchObject([{ name: 'one', job: 'digest', startedBy }]);
  });

  it('takes what came out from the report of a success, and from the ledger otherwise', async () => {
    const report = { given: 20, planned: 19, done: 17, skipped: 1, unprocessed: 2, inDoubt: 0 };
    const { list } = listOf([
      { name: 'failed', status: 'FAILED', input: {} },
      { name: 'succeeded', status: 'SUCCEEDED', input: {}, output: report },
      { name: 'unplanned', status: 'FAILED', input: {} },
    ]);
    const [failed, succeeded, unplanned] = await list.read();
    expect(failed?.items).toMatchObject({ done: 3, skipped: 1 });
    expect(succeeded?.items).toEqual({ done: 17, skipped: 1, unprocessed: 2, inDoubt: 0, planned: 20 });
    expect(unplanned).not.toHaveProperty('items');
  });

  it('asks about each execution once, and about one that was redriven again', async () => {
    const executions: Execution[] = [
      { name: 'running', status: 'RUNNING', input: {} },
      { name: 'failed', status: 'FAILED', input: {} },
    ];
    let done = 3;
    const { list, asked } = listOf(executions, () => done);
    await list.read();
    expect(asked.splice(0)).toEqual(['running', 'failed']);
    done = 5;
    expect((await list.read()).map(({ items }) => items?.done)).toEqual([5, 3]);
    expect(asked).toEqual([]);
    Object.assign(executions[1] as Execution, { status: 'RUNNING', redriveCount: 1 });
    await list.read();
    expect(asked).toEqual(['failed']);
  });

  it('asks about eight at a time, the newest first, and lists the others without their starter until then', async () => {
    const executions = Array.from({ length: 20 }, (_, index) => ({
      name: `run-${index}`,
      status: 'FAILED',
      input: {},
    }));
    const { list, asked } = listOf(executions);
    const known = async () => (await list.read()).filter(({ startedBy }) => startedBy).length;
    expect([await known(), await known(), await known()]).toEqual([8, 16, 20]);
    expect(asked.slice(0, 8)).toEqual(executions.slice(0, 8).map(({ name }) => name));
    expect(asked).toHaveLength(20);
  });

  it('takes an input that is none of ours for one that a person gave', async () => {
    const { list } = listOf([{ name: 'one', status: 'FAILED', input: null as never }]);
    expect(await list.read()).toMatchObject([{ startedBy: { kind: 'hand' } }]);
  });
});
