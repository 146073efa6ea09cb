import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { clientOptions } from '../http/fake-service';
import { callerOf, refused } from '../refusals';
import { ACCEPTANCES, REFUSALS } from './refusals';
import type { Ground } from './refusals-of-names';
import { callbackTask, machine, World } from './world';

const COMMANDS = {
  CreateStateMachine: CreateStateMachineCommand,
  DescribeExecution: DescribeExecutionCommand,
  DescribeStateMachine: DescribeStateMachineCommand,
  DescribeStateMachineForExecution: DescribeStateMachineForExecutionCommand,
  GetExecutionHistory: GetExecutionHistoryCommand,
  ListExecutions: ListExecutionsCommand,
  ListStateMachines: ListStateMachinesCommand,
  RedriveExecution: RedriveExecutionCommand,
  SendTaskFailure: SendTaskFailureCommand,
  SendTaskHeartbeat: SendTaskHeartbeatCommand,
  SendTaskSuccess: SendTaskSuccessCommand,
  StartExecution: StartExecutionCommand,
  StopExecution: StopExecutionCommand,
};

let server: HttpServer;
let client: SFNClient;
let ground: Ground;

beforeAll(async () => {
  // Executions that are started without a name draw different ones.
  let draws = 0;
  const world = new World({ random: () => (draws++ * 0.618) % 1 });
  server = await startHttpServer({ port: 0, services: { stepFunctions: world.stepFunctions } });
  client = new SFNClient(clientOptions(server.url));
  ground = await groundOf(world);
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

async function groundOf(world: World): Promise<Ground> {
  const definition = machine({ A: callbackTask() });
  const succeeded = await world.start(definition, {}, 'succeeded');
  await world.succeed(world.tokens[0], 1);
  const aborted = await world.start(definition, {}, 'aborted');
  await world.call('StopExecution', { executionArn: aborted });
  const running = await world.start(definition, { a: 1 }, 'running');
  const [spentToken = '', , taskToken = ''] = world.tokens;
  const stateMachineArn = await world.create(definition);
  const { nextToken } = await world.call<{ nextToken: string }>('ListExecutions', { stateMachineArn, maxResults: 1 });
  return { stateMachineArn, running, taskToken, succeeded, aborted, spentToken, nextToken };
}

const call = callerOf(() => client, COMMANDS);

// In the order of the tables: what is accepted changes the ground, what is refused must not.
test.each(REFUSALS.map((row) => [row.operation, row.sentence, row] as const))(
  '%s refuses %s',
  async (operation, _, row) => {
    await expect(call(operation, row.input(ground))).rejects.toMatchObject(refused(row));
  },
);

test('what was refused has changed nothing', async () => {
  const { stateMachineArn, running, aborted } = ground;
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  expect(executions.map(({ name, status }) => [name, status])).toEqual([
    ['running', 'RUNNING'],
    ['aborted', 'ABORTED'],
    ['succeeded', 'SUCCEEDED'],
  ]);
  for (const [executionArn, redriveStatus] of [
    [running, 'NOT_REDRIVABLE'],
    [aborted, 'REDRIVABLE'],
  ]) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ redriveCount: 0, redriveStatus });
  }
});

test.each(ACCEPTANCES.map((row) => [row.operation, row.sentence, row] as const))(
  '%s takes %s',
  async (operation, _, row) => {
    await expect(call(operation, row.input(ground))).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  },
);
