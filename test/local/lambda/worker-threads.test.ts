import { ARN } from './fixture';
import { died, ThreadFixture } from './thread-fixture';

let threads: ThreadFixture;

beforeEach(() => {
  threads = new ThreadFixture();
});

afterEach(() => threads.close());

describe('a handler', () => {
  it('is given the event and a context, and returns', async () => {
    const config = threads.deploy(`export const handler = async (event, context) => {
      const { getRemainingTimeInMillis, ...rest } = context;
      return { event, rest, remaining: getRemainingTimeInMillis() };
    };`);
    const result = await threads.invoke(config, { ids: ['a', 2] });
    expect(result).toEqual({
      kind: 'returned',
      value: {
        event: { ids: ['a', 2] },
        rest: {
          functionName: 'worker',
          functionVersion: '$LATEST',
          invokedFunctionArn: `${ARN}worker`,
          memoryLimitInMB: '256',
          awsRequestId: 'request-1',
          logGroupName: '/aws/lambda/worker',
          logStreamName: expect.any(String),
          callbackWaitsForEmptyEventLoop: true,
        },
        remaining: expect.any(Number),
      },
    });
    const { remaining } = (result as { value: { remaining: number } }).value;
    expect(remaining).toBeGreaterThan(30_000);
    expect(remaining).toBeLessThanOrEqual(60_000);
  });

  it.each([
    ['index.js', 'exports.handler = async () => "here";'],
    ['index.cjs', 'module.exports = { ["hand" + "ler"]: async () => "here" };'],
    ['index.mjs', 'export const handler = async () => "here";'],
  ])('is found in %s', async (file, code) => {
    expect(await threads.invoke(threads.deploy(code, {}, file))).toEqual({ kind: 'returned', value: 'here' });
  });

  it('that returns nothing returns null', async () => {
    expect(await threads.invoke(threads.deploy('export const handler = async () => {};'))).toEqual({
      kind: 'returned',
      value: null,
    });
  });

  it('that throws is told by the name, message and trace of its error', async () => {
    const config = threads.deploy(`export const handler = async () => {
      throw Object.assign(new Error('The cursor did not advance.'), { name: 'Chain.Runaway' });
    };`);
    const result = await threads.invoke(config);
    expect(result).toMatchObject({
      kind: 'threw',
      errorType: 'Chain.Runaway',
      errorMessage: 'The cursor did not advance.',
    });
    expect(result).toHaveProperty('trace.1', expect.stringContaining('index.mjs:2'));
  });

  it.each([
    ["'a string'", 'string', 'a string'],
    ['undefined', 'string', 'handled'],
    ['42', 'number', '42'],
    ['Object.create(null)', 'handled', expect.any(String)],
  ])('that throws %s, which is no Error, is told by its type', async (thrown, errorType, errorMessage) => {
    const config = threads.deploy(`export const handler = async () => { throw ${thrown}; };`);
    expect(await threads.invoke(config)).toEqual({ kind: 'threw', errorType, errorMessage, trace: [] });
  });

  it('that throws before its first await is told the same way', async () => {
    const config = threads.deploy('export const handler = () => { throw new TypeError("early"); };');
    expect(await threads.invoke(config)).toMatchObject({
      kind: 'threw',
      errorType: 'TypeError',
      errorMessage: 'early',
    });
  });

  it('that returns what is not JSON throws', async () => {
    const config = threads.deploy('export const handler = async () => 1n;');
    expect(await threads.invoke(config)).toMatchObject({
      kind: 'threw',
      errorMessage: 'Unable to stringify response body',
    });
  });

  it('that returns no promise is refused rather than guessed at', async () => {
    const config = threads.deploy('export const handler = () => 7;');
    expect(await threads.invoke(config)).toMatchObject({
      kind: 'threw',
      errorType: 'Runtime.HandlerNotAsync',
      errorMessage: 'Expected index.handler to return a promise, got number: make the handler async.',
    });
  });

  it.each([
    ['process.exit(3)', 'Runtime exited with error: exit status 3'],
    ['process.exit(0)', 'Runtime exited without providing a reason'],
  ])('that calls %s dies', async (call, errorMessage) => {
    const config = threads.deploy(`export const handler = async () => { await null; ${call}; };`);
    expect(await threads.invoke(config)).toEqual(died(errorMessage));
    expect(threads.runtime.environments).toBe(0);
  });

  it('that outgrows its memory dies, and this process lives on', async () => {
    const config = threads.deploy(
      'export const handler = async () => { const kept = []; for (;;) kept.push(new Array(1e5).fill({})); };',
      { memoryMegabytes: 16 },
    );
    expect(await threads.invoke(config)).toEqual(
      died('Runtime exited with error: signal: killed', 'Runtime.OutOfMemory'),
    );
  });

  it('has the heap that its memory size says', async () => {
    const config = threads.deploy(
      `import { resourceLimits } from 'node:worker_threads';
      export const handler = async () => resourceLimits.maxOldGenerationSizeMb;`,
      { memoryMegabytes: 96 },
    );
    expect(await threads.invoke(config)).toEqual({ kind: 'returned', value: 96 });
  });

  it('that leaves a rejection unhandled in the background dies of it', async () => {
    const config = threads.deploy(`export const handler = () => {
      void Promise.reject(new Error('forgotten'));
      return new Promise(() => {});
    };`);
    expect(await threads.invoke(config)).toEqual({
      kind: 'died',
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: forgotten',
    });
  });

  it('that leaves an exception uncaught in the background dies of it', async () => {
    const config = threads.deploy(`export const handler = () => {
      setImmediate(() => { throw new RangeError('thrown later'); });
      return new Promise(() => {});
    };`);
    expect(await threads.invoke(config)).toEqual({
      kind: 'died',
      errorType: 'RangeError',
      errorMessage: 'thrown later',
    });
  });
});

describe('a bundle', () => {
  it.each([
    ['throws', 'throw new RangeError("at the top");', 'RangeError', 'at the top'],
    [
      'does not parse',
      'export const handler = ;',
      'Runtime.UserCodeSyntaxError',
      expect.stringContaining('SyntaxError'),
    ],
    [
      'has no such export',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
    ['exports no function', 'export const handler = 1;', 'Runtime.HandlerNotFound', 'index.handler is not a function'],
    [
      'imports what is not there',
      'import "./gone.mjs";',
      'Runtime.ImportModuleError',
      expect.stringContaining('gone.mjs'),
    ],
  ])('that %s fails each invocation the same way', async (_what, code, errorType, errorMessage) => {
    const config = threads.deploy(code);
    expect(await threads.invoke(config)).toMatchObject({ kind: 'threw', errorType, errorMessage });
    expect(await threads.invoke(config)).toMatchObject({ kind: 'threw', errorType, errorMessage });
  });

  it('that is not there is told by its name', async () => {
    const config = threads.deploy('', {}, 'other.mjs');
    expect(await threads.invoke(config)).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Error: Cannot find module 'index'",
    });
  });

  it('that exits while it is loaded dies', async () => {
    expect(await threads.invoke(threads.deploy('process.exit(9);'))).toEqual(
      died('Runtime exited with error: exit status 9'),
    );
  });
});
