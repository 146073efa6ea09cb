import { numberSize } from '../../../local/dynamodb/numbers';

// One byte per two significant digits, one more, and one for a minus sign: Developer Guide, "DynamoDB item sizes and
// formats". Zeros at either end do not count.
it.each([
  [0, 1],
  [7, 2],
  [10, 2],
  [123, 3],
  [1000, 2],
  [-1000, 3],
  [1_767_600_000_123, 8],
  [1_767_600_000_000, 4],
  [Number.MAX_SAFE_INTEGER, 9],
  [0.5, 2],
  [0.123, 3],
  [1e100, 2],
  [-1.25e100, 4],
  [1e-100, 2],
])('%d takes %d bytes', (value, bytes) => {
  expect(numberSize(value)).toBe(bytes);
});
