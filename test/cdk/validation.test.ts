import { Duration, Lazy } from 'aws-cdk-lib';
import {
  requireInteger,
  requireOneOf,
  requirePositive,
  requireSeconds,
  shown,
  UnexpectedValue,
} from '../../cdk/validation';

const NOT_NUMBERS = ['3', '', null, undefined, true, {}, [3], 3n, Number.NaN, Number.POSITIVE_INFINITY] as number[];

it.each(NOT_NUMBERS)('no number is %p', (value) => {
  for (const check of [
    requirePositive.bind(null, 'rate', value, 10),
    requireInteger.bind(null, 'rate', value, 1, 10),
  ]) {
    expect(check).toThrow(UnexpectedValue);
    expect(check).toThrow(`got ${shown(value)}.`);
  }
});

it('takes what is within the limits, and a token', () => {
  const token = Lazy.number({ produce: () => 3 });
  for (const value of [1, 10, token]) {
    expect(() => requirePositive('rate', value, 10)).not.toThrow();
    expect(() => requireInteger('chains', value, 1, 10)).not.toThrow();
  }
  expect(() => requirePositive('rate', 0, 10)).toThrow('Expected `rate` to be a number above 0 and at most 10, got 0.');
  expect(() => requireInteger('chains', 1.5, 1, 10)).toThrow('to be a whole number from 1 to 10, got 1.5.');
  expect(() => requireOneOf('mode', 'c', ['a', 'b'])).toThrow("Expected `mode` to be 'a' or 'b', got \"c\".");
});

it('counts seconds that no whole number of milliseconds makes', () => {
  for (const [duration, got] of [
    [Duration.millis(1500), '1.5'],
    [Duration.seconds(0.0001), '0.0001'],
    [Duration.minutes(2), '120'],
  ] as const) {
    expect(() => requireSeconds('heartbeat', duration, 1, 60)).toThrow(`seconds from 1 to 60, got ${got}.`);
  }
});

class Queue2 {}

it.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  ['a "b"', '"a \\"b\\""'],
  [[], 'an empty list'],
  [[1, 2], 'a list of 2'],
  [{ a: 1 }, 'an object'],
  [Object.create(null), 'an object'],
  [new Error('x'), 'an Error'],
  [new Queue2(), 'a Queue'],
  [() => 1, 'a function'],
  [5n, '5'],
  ['x'.repeat(200), `"${'x'.repeat(79)}…`],
])('says of %p that it is %s', (value, words) => {
  expect(shown(value)).toBe(words);
});
