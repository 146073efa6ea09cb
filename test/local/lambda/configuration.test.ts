import { ARN, bench, functionConfig, THREW } from './fixture';

const FUNCTIONS = [
  functionConfig({
    environment: { LEDGER_TABLE: 'ledger' },
    maximumRetryAttempts: 1,
    onFailureFunctionArn: `${ARN}fail`,
  }),
  functionConfig({ functionName: 'fail' }),
];
const worker = { FunctionName: 'worker' };

describe('the configuration of a function', () => {
  it('is what the template says', async () => {
    const { lambda } = bench(FUNCTIONS);
    const configuration = await lambda.handle('GetFunctionConfiguration', worker);
    expect(configuration).toEqual({
      FunctionName: 'worker',
      FunctionArn: `${ARN}worker`,
      Handler: 'index.handler',
      Timeout: 3,
      MemorySize: 256,
      Environment: { Variables: { LEDGER_TABLE: 'ledger' } },
      PackageType: 'Zip',
      Version: '$LATEST',
      State: 'Active',
      LastUpdateStatus: 'Successful',
    });
    expect(await lambda.handle('GetFunction', worker)).toEqual({ Configuration: configuration });
  });

  it('is listed page by page, in the order of the names', async () => {
    const { lambda } = bench(FUNCTIONS);
    const first = await lambda.handle('ListFunctions', { MaxItems: 1 });
    expect(first).toMatchObject({ Functions: [{ FunctionName: 'fail' }], NextMarker: 'worker' });
    const second = await lambda.handle('ListFunctions', { MaxItems: 1, Marker: first.NextMarker });
    expect(second).toMatchObject({ Functions: [{ FunctionName: 'worker' }] });
    expect(second).not.toHaveProperty('NextMarker');
    await expect(lambda.handle('ListFunctions', { Marker: 'nobody' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('refuses two functions of one name', () => {
    expect(() => bench([functionConfig(), functionConfig()])).toThrow(
      'Expected one function named worker, got two: rename one in the template.',
    );
  });
});

describe('reserved concurrency', () => {
  it('can be read, set, and lifted again', async () => {
    const { lambda, invoke } = bench(FUNCTIONS);
    expect(await lambda.handle('GetFunctionConcurrency', worker)).toEqual({});
    const reservation = { ReservedConcurrentExecutions: 0 };
    expect(await lambda.handle('PutFunctionConcurrency', { ...worker, ...reservation })).toEqual(reservation);
    expect(await lambda.handle('GetFunctionConcurrency', worker)).toEqual(reservation);
    expect(await lambda.handle('GetFunction', worker)).toMatchObject({ Concurrency: reservation });
    await expect(invoke(worker)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await lambda.handle('DeleteFunctionConcurrency', worker);
    void invoke(worker);
    expect(lambda.running()).toBe(1);
  });

  it('leaves at least 100 of the account to functions without a reservation', async () => {
    const { lambda } = bench(FUNCTIONS);
    const put = (slots: unknown) =>
      lambda.handle('PutFunctionConcurrency', { ...worker, ReservedConcurrentExecutions: slots });
    await put(900);
    await expect(put(901)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('below its minimum value of [100]'),
    });
    await expect(put(-1)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put(undefined)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the event-invoke configuration', () => {
  it('is what the template says until it is put', async () => {
    const { lambda, clock } = bench(FUNCTIONS);
    expect(await lambda.handle('GetFunctionEventInvokeConfig', worker)).toEqual({
      FunctionArn: `${ARN}worker:$LATEST`,
      LastModified: new Date(clock.now()),
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 3600,
      DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: `${ARN}fail` } },
    });
  });

  it('goes back to the defaults for whatever a Put leaves out', async () => {
    const { lambda } = bench(FUNCTIONS);
    const put = await lambda.handle('PutFunctionEventInvokeConfig', { ...worker, MaximumEventAgeInSeconds: 60 });
    expect(put).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: {} },
    });
  });

  it('applies to the events that are already queued', async () => {
    const { lambda, event, started, clock } = bench(FUNCTIONS);
    await event({});
    await lambda.handle('PutFunctionEventInvokeConfig', { ...worker, MaximumRetryAttempts: 0 });
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(600_000);
    expect(started).toHaveLength(1);
  });

  it.each([
    [{ MaximumRetryAttempts: 3 }, 'ValidationException'],
    [{ MaximumEventAgeInSeconds: 59 }, 'ValidationException'],
    [{ MaximumEventAgeInSeconds: 21_601 }, 'ValidationException'],
    [{ DestinationConfig: { OnFailure: { Destination: `${ARN}nobody` } } }, 'InvalidParameterValueException'],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:q' } } },
      'UnknownOperationException',
    ],
    [{ DestinationConfig: { OnSuccess: { Destination: `${ARN}fail` } } }, 'UnknownOperationException'],
  ])('refuses %j', async (input, name) => {
    const { lambda } = bench(FUNCTIONS);
    const before = await lambda.handle('GetFunctionEventInvokeConfig', worker);
    await expect(lambda.handle('PutFunctionEventInvokeConfig', { ...worker, ...input })).rejects.toMatchObject({
      name,
    });
    expect(await lambda.handle('GetFunctionEventInvokeConfig', worker)).toEqual(before);
  });
});
