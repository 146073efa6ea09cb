import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { notImplemented, ServiceError } from '../../../local/aws-service';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { clientOptions, FakeService } from './fake-service';

const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:worker-chains:run-1';
const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:worker-chains';
const startDate = new Date('2026-11-02T06:00:00.125Z');

let service: FakeService;
let server: HttpServer;
let client: SFNClient;

beforeEach(async () => {
  service = new FakeService();
  server = await startHttpServer({ port: 0, services: { stepFunctions: service } });
  client = new SFNClient(clientOptions(server.url));
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

test.each([
  [new StartExecutionCommand({ stateMachineArn, name: 'run-1', input: '{"job":"é"}' }), { executionArn, startDate }],
  [new DescribeExecutionCommand({ executionArn }), { executionArn, stateMachineArn, status: 'RUNNING', startDate }],
  [
    new GetExecutionHistoryCommand({ executionArn, maxResults: 5, reverseOrder: true, includeExecutionData: false }),
    {
      events: [
        { id: 1, type: 'ExecutionStarted', timestamp: startDate, executionStartedEventDetails: { input: '{}' } },
      ],
      nextToken: 'more',
    },
  ],
  [
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }),
    { executions: [{ executionArn, stateMachineArn, name: 'run-1', status: 'FAILED', startDate, redriveCount: 0 }] },
  ],
  [new StopExecutionCommand({ executionArn, error: 'Run.Stopped', cause: 'by hand' }), { stopDate: startDate }],
  [new RedriveExecutionCommand({ executionArn, clientToken: 'token' }), { redriveDate: startDate }],
  [new SendTaskSuccessCommand({ taskToken: 'token', output: '{"done":1}' }), {}],
  [new SendTaskFailureCommand({ taskToken: 'token', error: 'Chain.Crashed', cause: 'died' }), {}],
  [new SendTaskHeartbeatCommand({ taskToken: 'token' }), {}],
])('%s travels there and back', async (command, output) => {
  const operation = command.constructor.name.replace(/Command$/, '');
  service.on(operation, output);
  const { $metadata, ...received } = await client.send(command as StartExecutionCommand);
  expect(service.calls).toEqual([{ operation, input: command.input }]);
  expect(received).toEqual(output);
  expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test.each([
  'TaskTimedOut',
  'TaskDoesNotExist',
  'InvalidToken',
  'ExecutionAlreadyExists',
  'ExecutionDoesNotExist',
  'ExecutionNotRedrivable',
  'InvalidExecutionInput',
  'ThrottlingException',
])('%s arrives by its name and with its message', async (name) => {
  service.on('SendTaskHeartbeat', new ServiceError(name, `Message of ${name}: é`));
  await expect(client.send(new SendTaskHeartbeatCommand({ taskToken: 'token' }))).rejects.toMatchObject({
    name,
    message: `Message of ${name}: é`,
    $metadata: { httpStatusCode: 400 },
  });
});

test('a modelled error is an instance of its class, a service fault has its status', async () => {
  service.on('SendTaskSuccess', new ServiceError('TaskTimedOut', 'Task Timed Out'));
  const send = () => client.send(new SendTaskSuccessCommand({ taskToken: 'token', output: '{}' }));
  await expect(send()).rejects.toBeInstanceOf(TaskTimedOut);
  service.on('SendTaskSuccess', new ServiceError('ServiceUnavailable', 'Later.', 503));
  await expect(send()).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
  service.on('SendTaskSuccess', notImplemented('Step Functions', 'SendTaskSuccess'));
  await expect(send()).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: 'The embedded Step Functions does not implement SendTaskSuccess.',
  });
});
