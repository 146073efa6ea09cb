import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { ServiceError } from '../../../local/aws-service';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { LambdaError } from '../../../local/lambda/lambda-errors';
import { clientOptions, FakeService } from './fake-service';

const FunctionName = 'worker-chains-run-chain';
const FunctionArn = `arn:aws:lambda:us-east-1:123456789012:function:${FunctionName}`;

let service: FakeService;
let server: HttpServer;
let client: LambdaClient;

beforeEach(async () => {
  service = new FakeService();
  server = await startHttpServer({ port: 0, services: { lambda: service } });
  client = new LambdaClient(clientOptions(server.url));
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

describe('Invoke', () => {
  test('hands over the payload byte by byte and answers with the function’s', async () => {
    service.on('Invoke', async ({ Payload }) => ({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: Payload as Uint8Array,
    }));
    const Payload = Buffer.from('{"text":"é😀"}');
    const answer = await client.send(new InvokeCommand({ FunctionName: FunctionArn, Payload }));
    expect(service.calls[0]).toEqual({
      operation: 'Invoke',
      input: { FunctionName: FunctionArn, Payload: new Uint8Array(Payload) },
    });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(Buffer.from(answer.Payload!).toString()).toBe('{"text":"é😀"}');
    expect(answer.FunctionError).toBeUndefined();
  });

  test('says by what type, with what log, and for which version it was asked', async () => {
    service.on('Invoke', { StatusCode: 202 });
    const asked = { FunctionName, InvocationType: 'Event' as const, LogType: 'None' as const, Qualifier: '$LATEST' };
    const answer = await client.send(new InvokeCommand(asked));
    expect(service.calls[0]?.input).toEqual({ ...asked, Payload: undefined });
    expect([answer.StatusCode, answer.Payload?.length ?? 0]).toEqual([202, 0]);
  });

  test('tells that the function failed', async () => {
    const Payload = Buffer.from('{"errorType":"Chain.Runaway"}');
    service.on('Invoke', { StatusCode: 200, FunctionError: 'Unhandled', Payload });
    const answer = await client.send(new InvokeCommand({ FunctionName }));
    expect(answer.FunctionError).toBe('Unhandled');
    expect(answer.Payload?.transformToString()).toBe('{"errorType":"Chain.Runaway"}');
  });

  test('answers a dry run without content', async () => {
    service.on('Invoke', { StatusCode: 204 });
    const answer = await client.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' }));
    expect(answer.StatusCode).toBe(204);
  });
});

test.each([
  [
    new GetFunctionCommand({ FunctionName }),
    { Configuration: { FunctionName, Timeout: 60, Environment: { Variables: { A: 'b' } } } },
  ],
  [new GetFunctionConfigurationCommand({ FunctionName: FunctionArn }), { FunctionName, MemorySize: 512 }],
  [new GetFunctionConcurrencyCommand({ FunctionName }), { ReservedConcurrentExecutions: 40 }],
  [
    new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 40 }),
    { ReservedConcurrentExecutions: 40 },
  ],
  [new DeleteFunctionConcurrencyCommand({ FunctionName }), {}],
  [
    new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' }),
    { FunctionArn, LastModified: new Date('2026-11-02T06:00:00.125Z'), MaximumRetryAttempts: 0 },
  ],
  [
    new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 120 }),
    { FunctionArn, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 120 },
  ],
  [new ListFunctionsCommand({ MaxItems: 10, Marker: 'm' }), { Functions: [{ FunctionName }], NextMarker: 'n' }],
])('%s travels there and back', async (command, output) => {
  const operation = command.constructor.name.replace(/Command$/, '');
  service.on(operation, output);
  const { $metadata: _, ...received } = await client.send(command as GetFunctionCommand);
  expect(service.calls).toEqual([{ operation, input: command.input }]);
  expect(received).toEqual(output);
});

test('a throttle arrives with its reason', async () => {
  const Reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
  service.on('Invoke', new LambdaError('TooManyRequestsException', 'Rate Exceeded.', 429, Reason));
  const failure = await client.send(new InvokeCommand({ FunctionName })).catch((error) => error);
  expect(failure).toBeInstanceOf(TooManyRequestsException);
  expect(failure).toMatchObject({
    Reason,
    Type: 'User',
    message: 'Rate Exceeded.',
    $metadata: { httpStatusCode: 429 },
  });
});

test.each([
  ['ResourceNotFoundException', 404],
  ['RequestTooLargeException', 413],
  ['InvalidRequestContentException', 400],
  ['ServiceException', 500],
])('%s arrives by its name and with its status', async (name, status) => {
  service.on('Invoke', new ServiceError(name, `Message of ${name}`, status));
  await expect(client.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
    name,
    message: `Message of ${name}`,
    $metadata: { httpStatusCode: status },
  });
});

test('what is not embedded is refused by name', async () => {
  await expect(client.send(new ListTagsCommand({ Resource: FunctionArn }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringMatching(/^The embedded Lambda does not implement GET \/2017-03-31\/tags\//),
  });
});
