import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FunctionConfig, InvocationResult } from '../../../local/lambda/runtime';
import { WorkerThreadRuntime, type WorkerThreadRuntimeOptions } from '../../../local/lambda/worker-threads';
import { functionConfig } from './fixture';

/** A runtime with real threads, and bundles written for the test. `close` it after the test. */
export class ThreadFixture {
  readonly lines: { functionName: string; requestId: string | undefined; line: string }[] = [];
  readonly runtime: WorkerThreadRuntime;
  readonly #directory = mkdtempSync(path.join(tmpdir(), 'lambda-'));
  #requests = 0;

  constructor(shared: Pick<WorkerThreadRuntimeOptions, 'environmentsPerThread' | 'patienceMilliseconds'> = {}) {
    this.runtime = new WorkerThreadRuntime({
      extraEnvironment: { AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1' },
      onLog: (functionName, requestId, line) => this.lines.push({ functionName, requestId, line }),
      ...shared,
    });
  }

  /** Deploys `code` as a function's bundle. */
  deploy(code: string, changes: Partial<FunctionConfig> = {}, file = 'index.mjs'): FunctionConfig {
    const functionName = changes.functionName ?? 'worker';
    const codeDirectory = path.join(this.#directory, functionName);
    mkdirSync(codeDirectory, { recursive: true });
    writeFileSync(path.join(codeDirectory, file), code);
    return functionConfig({ ...changes, functionName, codeDirectory });
  }

  /** Invokes with the request ids `request-1`, `request-2`, … */
  invoke(config: FunctionConfig, event: unknown = {}): Promise<InvocationResult> {
    this.#requests += 1;
    const requestId = `request-${this.#requests}`;
    return this.runtime.start(config, { requestId, event, deadline: Date.now() + 60_000 }).result;
  }

  /** Resolves once a function has written `line`. */
  logged(line: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => (this.lines.some((entry) => entry.line === line) ? resolve() : setImmediate(look));
      look();
    });
  }

  async close(): Promise<void> {
    await this.runtime.close();
    rmSync(this.#directory, { recursive: true });
  }
}

export function died(errorMessage: string, errorType = 'Runtime.ExitError'): InvocationResult {
  return { kind: 'died', errorType, errorMessage };
}
