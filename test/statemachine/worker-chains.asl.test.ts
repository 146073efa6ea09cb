import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { ERROR_CODES } from '../../functions/contract/names';
import { LONGEST_RUN_SECONDS } from '../../functions/run/time-limits';
import { COMMITTED, DEFINITION, type ErrorRule, STATES, stateNamed, TASKS } from './definition';

const FUNCTIONS = join(__dirname, '../../functions');
const SUBSTITUTED = COMMITTED.replaceAll(/\$\{Partition\}/g, 'aws').replaceAll(
  /\$\{(\w+)\}/g,
  'arn:aws:lambda:us-east-1:123456789012:function:$1',
);

/**
 * Errors that AWS documents: of Step Functions ("Handling errors in Step Functions workflows") and of its Lambda
 * integration ("Handle transient Lambda service exceptions").
 */
const AWS_ERRORS = [
  'States.HeartbeatTimeout',
  'States.Timeout',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Lambda.ResourceNotReadyException',
  'Lambda.ResourceConflictException',
];

/** How newer runtimes report that Lambda itself ended a function ("Lambda.Unknown" in older ones). Only of a synchronous call. */
const DEATHS = ['Sandbox.Timedout', 'Sandbox.Failure', 'Runtime.ExitError', 'Runtime.OutOfMemory'];

/** What is meant to happen for each code. Retried ones are caught, too, once their retries are spent. */
const HANDLING: Record<keyof typeof ERROR_CODES, 'retried' | 'caught' | 'parked' | 'ends the run'> = {
  parked: 'parked',
  interrupted: 'retried',
  crashed: 'retried',
  handoffFailed: 'retried',
  runaway: 'caught',
  quotaExhausted: 'caught',
  // More chains would fail for the same cause: nobody else is to be mailed.
  tooManyFailures: 'ends the run',
  // Another execution serves the run: this one has nothing left to do.
  superseded: 'ends the run',
  // With these the execution is stopped from outside: no state fails with them.
  tooManyBounces: 'ends the run',
  tooManyComplaints: 'ends the run',
  stoppedByAlarm: 'ends the run',
  invalidInput: 'ends the run',
  quotaExceeded: 'ends the run',
  alreadyServed: 'ends the run',
  overlapping: 'ends the run',
  // Of CreateWorkers and ReconcileRun, which retry it.
  unavailable: 'ends the run',
  unreconciled: 'ends the run',
  canaryFailed: 'ends the run',
  // What the other chains would read is not what was planned.
  sourceChanged: 'ends the run',
};

const errorsOf = (rules: readonly { readonly ErrorEquals: readonly string[] }[] = []) =>
  rules.flatMap(({ ErrorEquals }) => ErrorEquals);
const retriedBy = (state: string) => errorsOf(stateNamed(state).Retry);
const caughtBy = (state: string) => errorsOf(stateNamed(state).Catch);
const kebab = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
const functionOf = (placeholder: string) => /^\$\{(\w+)FunctionArn\}$/.exec(placeholder)?.[1] ?? placeholder;

describe('the state machine', () => {
  it('is valid Amazon States Language once its functions are filled in', () => {
    expect(validate(JSON.parse(SUBSTITUTED)).errorsText()).toBe('');
  });

  it('would not be valid with a state that leads nowhere', () => {
    const broken = SUBSTITUTED.replace('"Next": "JudgeCanary"', '"Next": "Nowhere"');

    expect(broken).not.toBe(SUBSTITUTED);
    expect(validate(JSON.parse(broken)).isValid).toBe(false);
  });

  it('reads as a table of contents', () => {
    expect(Object.keys(DEFINITION.States)).toEqual([
      'CreateWorkers',
      'RunChains',
      'EveryChainFinished',
      'FinishChains',
      'AwaitFeedback',
      'JudgeCanary',
      'ReconcileRun',
    ]);
  });

  it('has a handler of the same name for each task, and FinishChain shares that of RunChain', () => {
    for (const [name, { Arguments }] of TASKS) {
      const handler = functionOf(Arguments?.FunctionName ?? '');
      expect(handler).toBe(name === 'FinishChain' ? 'RunChain' : name);
      expect(existsSync(join(FUNCTIONS, `${kebab(handler)}.ts`))).toBe(true);
    }
  });

  it('has a task for each handler, but for the one that Lambda calls when a link has died, the ones behind a queue, a URL, a rule and a widget', () => {
    const handlers = readdirSync(FUNCTIONS)
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => readFileSync(join(FUNCTIONS, file), 'utf8').includes('export async function handler('));
    const called = new Set(TASKS.map(([, { Arguments }]) => `${kebab(functionOf(Arguments?.FunctionName ?? ''))}.ts`));

    expect(new Set(handlers)).toEqual(
      new Set([
        ...called,
        ...['fail-chain.ts', 'handle-feedback.ts', 'notify-run.ts', 'show-runs.ts', 'stop-runs.ts', 'unsubscribe.ts'],
      ]),
    );
  });

  it('starts every chain as an event: the heartbeat of a task that waits for an answer begins too late', () => {
    for (const name of ['RunChain', 'FinishChain']) {
      expect(stateNamed(name)).toMatchObject({
        Resource: expect.stringMatching(/:states:::lambda:invoke\.waitForTaskToken$/),
        Arguments: { InvocationType: 'Event' },
        HeartbeatSeconds: expect.stringContaining('heartbeatSeconds'),
        TimeoutSeconds: expect.stringContaining('chainTimeoutSeconds'),
      });
    }
  });

  it('runs as many chains at once as an inline Map can', () => {
    for (const name of ['RunChains', 'FinishChains']) expect(stateNamed(name)).toMatchObject({ MaxConcurrency: 40 });
  });

  it('lets a chain time out before the whole execution does', () => {
    const { TimeoutSeconds } = DEFINITION as { readonly TimeoutSeconds?: number };

    expect(TimeoutSeconds).toBe(604_800);
    expect(LONGEST_RUN_SECONDS).toBeLessThan(604_800);
  });
});

describe('an error', () => {
  it('that a state retries or catches is one of ours or one that AWS documents, and is named once', () => {
    const known = new Set<string>([...Object.values(ERROR_CODES), ...AWS_ERRORS, ...DEATHS]);
    for (const [name] of STATES) {
      for (const errors of [retriedBy(name), caughtBy(name)]) {
        expect(errors.filter((error) => !known.has(error))).toEqual([]);
        expect(new Set(errors).size).toBe(errors.length);
      }
    }
  });

  it.each(Object.entries(HANDLING))('`%s` of a chain is handled on purpose: %s', (key, handling) => {
    const code = ERROR_CODES[key as keyof typeof ERROR_CODES];

    expect(retriedBy('RunChain').includes(code)).toBe(handling === 'retried');
    expect(caughtBy('RunChain').includes(code)).toBe(handling !== 'ends the run');
    expect(retriedBy('FinishChain').includes(code)).toBe(handling === 'retried');
    expect(caughtBy('FinishChain').includes(code)).toBe(handling === 'parked');
    for (const state of ['CreateWorkers', 'JudgeCanary', 'ReconcileRun']) {
      expect(retriedBy(state).includes(code)).toBe(code === ERROR_CODES.unavailable);
    }
  });

  it('of AWS is retried wherever it can occur, and caught so that the other chains go on', () => {
    const lambdaErrors = AWS_ERRORS.filter((error) => error.startsWith('Lambda.'));
    for (const state of ['CreateWorkers', 'JudgeCanary', 'ReconcileRun']) {
      expect(retriedBy(state)).toEqual(['Run.Unavailable', 'States.Timeout', ...lambdaErrors, ...DEATHS]);
    }
    for (const state of ['RunChain', 'FinishChain'])
      expect(retriedBy(state)).toEqual(expect.arrayContaining(AWS_ERRORS));
    expect(caughtBy('RunChain')).toEqual(expect.arrayContaining(retriedBy('RunChain')));
  });

  it('is retried for ten to fifteen minutes: an outage of a service costs time', () => {
    for (const [name, { Retry = [] }] of TASKS) {
      const {
        IntervalSeconds = 1,
        BackoffRate = 2,
        MaxAttempts = 3,
        MaxDelaySeconds = 1e9,
      } = Retry.at(-1) as ErrorRule;
      const longest = Array.from({ length: MaxAttempts }, (_, retry) =>
        Math.min(IntervalSeconds * BackoffRate ** retry, MaxDelaySeconds),
      );
      // Full jitter: half of the longest pauses on average.
      const minutes = longest.reduce((sum, seconds) => sum + seconds, 0) / 2 / 60;
      expect({ name, isLongEnough: minutes > 10 && minutes < 15 }).toEqual({ name, isLongEnough: true });
    }
  });

  it('of an attempt that has got something done has retries of its own', () => {
    for (const state of ['RunChain', 'FinishChain']) {
      const [progressed] = stateNamed(state).Retry ?? [];
      expect(progressed).toMatchObject({ ErrorEquals: ['Chain.Interrupted'], MaxAttempts: 100 });
    }
  });

  it('is never matched by a wildcard, which would swallow Chain.TooManyFailures', () => {
    expect(COMMITTED).not.toMatch(/States\.(ALL|TaskFailed)/);
    expect(COMMITTED.match(/"Chain\.TooManyFailures"/g)).toBeNull();
  });

  it('of a chain that is caught leads to a note, and nothing else is caught', () => {
    expect(stateNamed('RunChain').Catch?.map(({ Next }) => Next)).toEqual(['AwaitOpening', 'ChainUnfinished']);
    expect(stateNamed('ChainUnfinished')).toMatchObject({ Type: 'Pass', End: true });
    expect([...STATES].filter(([, { Catch }]) => Catch).map(([name]) => name)).toEqual(['RunChain', 'FinishChain']);
  });

  it('of a chain that is parked leads to a wait, and from there back', () => {
    expect(caughtBy('FinishChain')).toEqual(['Chain.Parked']);
    expect(stateNamed('FinishChain').Catch?.map(({ Next }) => Next)).toEqual(['AwaitOpeningToFinish']);
    expect(stateNamed('AwaitOpening')).toMatchObject({ Type: 'Wait', Next: 'RunChain' });
    expect(stateNamed('AwaitOpeningToFinish')).toMatchObject({ Type: 'Wait', Next: 'FinishChain' });
  });
});

describe('FinishChain', () => {
  it('is RunChain once more: it differs in its epoch, and in that nothing is caught but a park', () => {
    const plain = (name: string) => {
      const { Catch: _, Comment: __, ...state } = structuredClone(stateNamed(name));
      return {
        ...state,
        Retry: state.Retry?.map(({ ErrorEquals, ...rule }) => ({ ...rule, ErrorEquals, Comment: '' })),
      };
    };
    const finish = plain('FinishChain');
    const payload = finish.Arguments?.Payload as { epoch: string };
    expect(payload.epoch).toContain(' + 250, ');
    payload.epoch = payload.epoch.replace(' + 250, ', ', ');

    expect(finish).toEqual(plain('RunChain'));
  });

  it('is reached through a Map like that of RunChain', () => {
    const { ItemProcessor: _, Comment: __, Next: ___, ...run } = stateNamed('RunChains');
    const { ItemProcessor: ____, Comment: _____, Next: ______, ...finish } = stateNamed('FinishChains');

    expect(finish).toEqual(run);
    expect(stateNamed('RunChains').Next).toBe('EveryChainFinished');
    expect(stateNamed('FinishChains').Next).toBe('EveryChainFinished');
  });
});
