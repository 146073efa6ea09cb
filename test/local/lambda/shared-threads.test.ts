import type { FunctionConfig } from '../../../local/lambda/runtime';
import { died, ThreadFixture } from './thread-fixture';

/** Three environments of a function share a thread, and there one instance of this bundle. */
const PER_THREAD = 3;
const BUNDLE = `
let loaded = Math.random();
const waiting = new Map();
export const handler = async ({ name, does }, { awsRequestId }) => {
  console.log('begun ' + name);
  if (does === 'pause') await new Promise((resolve) => setTimeout(resolve, 50));
  if (does === 'wait') await new Promise((resolve) => waiting.set(name, resolve));
  if (does === 'release') for (const go of waiting.values()) go();
  if (does === 'exit') process.exit(7);
  if (does === 'throw') throw new RangeError(name);
  console.log('ended ' + name);
  return { loaded, awsRequestId };
};`;

interface Returned {
  readonly value: { readonly loaded: number; readonly awsRequestId: string };
}

let threads: ThreadFixture;

beforeEach(() => {
  threads = new ThreadFixture({ environmentsPerThread: PER_THREAD });
});

afterEach(() => threads.close());

/** Two invocations that a third one lets go on; what the two return. */
async function threeAtATime(config: FunctionConfig): Promise<readonly Returned[]> {
  const waiting = [
    threads.invoke(config, { name: 'a', does: 'wait' }),
    threads.invoke(config, { name: 'b', does: 'wait' }),
  ];
  await threads.logged('begun b');
  await threads.invoke(config, { name: 'c', does: 'release' });
  return (await Promise.all(waiting)) as unknown as readonly Returned[];
}

it('serve several invocations at a time with one instance of the bundle, each with its own request id', async () => {
  const config = threads.deploy(BUNDLE);
  const results = await threeAtATime(config);
  expect(new Set(results.map(({ value }) => value.loaded)).size).toBe(1);
  expect(results.map(({ value }) => value.awsRequestId)).toEqual(['request-1', 'request-2']);
  expect(threads.runtime.environments).toBe(1);
});

it('have each line of their log by the invocation that wrote it, while others run', async () => {
  const config = threads.deploy(BUNDLE);
  await threeAtATime(config);
  const written = threads.lines.map(({ requestId, line }) => `${requestId}: ${line}`);
  expect(written.sort()).toEqual([
    ...['request-1: begun a', 'request-1: ended a', 'request-2: begun b', 'request-2: ended b'],
    ...['request-3: begun c', 'request-3: ended c'],
  ]);
});

it('take no more than they are to share: the next invocation gets another thread', async () => {
  const config = threads.deploy(BUNDLE);
  for (const name of ['a', 'b', 'c', 'd']) void threads.invoke(config, { name, does: 'wait' });
  await threads.logged('begun d');
  expect(threads.runtime.environments).toBe(2);
  // The fuller thread has no place, and the other one is not left for a third.
  void threads.invoke(config, { name: 'e', does: 'wait' });
  await threads.logged('begun e');
  expect(threads.runtime.environments).toBe(2);
});

it('are prewarmed by as few threads as hold them', async () => {
  await threads.runtime.prewarm(threads.deploy(BUNDLE), 7);
  expect(threads.runtime.environments).toBe(3);
});

it('are apart by function', async () => {
  const [one, other] = [threads.deploy(BUNDLE), threads.deploy(BUNDLE, { functionName: 'other' })];
  void threads.invoke(one, { name: 'a', does: 'wait' });
  void threads.invoke(other, { name: 'b', does: 'wait' });
  await threads.logged('begun b');
  expect(threads.runtime.environments).toBe(2);
});

it('go on where one of them throws', async () => {
  const config = threads.deploy(BUNDLE);
  const waiting = threads.invoke(config, { name: 'a', does: 'wait' });
  expect(await threads.invoke(config, { name: 'b', does: 'throw' })).toMatchObject({
    kind: 'threw',
    errorMessage: 'b',
  });
  await threads.invoke(config, { name: 'c', does: 'release' });
  expect(await waiting).toMatchObject({ kind: 'returned' });
});

it('die together, and have a thread each from then on', async () => {
  const config = threads.deploy(BUNDLE);
  const waiting = threads.invoke(config, { name: 'a', does: 'wait' });
  await threads.logged('begun a');
  const exit = died('Runtime exited with error: exit status 7');
  expect(await threads.invoke(config, { name: 'b', does: 'exit' })).toEqual(exit);
  expect(await waiting).toEqual(exit);
  for (const name of ['c', 'd', 'e']) void threads.invoke(config, { name, does: 'wait' });
  await threads.logged('begun e');
  expect(threads.runtime.environments).toBe(3);
});

it('are killed together: who is killed hears nothing, the others die', async () => {
  const config = threads.deploy(BUNDLE);
  const invocation = { requestId: 'killed', event: { name: 'a', does: 'wait' }, deadline: Date.now() + 60_000 };
  const running = threads.runtime.start(config, invocation);
  const heard: unknown[] = [];
  void running.result.then((result) => heard.push(result));
  const other = threads.invoke(config, { name: 'b', does: 'wait' });
  await threads.logged('begun b');
  running.kill();
  expect(await other).toMatchObject({ kind: 'died' });
  expect(await threads.invoke(config, { name: 'c' })).toMatchObject({ kind: 'returned' });
  expect(heard).toEqual([]);
});

describe('with every place taken', () => {
  let full: FunctionConfig;

  beforeEach(async () => {
    await threads.close();
    threads = new ThreadFixture({ environmentsPerThread: PER_THREAD, patienceMilliseconds: 3_600_000 });
    full = threads.deploy(BUNDLE);
    for (const name of ['a', 'b', 'c']) void threads.invoke(full, { name, does: name === 'c' ? 'pause' : 'wait' });
    await threads.logged('begun c');
  });

  it('let an invocation wait for the place of one that ends soon, and start no thread for it', async () => {
    expect(await threads.invoke(full, { name: 'd' })).toMatchObject({ kind: 'returned' });
    expect(threads.lines.map(({ line }) => line).slice(-3)).toEqual(['ended c', 'begun d', 'ended d']);
    expect(threads.runtime.environments).toBe(1);
  });

  it('serve those that wait in the order in which they came', async () => {
    await Promise.all(['d', 'e', 'f'].map((name) => threads.invoke(full, { name })));
    const begun = threads.lines.filter(({ line }) => line.startsWith('begun')).map(({ line }) => line.slice(-1));
    expect(begun.join('')).toBe('abcdef');
  });

  it('give no place to one that was killed while it waited, and let the next one have it', async () => {
    const invocation = { requestId: 'killed', event: { name: 'killed' }, deadline: Date.now() + 60_000 };
    const waiting = threads.runtime.start(full, invocation);
    const next = threads.invoke(full, { name: 'd' });
    waiting.kill();
    expect(await next).toMatchObject({ kind: 'returned' });
    expect(threads.lines.map(({ line }) => line)).not.toContain('begun killed');
    expect(threads.runtime.environments).toBe(1);
  });

  it('give those that wait a thread each once one of the function has died', async () => {
    const dies = threads.invoke(full, { name: 'd', does: 'exit' });
    const waiting = ['e', 'f'].map((name) => threads.invoke(full, { name }));
    expect(await dies).toMatchObject({ kind: 'died' });
    expect(await Promise.all(waiting)).toMatchObject([{ kind: 'returned' }, { kind: 'returned' }]);
    expect(threads.runtime.environments).toBe(2);
  });

  it('end those that wait when they are closed', async () => {
    const waiting = threads.invoke(full, { name: 'd', does: 'wait' });
    await threads.runtime.close();
    expect(await waiting).toEqual(died('Runtime exited with error: signal: killed'));
    expect(threads.lines.map(({ line }) => line)).not.toContain('begun d');
  });
});
