import fc from 'fast-check';
import { isAboveLimit } from '../../../functions/run/canary-limits';

it.each([
  // [count, of, limit, above]; the chances by hand: 1 - e^-0.1 = 0.095, 1 - e^-0.1 (1 + 0.1) = 0.0047.
  [1, 100, 0.001, false],
  [2, 100, 0.001, true],
  [1, 10, 0.001, true],
  [0, 100, 0.001, false],
  // Expected are 5; P(X >= 9) = 0.068, P(X >= 10) = 0.032.
  [9, 100, 0.05, false],
  [10, 100, 0.05, true],
  // Expected are 20; P(X >= 27) = 0.079, P(X >= 29) = 0.034.
  [27, 20_000, 0.001, false],
  [29, 20_000, 0.001, true],
  [1, 50, 0, true],
  [0, 0, 0, false],
  [50, 100, 0.5, false],
  [100, 100, 1, false],
  [1_200, 1_000_000, 0.001, true],
  [1_020, 1_000_000, 0.001, false],
])('%d of %d at a limit of %d: %s', (count, of, limit, above) => {
  expect(isAboveLimit(count, of, limit)).toBe(above);
});

it('never holds a share at or below its limit against a run, and stays with what it held when there are more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, of, limit) => {
        if (count <= limit * of) expect(isAboveLimit(count, of, limit)).toBe(false);
        if (isAboveLimit(count, of, limit)) expect(isAboveLimit(count + 1, of, limit)).toBe(true);
      },
    ),
  );
});
