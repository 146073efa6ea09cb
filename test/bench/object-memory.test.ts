import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ObjectCell } from './object-memory';

/** What is remembered to split at, two pieces of the object, and one chunk. */
const MOST_MEGABYTES = 25;
const MEASURE = `require('./test/bench/object-memory.ts').memoryOfObject(1_000_000).then((cell) => console.log(JSON.stringify(cell)));`;

test('an object of a million lines is planned and read with a memory that does not grow with it', async () => {
  // In a process of its own: that of the tests holds and frees what others have left there, too.
  const args = ['--expose-gc', '--import', 'tsx', '--eval', MEASURE];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: resolve(__dirname, '../..') });
  const { mostGrownMegabytes, planBytes } = JSON.parse(stdout) as ObjectCell;

  expect(mostGrownMegabytes).toBeLessThan(MOST_MEGABYTES);
  expect(planBytes).toBeLessThan(1000);
});
