import { roundedRate } from '../../../functions/contract/rounded-rate';

it.each([
  [0, 0],
  [0.132 * 25, 3.3],
  [0.1 + 0.2, 0.3],
  [2 / 3, 0.667],
  [0.00012345, 0.000123],
  [1234.56789, 1234.568],
  [250, 250],
])('rounds %d', (rate, rounded) => {
  expect(roundedRate(rate)).toBe(rounded);
});
