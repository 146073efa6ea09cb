import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { InvocationResponse } from '../../../local/step-functions/invocation';
import { StepFunctions, type StepFunctionsOptions } from '../../../local/step-functions/step-functions-service';
import { VirtualClock } from '../../support/virtual-clock';

export const ROLE = 'arn:aws:iam::000000000000:role/states';

export interface Invoked {
  readonly FunctionName: string;
  readonly InvocationType: string;
  readonly payload: Record<string, unknown>;
  /** Milliseconds since the world began. */
  readonly at: number;
}

/** Answers one invocation; what it returns is the function's result, and a thrown error rejects the invocation. */
export type Answer = (invoked: Invoked) => unknown | Promise<unknown>;

export function functionError(errorType: string, errorMessage: string): InvocationResponse {
  return { StatusCode: 200, FunctionError: 'Unhandled', Payload: JSON.stringify({ errorType, errorMessage }) };
}

/** A Step Functions service on virtual time, with a Lambda that the test answers for. */
export class World {
  readonly clock: VirtualClock;
  readonly began: number;
  readonly stepFunctions: StepFunctions;
  readonly invocations: Invoked[] = [];
  answer: Answer = () => null;
  readonly #ended = new Set<string>();

  constructor(options: Partial<StepFunctionsOptions> & { readonly clock?: VirtualClock } = {}) {
    this.clock = options.clock ?? new VirtualClock();
    this.began = this.clock.now();
    let tokens = 0;
    this.stepFunctions = new StepFunctions({
      random: () => 0.5,
      randomToken: () => `secret-${tokens++}`,
      invokeFunction: (input) => this.#invoke(input),
      ...options,
      clock: this.clock,
      onHistoryEvent: (executionArn, event) => {
        if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(String(event.type))) this.#ended.add(executionArn);
        if (event.type === 'ExecutionRedriven') this.#ended.delete(executionArn);
        options.onHistoryEvent?.(executionArn, event);
      },
    });
  }

  async #invoke(input: { FunctionName: string; InvocationType: string; Payload: string }): Promise<InvocationResponse> {
    const { FunctionName, InvocationType, Payload } = input;
    const invoked = { FunctionName, InvocationType, payload: JSON.parse(Payload), at: this.clock.now() - this.began };
    this.invocations.push(invoked);
    const value = await this.answer(invoked);
    if (typeof value === 'object' && value !== null && 'StatusCode' in value) return value as InvocationResponse;
    if (InvocationType === 'Event') return { StatusCode: 202 };
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from(JSON.stringify(value ?? null)) };
  }

  async call<T = Record<string, unknown>>(operation: string, input: Record<string, unknown>): Promise<T> {
    return (await this.stepFunctions.handle(operation, input)) as T;
  }

  async create(definition: unknown, name = 'machine'): Promise<string> {
    const { stateMachineArn } = await this.call<{ stateMachineArn: string }>('CreateStateMachine', {
      name,
      roleArn: ROLE,
      definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
    });
    return stateMachineArn;
  }

  /** Creates the machine, starts an execution and lets everything happen that takes no time. */
  async start(definition: unknown, input: unknown = {}, name = 'run'): Promise<string> {
    const stateMachineArn = await this.create(definition);
    const { executionArn } = await this.call<{ executionArn: string }>('StartExecution', {
      stateMachineArn,
      name,
      input: JSON.stringify(input),
    });
    await this.clock.advance(0);
    return executionArn;
  }

  /** Starts an execution and runs it to its end. */
  async run(definition: unknown, input: unknown = {}): Promise<DescribeExecutionOutput> {
    const executionArn = await this.start(definition, input);
    return this.finish(executionArn);
  }

  async finish(executionArn: string): Promise<DescribeExecutionOutput> {
    await this.clock.runUntil(() => this.#ended.has(executionArn));
    return this.describe(executionArn);
  }

  describe(executionArn: string): Promise<DescribeExecutionOutput> {
    return this.call<DescribeExecutionOutput>('DescribeExecution', { executionArn });
  }

  async history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.call<{ events: HistoryEvent[]; nextToken?: string }>('GetExecutionHistory', {
        executionArn,
        maxResults: 1000,
        nextToken,
      });
      events.push(...page.events);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  }

  async types(executionArn: string): Promise<string[]> {
    return (await this.history(executionArn)).map(({ type }) => String(type));
  }

  /** Task tokens in the order in which Lambda received them. */
  get tokens(): string[] {
    return this.invocations.flatMap(({ payload }) =>
      typeof payload.taskToken === 'string' ? [payload.taskToken] : [],
    );
  }

  async succeed(taskToken: string | undefined, output: unknown): Promise<void> {
    await this.call('SendTaskSuccess', { taskToken, output: JSON.stringify(output) });
    await this.clock.advance(0);
  }

  async failTask(taskToken: string | undefined, error: string, cause = 'because'): Promise<void> {
    await this.call('SendTaskFailure', { taskToken, error, cause });
    await this.clock.advance(0);
  }
}

/** A Task that calls `arn:fn` and takes its payload for output, with the fields on top. */
export function task(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'fn', Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    ...('Next' in fields ? undefined : { End: true }),
    ...fields,
  };
}

/** A Task that waits for its token, which its function receives as `taskToken`. */
export function callbackTask(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: {
      FunctionName: 'fn',
      InvocationType: 'Event',
      Payload: {
        taskToken: '{% $states.context.Task.Token %}',
        input: '{% $states.input %}',
        retryCount: '{% $states.context.State.RetryCount %}',
        redriveCount: '{% $states.context.Execution.RedriveCount %}',
      },
    },
    ...('Next' in fields ? undefined : { End: true }),
    ...fields,
  };
}

export function inlineMap(
  state: Record<string, unknown>,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Inner', States: { Inner: state } },
    ...('Next' in fields ? undefined : { End: true }),
    ...fields,
  };
}

/** A Map whose iterations are executions of their own, with the label `Label`. */
export function distributedMap(
  state: Record<string, unknown>,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
  return {
    ...inlineMap(state, fields),
    Label: 'Label',
    ItemProcessor: { ProcessorConfig, StartAt: 'Inner', States: { Inner: state } },
    ...fields,
  };
}

/** A machine of one state, or of several that name each other. */
export function machine(
  states: Record<string, unknown>,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...fields };
}

/** The state machine that is deployed, with its substitutions. */
export function workerChains(): string {
  const text = readFileSync(join(process.cwd(), 'statemachine/worker-chains.asl.json'), 'utf8');
  return text
    .replaceAll(/\$\{Partition\}/g, 'aws')
    .replace(/\$\{(\w+)FunctionArn\}/g, (_, name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`);
}
