/** What the suite needs of a test runner: the globals of jest and of vitest have it, and so has the module `node:test`. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test?: (name: string, body: () => Promise<void>, timeoutMilliseconds?: number) => unknown;
  /** Taken where there is no `test`. */
  readonly it?: (name: string, body: () => Promise<void>, timeoutMilliseconds?: number) => unknown;
}

/** A runner with one way to declare a test. */
export interface FoundRunner {
  readonly describe: TestRunner['describe'];
  readonly test: NonNullable<TestRunner['test']>;
}

/**
 * The test runner that is given, or whose globals are there at this moment.
 *
 * @throws Error where there is none
 */
export function findRunner(given?: TestRunner): FoundRunner {
  const { describe, it, test = it } = given ?? (globalThis as unknown as Partial<TestRunner>);
  if (typeof describe === 'function' && typeof test === 'function') return { describe, test };
  throw new Error(
    `Expected ${given ? '`runner` to have' : 'the globals'} \`describe\` and \`test\` or \`it\`${given ? '' : ' of a test runner'}, ` +
      'got none: let jest run this file, or vitest with `globals: true`, or pass `runner`, for instance the module `node:test`.',
  );
}
