import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { objectRun } from './object-run';
import { QUICK } from './sizes';
import { isObjectRunMet } from './targets';

// Node is to be started with this flag; a test runner is not, so it is set for a new context.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc');

/** Half of what a quick bench takes. */
const LINES = QUICK.objectLines / 2;

test('a run over a CSV keeps the pace of its API, calls for each line once, and holds no more at its end', async () => {
  const cell = await objectRun(LINES);

  expect(cell).toMatchObject({ lines: LINES, wrong: 0 });
  expect(cell.makespanOverIdeal).toBeGreaterThan(1);
  // What is late is so at the start, however many lines follow: it is held to what the bench grants its own number.
  const asInBench = { ...cell, makespanOverIdeal: 1 + ((cell.makespanOverIdeal - 1) * LINES) / QUICK.objectLines };
  expect({ ...cell, met: isObjectRunMet(asInBench) }).toEqual({ ...cell, met: true });
});

test('is missed where it is late, where a line is called for twice or never, and where its memory grows', () => {
  const cell = { lines: 1, rate: 1, chains: 1, links: 1, fixedSeconds: 1, wrong: 0, makespanOverIdeal: 1.02 };
  const even = { ...cell, earlyMegabytes: 30, lateMegabytes: 30 };

  expect(isObjectRunMet(even)).toBe(true);
  expect(isObjectRunMet({ ...even, makespanOverIdeal: 1.021 })).toBe(false);
  expect(isObjectRunMet({ ...even, wrong: 1 })).toBe(false);
  expect(isObjectRunMet({ ...even, lateMegabytes: 33 })).toBe(false);
  expect(isObjectRunMet({ ...even, lateMegabytes: Number.NaN })).toBe(false);
});
