import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryOfObject } from './object-memory';

// Node is to be started with this flag; a test runner is not, so it is set for a new context.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc');

/** What is remembered to split at, two pieces of the object, and one chunk. */
const MOST_MEGABYTES = 25;

test('an object of a million lines is planned and read with a memory that does not grow with it', async () => {
  const { mostGrownMegabytes, planBytes } = await memoryOfObject(1_000_000);

  expect(mostGrownMegabytes).toBeLessThan(MOST_MEGABYTES);
  expect(planBytes).toBeLessThan(1000);
});
