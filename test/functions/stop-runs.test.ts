import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { AlarmEvent, ExecutionEvent } from '../../functions/run/stop-for-alarm';
import { handler } from '../../functions/stop-runs';
import { sdkError } from '../support/sdk-errors';
import { Output, sfn } from './handler-world';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:digest';
const arnOf = (name: string) => `arn:aws:states:us-east-1:123456789012:execution:digest:${name}`;
Object.assign(process.env, {
  [ENVIRONMENT.stateMachine]: MACHINE,
  [ENVIRONMENT.stopAlarms]: JSON.stringify(['latency', 'errors, of all']),
});
const cloudWatch = mockClient(CloudWatchClient);
const output = new Output();

const listed = (...names: string[]) =>
  names.map((name) => ({
    executionArn: arnOf(name),
    stateMachineArn: MACHINE,
    name,
    status: 'RUNNING' as const,
    startDate: new Date(0),
  }));

const goesOff = (value = 'ALARM'): AlarmEvent => ({
  'detail-type': 'CloudWatch Alarm State Change',
  detail: { alarmName: 'latency', state: { value, reason: 'Threshold Crossed: 3 datapoints' } },
});

const starts = (name: string): ExecutionEvent => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: arnOf(name), status: 'RUNNING' },
});

const stopped = () => sfn.commandCalls(StopExecutionCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  sfn.reset();
  cloudWatch.reset();
  output.listen();
  sfn.on(StopExecutionCommand).resolves({ stopDate: new Date(0) });
});
afterEach(() => jest.restoreAllMocks());

describe('StopRuns, when an alarm goes off', () => {
  it('stops every execution that runs, page by page, with the name of the alarm and why it is on', async () => {
    sfn
      .on(ListExecutionsCommand, { stateMachineArn: MACHINE, statusFilter: 'RUNNING' })
      .resolves({ executions: listed('monday'), nextToken: 'more' })
      .on(ListExecutionsCommand, { nextToken: 'more' })
      .resolves({ executions: listed('rehearsal') });

    expect(await handler(goesOff())).toMatchObject({
      alarm: 'latency',
      stopped: [arnOf('monday'), arnOf('rehearsal')],
    });
    const error = 'Run.StoppedByAlarm';
    const cause =
      'The alarm latency is in ALARM (Threshold Crossed: 3 datapoints): when it is over, redrive the execution to go on with the rest.';
    expect(stopped()).toEqual([
      { executionArn: arnOf('monday'), error, cause },
      { executionArn: arnOf('rehearsal'), error, cause },
    ]);
    expect(output.logs).toMatchObject([{ level: 'WARN', message: 'runs stopped by an alarm', alarm: 'latency' }]);
    expect(cloudWatch.calls()).toEqual([]);
  });

  it('stops the others where one cannot be stopped, and fails so that the event comes again', async () => {
    sfn
      .on(ListExecutionsCommand)
      .resolves({ executions: listed('monday', 'rehearsal') })
      .on(StopExecutionCommand, { executionArn: arnOf('monday') })
      .rejects(sdkError('AccessDeniedException', 400));

    await expect(handler(goesOff())).rejects.toThrow(
      /^Expected 2 executions to stop because latency is in ALARM, but 1 did not, among them arn:\S+:monday \(/,
    );
    expect(stopped().map(({ executionArn }) => executionArn)).toContain(arnOf('rehearsal'));
  });

  it('stops nothing where the alarm is over', async () => {
    expect(await handler(goesOff('OK'))).toEqual({ stopped: [], unknownAlarms: [] });
    expect(sfn.calls()).toEqual([]);
  });
});

describe('StopRuns, when an execution starts or goes on', () => {
  const described = (...states: [string, string][]) =>
    cloudWatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: states
        .slice(0, 1)
        .map(([AlarmName, StateValue]) => ({ AlarmName, StateValue: StateValue as 'OK' })),
      CompositeAlarms: states
        .slice(1)
        .map(([AlarmName, StateValue]) => ({ AlarmName, StateValue: StateValue as 'OK' })),
    });

  it('stops that one if an alarm is in ALARM, a composite one as well, and no other', async () => {
    described(['latency', 'OK'], ['errors, of all', 'ALARM']);
    expect(await handler(starts('tuesday'))).toMatchObject({ alarm: 'errors, of all', stopped: [arnOf('tuesday')] });
    expect(cloudWatch).toHaveReceivedCommandWith(DescribeAlarmsCommand, {
      AlarmNames: ['latency', 'errors, of all'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    });
    expect(stopped()).toMatchObject([
      { executionArn: arnOf('tuesday'), cause: expect.stringMatching(/^The alarm errors, of all is in ALARM: when/) },
    ]);
    expect(sfn.commandCalls(ListExecutionsCommand)).toEqual([]);
  });

  it.each(['OK', 'INSUFFICIENT_DATA'])('lets it go on while all of them are %s', async (state) => {
    described(['latency', state], ['errors, of all', state]);
    expect(await handler(starts('tuesday'))).toEqual({ stopped: [], unknownAlarms: [] });
    expect(sfn.calls()).toEqual([]);
  });

  it('says which alarm is gone', async () => {
    described(['latency', 'OK']);
    expect(await handler(starts('tuesday'))).toEqual({ stopped: [], unknownAlarms: ['errors, of all'] });
    expect(output.logs).toMatchObject([{ level: 'ERROR', unknownAlarms: ['errors, of all'] }]);
  });
});
