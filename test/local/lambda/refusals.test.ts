import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { clientOptions } from '../http/fake-service';
import { callerOf, refused } from '../refusals';
import { ARN, bench, functionConfig } from './fixture';
import { ACCEPTANCES, REFUSALS } from './refusals';

const COMMANDS = {
  GetFunction: GetFunctionCommand,
  GetFunctionConcurrency: GetFunctionConcurrencyCommand,
  GetFunctionConfiguration: GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfig: GetFunctionEventInvokeConfigCommand,
  Invoke: InvokeCommand,
  PutFunctionConcurrency: PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfig: PutFunctionEventInvokeConfigCommand,
};

const ground = { workerArn: `${ARN}worker` };
const { lambda, invoke, started } = bench([
  functionConfig(),
  functionConfig({ functionName: 'busy', reservedConcurrency: 1 }),
]);
let server: HttpServer;
let client: LambdaClient;

beforeAll(async () => {
  void invoke({ FunctionName: 'busy' });
  server = await startHttpServer({ port: 0, services: { lambda } });
  client = new LambdaClient(clientOptions(server.url));
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const call = callerOf(() => client, COMMANDS);

test.each(REFUSALS.map((row) => [row.operation, row.sentence, row] as const))(
  '%s refuses %s',
  async (operation, _, row) => {
    await expect(call(operation, row.input(ground))).rejects.toMatchObject(refused(row));
    expect([started.length, lambda.queued()]).toEqual([1, 0]);
  },
);

test('a throttle names its reason', async () => {
  await expect(call('Invoke', { FunctionName: 'busy' })).rejects.toMatchObject({
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
});

test.each(ACCEPTANCES.map((row) => [row.operation, row.sentence, row] as const))(
  '%s takes %s',
  async (operation, _, row) => {
    const { $metadata } = (await call(operation, row.input(ground))) as { $metadata: { httpStatusCode: number } };
    expect(Math.floor($metadata.httpStatusCode / 100)).toBe(2);
  },
);
