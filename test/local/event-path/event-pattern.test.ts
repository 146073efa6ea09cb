import { readEventPattern } from '../../../local/event-bridge/event-pattern';

const EVENT = {
  source: 'aws.ses',
  'detail-type': 'Email Bounced',
  detail: { count: 3, gone: null, empty: [], mail: { tags: { 'ses:configuration-set': ['mails', 'others'] } } },
  resources: ['arn:one', 'arn:two'],
  list: [{ name: 'a' }, { name: 'b' }],
};
const matches = (pattern: unknown) => readEventPattern(pattern, 'Rule.EventPattern')(EVENT);

test.each<[string, unknown, boolean]>([
  ['an equal text', { source: ['aws.ses'] }, true],
  ['another text', { source: ['aws.sns'] }, false],
  ['one of several texts', { source: ['aws.sns', 'aws.ses'] }, true],
  ['a text in another case', { source: ['AWS.SES'] }, false],
  ['two fields of which one matches', { source: ['aws.ses'], 'detail-type': ['Email Sent'] }, false],
  ['one value of a list', { resources: ['arn:two'] }, true],
  ['no value of a list', { resources: ['arn:three'] }, false],
  ['a nested tag', { detail: { mail: { tags: { 'ses:configuration-set': ['mails'] } } } }, true],
  ['a nested tag of another value', { detail: { mail: { tags: { 'ses:configuration-set': ['none'] } } } }, false],
  ['a field that is not there', { detail: { bounce: { bounceType: ['Permanent'] } } }, false],
  ['a name that every object has', { detail: { constructor: ['x'] } }, false],
  ['a number', { detail: { count: [3] } }, true],
  ['a number as text', { detail: { count: ['3'] } }, false],
  ['null', { detail: { gone: [null] } }, true],
  ['null where nothing is', { detail: { never: [null] } }, false],
  ['a prefix', { 'detail-type': [{ prefix: 'Email ' }] }, true],
  ['a prefix of another text', { 'detail-type': [{ prefix: 'Mail ' }] }, false],
  ['a field that must be there', { source: [{ exists: true }] }, true],
  ['a field that must not be there, and is', { source: [{ exists: false }] }, false],
  ['a field that must not be there, and is not', { detail: { bounce: [{ exists: false }] } }, true],
  ['an empty list, which holds nothing', { detail: { empty: [{ exists: true }] } }, false],
  ['one structure of a list', { list: { name: ['b'] } }, true],
])('a pattern with %s', (_, pattern, expected) => {
  expect(matches(pattern)).toBe(expected);
});

test.each(['anything-but', 'suffix', 'numeric', 'cidr', 'equals-ignore-case', 'wildcard', '$or'])(
  'the operator %s is refused by name',
  (operator) => {
    const pattern = operator === '$or' ? { $or: [{ source: ['a'] }] } : { source: [{ [operator]: ['a'] }] };
    expect(() => matches(pattern)).toThrow(`does not implement the operator ${operator} as Rule.EventPattern`);
  },
);

test.each<[string, unknown, RegExp]>([
  ['no structure', ['aws.ses'], /to be a structure/],
  ['an empty structure', {}, /to name a field, got none/],
  ['an empty list', { source: [] }, /to list what it takes, got an empty list/],
  ['a value outside of a list', { source: 'aws.ses' }, /Rule\.EventPattern\.source to be a structure/],
  ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }, /one operator/],
  ['a prefix of a number', { source: [{ prefix: 1 }] }, /does not implement the operator prefix/],
])('%s is refused', (_, pattern, message) => {
  expect(() => matches(pattern)).toThrow(message);
});
