import type { Refusal } from '../refusals';

/** What the calls of the table find: one state machine that waits for a callback, and executions of it. */
export interface Ground {
  readonly stateMachineArn: string;
  /** Waits for the answer to `taskToken`. Its name is `running`, its input `{"a":1}`. */
  readonly running: string;
  readonly taskToken: string;
  readonly succeeded: string;
  readonly aborted: string;
  /** Token of a task that has been answered. */
  readonly spentToken: string;
  /** Continues the list of the state machine's executions. */
  readonly nextToken: string;
}

export type Row = Refusal<Ground>;

export const page = (action: string) => `API reference of Step Functions, ${action}`;
export const RECORDED = 'Recorded at AWS, in the snapshots of the LocalStack project';
export const MODEL = "the length in the service's API model, the words as recorded at AWS for other members";

export const tooLong = (member: string, length: number) =>
  `at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${length}`;
export const tooShort = (member: string) =>
  `at '${member}' failed to satisfy constraint: Member must have length greater than or equal to 1`;

const starts = (
  sentence: string,
  input: Record<string, unknown>,
  error: Row['error'],
  source = page('StartExecution'),
): Row => ({
  sentence,
  operation: 'StartExecution',
  input: ({ stateMachineArn }) => ({ stateMachineArn, ...input }),
  error,
  source,
});

const FORBIDDEN_IN_NAMES = [
  ...' \t\u00a0<>{}[]?*"#%\\^|~`$&,;:/',
  ...['\u0000', '\u001f', '\u007f', '\u009f', '\ufffe', '\uffff', '\ud83d\ude00', '\ud800', '\u{10ffff}'],
];

const codeOf = (character: string) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;

export const nameRefusals: readonly Row[] = [
  ...FORBIDDEN_IN_NAMES.map((character) =>
    starts(`a name with ${codeOf(character)}`, { name: `a${character}b` }, ['InvalidName', "Invalid Name: 'a"]),
  ),
  starts('a name of 81 characters', { name: 'x'.repeat(81) }, ['ValidationException', tooLong('name', 80)]),
  starts('an empty name', { name: '' }, ['ValidationException', tooShort('name')], MODEL),
];

export const inputRefusals: readonly Row[] = [
  starts(
    'an input that is no JSON',
    { input: 'not some json' },
    ['InvalidExecutionInput', "Invalid State Machine Execution Input: '"],
    RECORDED,
  ),
  starts(
    'an empty input',
    { input: '' },
    ['InvalidExecutionInput', "Invalid State Machine Execution Input: 'Invalid execution input.'"],
    RECORDED,
  ),
  starts('an input of 262,145 characters', { input: `"${'x'.repeat(262_143)}"` }, [
    'ValidationException',
    /^1 validation error detected: Value at 'input' failed.*less than or equal to 262144$/,
  ]),
  starts('an input of fewer characters that takes 262,146 bytes', { input: `"${'é'.repeat(131_072)}"` }, [
    'ValidationException',
    tooLong('input', 262_144),
  ]),
  starts(
    'a name in use, with another input',
    { name: 'running', input: '{"a":2}' },
    ['ExecutionAlreadyExists', /^Execution Already Exists: 'arn:.*:running'$/],
    RECORDED,
  ),
  starts('the name of an execution that has ended, with the same input', { name: 'succeeded', input: '{}' }, [
    'ExecutionAlreadyExists',
    'Execution Already Exists',
  ]),
  {
    sentence: 'a Map state in place of a state machine',
    operation: 'StartExecution',
    input: ({ stateMachineArn }) => ({ stateMachineArn: `${stateMachineArn}/label` }),
    error: ['ValidationException', 'leave its label out'],
    source: page('StartExecution'),
  },
];

const ACCOUNT = 'us-east-1:000000000000';

export const arnRefusals: readonly Row[] = [
  ...['DescribeStateMachine', 'ListExecutions', 'StartExecution'].flatMap((operation): Row[] => {
    const row = (sentence: string, stateMachineArn: string, error: Row['error'], source = RECORDED): Row => ({
      sentence,
      operation,
      input: () => ({ stateMachineArn }),
      error,
      source,
    });
    return [
      row('an ARN that is none', 'none', ['InvalidArn', "Invalid Arn: 'Invalid ARN prefix: none'"]),
      row('the ARN of an execution', `arn:aws:states:${ACCOUNT}:execution:a:b`, [
        'InvalidArn',
        "Invalid Arn: 'Resource type not valid in this context: execution'",
      ]),
      row('a state machine that is not there', `arn:aws:states:${ACCOUNT}:stateMachine:none`, [
        'StateMachineDoesNotExist',
        "State Machine Does Not Exist: 'arn:",
      ]),
      row('a version that is not there', `arn:aws:states:${ACCOUNT}:stateMachine:machine:2`, [
        'StateMachineDoesNotExist',
        "State Machine Does Not Exist: 'arn:",
      ]),
      row(
        'an ARN of 257 characters',
        `arn:aws:states:${ACCOUNT}:stateMachine:`.padEnd(257, 'x'),
        ['ValidationException', tooLong('stateMachineArn', 256)],
        MODEL,
      ),
      row('an empty ARN', '', ['ValidationException', tooShort('stateMachineArn')], MODEL),
    ];
  }),
  ...[
    'DescribeExecution',
    'GetExecutionHistory',
    'StopExecution',
    'RedriveExecution',
    'DescribeStateMachineForExecution',
  ].flatMap((operation): Row[] => {
    const row = (sentence: string, executionArn: string | undefined, error: Row['error'], source = RECORDED): Row => ({
      sentence,
      operation,
      input: () => ({ executionArn }),
      error,
      source,
    });
    return [
      row('an ARN that is none', 'none', ['InvalidArn', "Invalid Arn: 'Invalid ARN prefix: none'"]),
      row('the ARN of a state machine', `arn:aws:states:${ACCOUNT}:stateMachine:a`, [
        'InvalidArn',
        "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
      ]),
      row('an execution that is not there', `arn:aws:states:${ACCOUNT}:execution:machine:none`, [
        'ExecutionDoesNotExist',
        "Execution Does Not Exist: 'arn:",
      ]),
      row(
        'a call without an ARN',
        undefined,
        ['ValidationException', "Value null at 'executionArn' failed to satisfy constraint: Member must not be null"],
        page(operation),
      ),
    ];
  }),
];
