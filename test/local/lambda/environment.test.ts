import { Lambda } from '../../../local/lambda/lambda-service';
import { VirtualClock } from '../../support/virtual-clock';
import { decoded } from './fixture';
import { ThreadFixture } from './thread-fixture';

let threads: ThreadFixture;

beforeEach(() => {
  threads = new ThreadFixture();
});

afterEach(() => threads.close());

describe('an execution environment', () => {
  const COUNTER = 'let count = 0; export const handler = async () => ++count;';

  it('serves one invocation after the other, its module state kept', async () => {
    const config = threads.deploy(COUNTER);
    expect(await threads.invoke(config)).toEqual({ kind: 'returned', value: 1 });
    expect(await threads.invoke(config)).toEqual({ kind: 'returned', value: 2 });
    expect(threads.runtime.environments).toBe(1);
  });

  it('serves on after its handler has thrown', async () => {
    const config = threads.deploy(
      'let count = 0; export const handler = async () => { throw new Error(String(++count)); };',
    );
    await threads.invoke(config);
    expect(await threads.invoke(config)).toMatchObject({ errorMessage: '2' });
  });

  it('serves one invocation at a time', async () => {
    const config = threads.deploy(COUNTER);
    const results = await Promise.all([threads.invoke(config), threads.invoke(config), threads.invoke(config)]);
    expect(results.map((result) => (result as { value: number }).value)).toEqual([1, 1, 1]);
    expect(threads.runtime.environments).toBe(3);
  });

  it('serves one function only', async () => {
    await threads.invoke(threads.deploy(COUNTER));
    expect(await threads.invoke(threads.deploy(COUNTER, { functionName: 'other' }))).toEqual({
      kind: 'returned',
      value: 1,
    });
  });

  it('is replaced after it died', async () => {
    const config = threads.deploy(
      'let count = 0; export const handler = async (event) => { if (event.exit) process.exit(1); return ++count; };',
    );
    await threads.invoke(config);
    await threads.invoke(config, { exit: true });
    expect(await threads.invoke(config)).toEqual({ kind: 'returned', value: 1 });
    expect(threads.runtime.environments).toBe(1);
  });

  it('that was prewarmed has loaded its bundle before the first invocation', async () => {
    const config = threads.deploy('console.log("loaded"); export const handler = async () => "warm";');
    await threads.runtime.prewarm(config, 2);
    expect(threads.runtime.environments).toBe(2);
    expect(threads.lines.map(({ line }) => line)).toEqual(['loaded', 'loaded']);
    await Promise.all([threads.invoke(config), threads.invoke(config)]);
    expect(threads.runtime.environments).toBe(2);
  });

  it.each([
    ['process.exit(9);', 'Expected worker to load, got Runtime.ExitError: Runtime exited with error: exit status 9'],
    ['setTimeout(() => { throw new RangeError("soon"); }); await new Promise(() => {});', 'got RangeError: soon'],
  ])('that ends while it loads tells of what: %s', async (code, sentence) => {
    await expect(threads.runtime.prewarm(threads.deploy(code), 1)).rejects.toThrow(sentence);
  });

  it('that cannot be prewarmed tells why', async () => {
    await expect(threads.runtime.prewarm(threads.deploy('throw new RangeError("at the top");'), 1)).rejects.toThrow(
      'Expected worker to load, got RangeError: at the top',
    );
  });

  it('sees its own variables and none of the host', async () => {
    process.env.HOST_SECRET = 'secret';
    process.env.LEDGER_TABLE = 'the-host-s';
    const config = threads.deploy('export const handler = async () => ({ ...process.env });', {
      environment: { LEDGER_TABLE: 'ledger' },
    });
    const result = await threads.invoke(config);
    delete process.env.HOST_SECRET;
    delete process.env.LEDGER_TABLE;
    expect(result).toEqual({
      kind: 'returned',
      value: {
        PATH: process.env.PATH,
        LANG: 'en_US.UTF-8',
        TZ: 'UTC',
        LEDGER_TABLE: 'ledger',
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_EXECUTION_ENV: expect.stringMatching(/^AWS_Lambda_nodejs\d+\.x$/),
        AWS_LAMBDA_FUNCTION_NAME: 'worker',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/worker',
        AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
        LAMBDA_TASK_ROOT: config.codeDirectory,
        _HANDLER: 'index.handler',
        AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1',
      },
    });
  });

  it('keeps what its function does to process.env to itself', async () => {
    await threads.invoke(threads.deploy('export const handler = async () => { process.env.LEAKED = "yes"; };'));
    expect(process.env.LEAKED).toBeUndefined();
  });
});

describe('logs', () => {
  it('come line by line, each with the invocation that wrote it', async () => {
    const config = threads.deploy(`console.log('loading');
    export const handler = async (event) => {
      process.stdout.write('half ');
      console.log('line', event.n);
      console.error('two\\nlines');
      process.stderr.write('no newline');
    };`);
    await threads.invoke(config, { n: 1 });
    const first = 'request-1';
    await threads.invoke(config, { n: 2 });
    const second = 'request-2';
    const linesOf = (n: number) => [`half line ${n}`, 'two', 'lines', 'no newline'];
    expect(threads.lines).toEqual([
      { functionName: 'worker', requestId: undefined, line: 'loading' },
      ...linesOf(1).map((line) => ({ functionName: 'worker', requestId: first, line })),
      ...linesOf(2).map((line) => ({ functionName: 'worker', requestId: second, line })),
    ]);
  });

  it('survive the exit of the process that wrote them', async () => {
    await threads.invoke(
      threads.deploy('export const handler = async () => { console.log("last words"); process.exit(1); };'),
    );
    expect(threads.lines.map(({ line }) => line)).toEqual(['last words']);
  });
});

describe('kill', () => {
  it('ends an environment that is stuck in a loop, and its result stays open', async () => {
    const config = threads.deploy('export const handler = async () => { console.log("stuck"); for (;;); };');
    const running = threads.runtime.start(config, { requestId: 'stuck', event: {}, deadline: 0 });
    let settled = false;
    void running.result.then(() => {
      settled = true;
    });
    await threads.logged('stuck');
    running.kill();
    await threads.runtime.close();
    expect(settled).toBe(false);
  });

  it('comes too late for an invocation that has ended', async () => {
    const config = threads.deploy('let count = 0; export const handler = async () => ++count;');
    const first = threads.runtime.start(config, { requestId: 'first', event: {}, deadline: 0 });
    await first.result;
    const second = threads.invoke(config);
    first.kill();
    expect(await second).toEqual({ kind: 'returned', value: 2 });
    expect(threads.runtime.environments).toBe(1);
  });

  it('comes from the service at the deadline; the next invocation gets a new environment', async () => {
    const clock = new VirtualClock();
    const config = threads.deploy(
      'let count = 0; export const handler = (event) => { count += 1; console.log("began"); return event.hang ? new Promise(() => {}) : Promise.resolve(count); };',
      { timeoutSeconds: 7 },
    );
    const lambda = new Lambda({
      clock,
      functions: [config],
      runtime: threads.runtime,
      randomId: () => 'the-request',
      random: () => 0,
    });
    const hanging = lambda.handle('Invoke', { FunctionName: 'worker', Payload: '{"hang":true}' });
    await threads.logged('began');
    await clock.advance(7000);
    expect(decoded(await hanging)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: the-request Error: Task timed out after 7.00 seconds',
    });
    const next = await lambda.handle('Invoke', { FunctionName: 'worker' });
    expect(next).not.toHaveProperty('FunctionError');
    expect(decoded(next)).toBe(1);
  });
});

describe('close', () => {
  it('ends what runs as died, and lets nothing start after', async () => {
    const config = threads.deploy('export const handler = () => new Promise(() => {});');
    const running = threads.invoke(config);
    await threads.runtime.close();
    expect(await running).toMatchObject({ kind: 'died', errorType: 'Runtime.ExitError' });
    expect(await threads.invoke(config)).toMatchObject({ kind: 'died' });
    expect(threads.runtime.environments).toBe(0);
  });
});
