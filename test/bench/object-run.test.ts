import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { objectRun } from './object-run';
import { QUICK } from './sizes';
import { isObjectRunMet } from './targets';

// Node is to be started with this flag; a test runner is not, so it is set for a new context.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc');

test('a run over a CSV keeps the pace of its API, calls for each line once, and holds no more at its end', async () => {
  const cell = await objectRun(QUICK.objectLines);

  expect(cell).toMatchObject({ lines: QUICK.objectLines, wrong: 0 });
  expect(cell.makespanOverIdeal).toBeGreaterThan(1);
  expect({ ...cell, met: isObjectRunMet(cell) }).toEqual({ ...cell, met: true });
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
