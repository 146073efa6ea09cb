import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryOfLongLink } from './memory';
import { LEAK_BYTES_PER_ITEM } from './targets';

// Node is to be started with this flag; a test runner is not, so it is set for a new context.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc');

test('a long link keeps nothing per item', async () => {
  const { bytesPerItem } = await memoryOfLongLink(40_000);

  expect(bytesPerItem).toBeLessThan(LEAK_BYTES_PER_ITEM);
});
