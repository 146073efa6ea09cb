import type { Acceptance } from '../refusals';
import { definitionAcceptances, definitionRefusals } from './refusals-of-definitions';
import {
  arnRefusals,
  type Ground,
  inputRefusals,
  MODEL,
  nameRefusals,
  page,
  RECORDED,
  type Row,
  tooLong,
  tooShort,
} from './refusals-of-names';

type Taken = Acceptance<Ground>;

const ofExecution = (
  sentence: string,
  operation: string,
  input: Record<string, unknown>,
  error: Row['error'],
  which: 'running' | 'succeeded' | 'aborted' = 'running',
  source = page(operation),
): Row => ({
  sentence,
  operation,
  input: (ground) => ({ executionArn: ground[which], ...input }),
  error,
  source,
});

const lists: readonly Row[] = [
  {
    sentence: 'a status in small letters',
    operation: 'ListExecutions',
    input: ({ stateMachineArn }) => ({ stateMachineArn, statusFilter: 'succeeded' }),
    error: [
      'ValidationException',
      "Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
    ],
    source: RECORDED,
  },
  ...(['ListStateMachines', 'ListExecutions', 'GetExecutionHistory'] as const).flatMap((operation): Row[] => {
    const tokenLength = operation === 'ListExecutions' ? 3096 : 1024;
    const row = (sentence: string, input: Record<string, unknown>, error: Row['error'], source = RECORDED): Row => ({
      sentence,
      operation,
      input: ({ stateMachineArn, running }) => ({
        ...(operation === 'ListExecutions' && { stateMachineArn }),
        ...(operation === 'GetExecutionHistory' && { executionArn: running }),
        ...input,
      }),
      error,
      source,
    });
    return [
      row('1,001 results', { maxResults: 1001 }, [
        'ValidationException',
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
      ]),
      row('fewer than 0 results', { maxResults: -1 }, ['ValidationException', 'greater than or equal to 0'], MODEL),
      row('a token of its own making', { nextToken: 'x' }, ['InvalidToken', "Invalid Token: 'Invalid token'"]),
      row('an empty token', { nextToken: '' }, ['ValidationException', tooShort('nextToken')], MODEL),
      row('a token that is too long', { nextToken: 'x'.repeat(tokenLength + 1) }, [
        'ValidationException',
        tooLong('nextToken', tokenLength),
      ]),
    ];
  }),
  {
    sentence: 'the token of another list',
    operation: 'GetExecutionHistory',
    input: ({ running, nextToken }) => ({ executionArn: running, nextToken }),
    error: ['InvalidToken', "Invalid Token: 'Invalid token'"],
    source: `${page('GetExecutionHistory')}: "Keep all other arguments unchanged"`,
  },
];

const executions: readonly Row[] = [
  ofExecution('an unknown includedData', 'DescribeExecution', { includedData: 'NOTHING' }, [
    'ValidationException',
    "Value 'NOTHING' at 'includedData' failed to satisfy constraint: Member must satisfy enum value set: [ALL_DATA, METADATA_ONLY]",
  ]),
  ofExecution('an error of 257 characters', 'StopExecution', { error: 'x'.repeat(257) }, [
    'ValidationException',
    /^1 validation error detected: Value at 'error' failed.*less than or equal to 256$/,
  ]),
  ofExecution('a cause of 32,769 characters', 'StopExecution', { cause: 'x'.repeat(32_769) }, [
    'ValidationException',
    /Value at 'cause' failed.*less than or equal to 32768$/,
  ]),
  ofExecution('an execution that runs', 'RedriveExecution', {}, [
    'ExecutionNotRedrivable',
    'Execution is RUNNING and cannot be redriven',
  ]),
  ofExecution(
    'an execution that succeeded',
    'RedriveExecution',
    {},
    ['ExecutionNotRedrivable', 'Execution is SUCCEEDED and cannot be redriven'],
    'succeeded',
  ),
  ...[
    ['an empty client token', '', tooShort('clientToken')],
    ['a client token of 65 characters', 'x'.repeat(65), tooLong('clientToken', 64)],
    ['a client token with a space', 'a b', 'Member must satisfy regular expression pattern'],
  ].map(([sentence = '', clientToken, message = '']) =>
    ofExecution(sentence, 'RedriveExecution', { clientToken }, ['ValidationException', message], 'aborted'),
  ),
];

const callbacks: readonly Row[] = [
  ...['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'].flatMap((operation): Row[] => {
    const more = operation === 'SendTaskSuccess' ? { output: '{}' } : {};
    const row = (sentence: string, token: (ground: Ground) => unknown, error: Row['error']): Row => ({
      sentence,
      operation,
      input: (ground) => ({ taskToken: token(ground), ...more }),
      error,
      source: page(operation),
    });
    return [
      row('a token that is none', () => 'token', ['InvalidToken', 'Invalid Token']),
      row('an empty token', () => '', ['ValidationException', tooShort('taskToken')]),
      row('a token of 2,049 characters', () => 'x'.repeat(2049), ['ValidationException', tooLong('taskToken', 2048)]),
      row('the token of a task that was answered', ({ spentToken }) => spentToken, ['TaskTimedOut', 'Task Timed Out']),
    ];
  }),
  ...[
    ['no output', 'SendTaskSuccess', {}, 'ValidationException', "Value null at 'output'"],
    ['an output that is no JSON', 'SendTaskSuccess', { output: 'done' }, 'InvalidOutput', 'Invalid Output'],
    ['an empty output', 'SendTaskSuccess', { output: '' }, 'InvalidOutput', 'Invalid Output'],
    [
      'an output of 262,145 characters',
      'SendTaskSuccess',
      { output: `"${'x'.repeat(262_143)}"` },
      'ValidationException',
      tooLong('output', 262_144),
    ],
    [
      'an error of 257 characters',
      'SendTaskFailure',
      { error: 'x'.repeat(257) },
      'ValidationException',
      tooLong('error', 256),
    ],
    [
      'a cause of 32,769 characters',
      'SendTaskFailure',
      { cause: 'x'.repeat(32_769) },
      'ValidationException',
      tooLong('cause', 32_768),
    ],
  ].map(
    ([sentence, operation, input, name, message]): Row => ({
      sentence: sentence as string,
      operation: operation as string,
      input: ({ taskToken }) => ({ taskToken, ...(input as object) }),
      error: [name as string, message as string],
      source: page(operation as string),
    }),
  ),
];

/** What Step Functions refuses of the calls that the product makes, or that somebody makes with the CLI or an SDK. */
export const REFUSALS: readonly Row[] = [
  ...nameRefusals,
  ...inputRefusals,
  ...arnRefusals,
  ...lists,
  ...executions,
  ...callbacks,
  ...definitionRefusals,
];

const starts = (sentence: string, input: Record<string, unknown>, source = page('StartExecution')): Taken => ({
  sentence,
  operation: 'StartExecution',
  input: ({ stateMachineArn }) => ({ stateMachineArn, ...input }),
  source,
});

const asked = (sentence: string, operation: string, input: Taken['input'], source = page(operation)): Taken => ({
  sentence,
  operation,
  input,
  source,
});

/** Near-misses: calls that look like a refused one. */
export const ACCEPTANCES: readonly Taken[] = [
  starts('a name of 80 characters', { name: 'x'.repeat(80) }),
  starts('a name with letters of other scripts and other signs', { name: "año-日本_(1)=+!@'." }),
  starts('no name and no input', {}),
  starts('an input of exactly 262,144 bytes', { input: `"${'x'.repeat(262_142)}"` }),
  ...['2', 'null', '"some text"'].map((input) => starts(`the input ${input}`, { input }, RECORDED)),
  starts('the name and the input of an execution that runs', { name: 'running', input: '{"a":1}' }, RECORDED),
  asked('a status that none of its executions has', 'ListExecutions', ({ stateMachineArn }) => ({
    stateMachineArn,
    statusFilter: 'TIMED_OUT',
  })),
  asked('its own token', 'ListExecutions', ({ stateMachineArn, nextToken }) => ({ stateMachineArn, nextToken })),
  asked('1,000 results', 'ListExecutions', ({ stateMachineArn }) => ({ stateMachineArn, maxResults: 1000 })),
  asked('0 results, which stands for 100', 'GetExecutionHistory', ({ running }) => ({
    executionArn: running,
    maxResults: 0,
  })),
  asked('all data', 'DescribeExecution', ({ running }) => ({ executionArn: running, includedData: 'ALL_DATA' })),
  asked('an error of 256 characters and a cause of 32,768, and that for what has ended', 'StopExecution', (ground) => ({
    executionArn: ground.succeeded,
    error: 'x'.repeat(256),
    cause: 'x'.repeat(32_768),
  })),
  asked('no error at all', 'StopExecution', ({ aborted }) => ({ executionArn: aborted })),
  asked('a heartbeat', 'SendTaskHeartbeat', ({ taskToken }) => ({ taskToken })),
  asked('a longest client token', 'RedriveExecution', ({ aborted }) => ({
    executionArn: aborted,
    clientToken: '~'.repeat(64),
  })),
  asked('a failure without error and cause', 'SendTaskFailure', ({ taskToken }) => ({ taskToken })),
  ...definitionAcceptances,
];
