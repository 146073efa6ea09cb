import { dollars } from '../../page/client/format';

it.each([
  [0, '$0'],
  [0.000_012_3, '$0.000012'],
  [0.004_21, '$0.0042'],
  [0.0999, '$0.10'],
  [0.5, '$0.50'],
  [0.996, '$1.00'],
  [1.267, '$1.27'],
  [1240.4, '$1,240'],
])('%d dollars are %s', (value, shown) => {
  expect(dollars(value)).toBe(shown);
});
