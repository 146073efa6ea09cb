import { counted, nounFor, times } from '../../../functions/contract/counted';

it.each([
  [0, '0 chains', 'are', '0 times'],
  [1, '1 chain', 'is', 'once'],
  [2, '2 chains', 'are', '2 times'],
  [0.5, '0.5 chains', 'are', '0.5 times'],
])('has the noun of %d', (value, chains, verb, often) => {
  expect([counted(value, 'chain'), nounFor(value, 'is', 'are'), times(value)]).toEqual([chains, verb, often]);
});
