import type { InvocationRecord } from '../../../local/lambda/invocations';
import { Lambda, type LambdaOptions } from '../../../local/lambda/lambda-service';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult } from '../../../local/lambda/runtime';
import { functionConfig as configOf } from '../../support/function-config';
import { VirtualClock } from '../../support/virtual-clock';

export { FUNCTION_ARN as ARN } from '../../support/function-config';

/** A function that ends soon, and is not tried again. */
export function functionConfig(changes: Partial<FunctionConfig> = {}): FunctionConfig {
  return configOf({
    functionName: 'worker',
    logicalId: 'Worker',
    codeDirectory: '/nowhere',
    timeoutSeconds: 3,
    memoryMegabytes: 256,
    maximumRetryAttempts: 0,
    maximumEventAgeSeconds: 3600,
    ...changes,
  });
}

/** An invocation that the test ends by hand. */
interface Started {
  readonly config: FunctionConfig;
  readonly invocation: Invocation;
  readonly startedAt: number;
  killed: boolean;
  end(result: InvocationResult): void;
}

export const RETURNED: InvocationResult = { kind: 'returned', value: { ok: true } };
export const THREW: InvocationResult = {
  kind: 'threw',
  errorType: 'Chain.Runaway',
  errorMessage: 'The cursor did not advance.',
  trace: ['Chain.Runaway: The cursor did not advance.'],
};

/** The service on virtual time, with a runtime whose invocations stay open until the test ends them. */
export function bench(functions: readonly FunctionConfig[], changes: Partial<LambdaOptions> = {}) {
  const clock = new VirtualClock({ start: Date.UTC(2026, 0, 5, 7) });
  const started: Started[] = [];
  const records: InvocationRecord[] = [];
  const runtime: FunctionRuntime = {
    start(config, invocation) {
      let settled: (result: InvocationResult) => void = () => {};
      const result = new Promise<InvocationResult>((resolve) => {
        settled = resolve;
      });
      const entry: Started = { config, invocation, startedAt: clock.now(), killed: false, end: (end) => settled(end) };
      started.push(entry);
      return {
        result,
        kill: () => {
          entry.killed = true;
        },
      };
    },
  };
  let ids = 0;
  const lambda = new Lambda({
    clock,
    functions,
    runtime,
    randomId: () => {
      ids += 1;
      return `request-${ids}`;
    },
    random: () => 0,
    onInvocation: (record) => records.push(record),
    ...changes,
  });
  const startOf = clock.now();
  return {
    lambda,
    clock,
    started,
    records,
    /** Milliseconds between the bench's beginning and each start. */
    startTimes: () => started.map(({ startedAt }) => startedAt - startOf),
    invoke: (input: Record<string, unknown>) => lambda.handle('Invoke', input),
    event: (payload: unknown, functionName = 'worker') =>
      lambda.handle('Invoke', {
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(payload),
      }),
  };
}

export function decoded(output: Record<string, unknown>): unknown {
  return JSON.parse(new TextDecoder().decode(output.Payload as Uint8Array));
}
