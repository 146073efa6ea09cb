import type { Acceptance, Refusal } from '../refusals';

/** What the calls of the table find: a function `worker`, and `busy`, which runs once and may not run twice. */
export interface Ground {
  readonly workerArn: string;
}

type Row = Refusal<Ground>;
type Taken = Acceptance<Ground>;

const page = (action: string) => `API reference of Lambda, ${action}`;
const RECORDED = 'Recorded at AWS, in the snapshots of the LocalStack project';
const QUOTAS = 'Lambda quotas: invocation payload 6 MB synchronous, 1 MB asynchronous; the words as reported by users';
const ELSEWHERE = 'arn:aws:lambda:us-east-1:999999999999:function:worker';

const jsonOf = (bytes: number) => Buffer.from(`"${'x'.repeat(bytes - 2)}"`);

const invokes = (
  sentence: string,
  input: Record<string, unknown>,
  error: Row['error'],
  status = 400,
  source = page('Invoke'),
): Row => ({
  sentence,
  operation: 'Invoke',
  input: () => ({ FunctionName: 'worker', ...input }),
  error,
  status,
  source,
});

/** A destination beside the worker. */
const to =
  (name: string) =>
  ({ workerArn }: Ground) => ({
    DestinationConfig: { OnFailure: { Destination: workerArn.replace(/worker$/, name) } },
  });

const PATTERN = 'failed to satisfy constraint: Member must satisfy regular expression pattern: ';

/** What Lambda refuses of the calls that the product makes, or that somebody makes with the CLI or an SDK. */
export const REFUSALS: readonly Row[] = [
  invokes(
    'an unknown function',
    { FunctionName: 'nobody' },
    ['ResourceNotFoundException', /^Function not found: arn:.*:nobody:\$LATEST$/],
    404,
  ),
  invokes(
    'a function of another region',
    { FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:worker' },
    ['ResourceNotFoundException', "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"],
    404,
    RECORDED,
  ),
  invokes(
    'a qualifier beside another in the name',
    { FunctionName: 'worker:7', Qualifier: '$LATEST' },
    [
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    ],
    400,
    RECORDED,
  ),
  invokes(
    'a qualifier with a question mark',
    { Qualifier: 'a?' },
    ['ValidationException', `Value 'a?' at 'qualifier' ${PATTERN}\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+`],
    400,
    RECORDED,
  ),
  invokes('a qualifier of 129 characters', { Qualifier: 'x'.repeat(129) }, [
    'ValidationException',
    "at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128",
  ]),
  invokes('a version that is not there', { Qualifier: '7' }, ['ResourceNotFoundException', /:worker:7$/], 404),
  invokes('a function of another account', { FunctionName: ELSEWHERE }, ['ResourceNotFoundException', ELSEWHERE], 404),
  invokes('a name with a space', { FunctionName: 'a b' }, [
    'ValidationException',
    `Value 'a b' at 'functionName' ${PATTERN}`,
  ]),
  invokes(
    'a name of 65 characters, which nobody can have',
    { FunctionName: 'x'.repeat(65) },
    ['ResourceNotFoundException', 'Function not found: arn:'],
    404,
    RECORDED,
  ),
  invokes('a name of 257 characters', { FunctionName: 'x'.repeat(257) }, [
    'ValidationException',
    "at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 256",
  ]),
  invokes('an unknown invocation type', { InvocationType: 'Later' }, [
    'ValidationException',
    "Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
  ]),
  ...(['RequestResponse', 'Event'] as const).flatMap((InvocationType) => [
    invokes(`a payload that is no JSON, as ${InvocationType}`, { InvocationType, Payload: Buffer.from('{"a":') }, [
      'InvalidRequestContentException',
      'Could not parse request body into json',
    ]),
    invokes(
      `a payload that is no UTF-8, as ${InvocationType}`,
      { InvocationType, Payload: Buffer.from([0x22, 0xff, 0x22]) },
      ['InvalidRequestContentException', 'Could not parse request body into json'],
    ),
  ]),
  invokes(
    'a synchronous payload of 6 MB and a byte',
    { Payload: jsonOf(6_291_457) },
    [
      'RequestTooLargeException',
      '6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)',
    ],
    413,
    QUOTAS,
  ),
  invokes(
    'an event of 1 MB and a byte',
    { InvocationType: 'Event', Payload: jsonOf(1_048_577) },
    [
      'RequestTooLargeException',
      '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    ],
    413,
    QUOTAS,
  ),
  invokes(
    'more than its reservation, if somebody waits',
    { FunctionName: 'busy' },
    ['TooManyRequestsException', 'Rate Exceeded.'],
    429,
  ),
  ...(
    [
      ['GetFunction', /^Function not found: arn:.*:nobody$/],
      ['GetFunctionConfiguration', /^Function not found: arn:.*:nobody$/],
      ['GetFunctionConcurrency', /^Function not found: arn:.*:nobody$/],
      ['PutFunctionConcurrency', /^Function not found: arn:.*:nobody:\$LATEST$/],
      ['GetFunctionEventInvokeConfig', /^The function arn:.*:nobody:\$LATEST doesn't have an EventInvokeConfig$/],
      ['PutFunctionEventInvokeConfig', "The function doesn't exist."],
    ] as const
  ).map(
    ([operation, message]): Row => ({
      sentence: 'an unknown function',
      operation,
      input: () => ({ FunctionName: 'nobody', ReservedConcurrentExecutions: 1, MaximumRetryAttempts: 1 }),
      error: ['ResourceNotFoundException', message],
      status: 404,
      source: RECORDED,
    }),
  ),
  {
    sentence: 'a reservation for one version',
    operation: 'PutFunctionConcurrency',
    input: ({ workerArn }) => ({ FunctionName: `${workerArn}:7`, ReservedConcurrentExecutions: 1 }),
    error: ['InvalidParameterValueException', 'This operation is permitted on Lambda functions only.'],
    source: RECORDED,
  },
  {
    sentence: 'a name of 141 characters',
    operation: 'PutFunctionConcurrency',
    input: () => ({ FunctionName: 'x'.repeat(141), ReservedConcurrentExecutions: 1 }),
    error: ['ValidationException', 'Member must have length less than or equal to 140'],
    source: page('PutFunctionConcurrency'),
  },
  {
    sentence: 'a negative reservation',
    operation: 'PutFunctionConcurrency',
    input: () => ({ FunctionName: 'worker', ReservedConcurrentExecutions: -1 }),
    error: [
      'ValidationException',
      "Value '-1' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    source: page('PutFunctionConcurrency'),
  },
  {
    sentence: 'a reservation that leaves less than 100 to the others',
    operation: 'PutFunctionConcurrency',
    input: () => ({ FunctionName: 'worker', ReservedConcurrentExecutions: 901 }),
    error: ['InvalidParameterValueException', 'below its minimum value of [100]'],
    source: page('PutFunctionConcurrency'),
  },
  ...(
    [
      ['no setting at all', () => ({}), 'You must specify at least one of error handling or destination setting.'],
      ['a destination that is not there', to('nobody'), /^The destination ARN arn:.*:nobody is invalid\.$/],
      [
        'the function itself as destination',
        to('worker'),
        "You can't specify the function as a destination for itself.",
      ],
    ] as const
  ).map(
    ([sentence, input, message]): Row => ({
      sentence,
      operation: 'PutFunctionEventInvokeConfig',
      input: (ground) => ({ FunctionName: 'worker', ...input(ground) }),
      error: ['InvalidParameterValueException', message],
      source: RECORDED,
    }),
  ),
  {
    sentence: 'a destination that is no ARN',
    operation: 'PutFunctionEventInvokeConfig',
    input: () => ({ FunctionName: 'worker', DestinationConfig: { OnFailure: { Destination: 'busy' } } }),
    error: ['ValidationException', `Value 'busy' at 'destinationConfig.onFailure.destination' ${PATTERN}`],
    source: RECORDED,
  },
  ...(
    [
      ['three retries', { MaximumRetryAttempts: 3 }, 'less than or equal to 2'],
      ['an age below a minute', { MaximumEventAgeInSeconds: 59 }, 'greater than or equal to 60'],
      ['an age above six hours', { MaximumEventAgeInSeconds: 21_601 }, 'less than or equal to 21600'],
    ] as const
  ).map(
    ([sentence, input, message]): Row => ({
      sentence,
      operation: 'PutFunctionEventInvokeConfig',
      input: () => ({ FunctionName: 'worker', ...input }),
      error: ['ValidationException', message],
      source: page('PutFunctionEventInvokeConfig'),
    }),
  ),
];

const takes = (sentence: string, operation: string, input: Taken['input'], source = page(operation)): Taken => ({
  sentence,
  operation,
  input,
  source,
});

/** Near-misses: calls that look like a refused one. */
export const ACCEPTANCES: readonly Taken[] = [
  takes('an event of exactly 1 MB', 'Invoke', () => ({
    FunctionName: 'worker',
    InvocationType: 'Event',
    Payload: jsonOf(1_048_576),
  })),
  takes('no payload', 'Invoke', () => ({ FunctionName: 'worker', InvocationType: 'Event' })),
  takes('a full ARN', 'Invoke', ({ workerArn }) => ({ FunctionName: workerArn, InvocationType: 'DryRun' })),
  takes('$LATEST', 'Invoke', () => ({ FunctionName: 'worker', Qualifier: '$LATEST', InvocationType: 'DryRun' })),
  takes('an event above the reservation, which waits', 'Invoke', () => ({
    FunctionName: 'busy',
    InvocationType: 'Event',
  })),
  takes('a reservation of 0', 'PutFunctionConcurrency', () => ({
    FunctionName: 'worker',
    ReservedConcurrentExecutions: 0,
  })),
  takes('another function as destination', 'PutFunctionEventInvokeConfig', (ground) => ({
    FunctionName: 'worker',
    ...to('busy')(ground),
  })),
  takes('the same qualifier in the name and beside it', 'Invoke', () => ({
    FunctionName: 'worker:$LATEST',
    Qualifier: '$LATEST',
    InvocationType: 'DryRun',
  })),
  takes('no retries and an age of a minute', 'PutFunctionEventInvokeConfig', () => ({
    FunctionName: 'worker',
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  })),
];
