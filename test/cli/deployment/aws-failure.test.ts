import { awsFailure } from '../../../cli/deployment/aws-failure';

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

it.each([
  [
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    /^Expected AWS credentials, got none \(Could not/,
  ],
  [named('Error', 'Region is missing'), /^Expected a region, got none: set AWS_REGION/],
  [named('TimeoutError', 'timed out'), /^Expected AWS to answer, got TimeoutError: look/],
  [
    named('Error', 'connect', { code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 }),
    /^Expected AWS to answer at 127\.0\.0\.1:9, got ECONNREFUSED: look/,
  ],
  [
    named('ExpiredTokenException', 'The security token is expired.'),
    /got ExpiredTokenException \(The security token is expired\): log in again\.$/,
  ],
  [
    named('AccessDeniedException', 'not allowed', { $fault: 'client' }),
    /got AccessDeniedException \(not allowed\): have grantWatch/,
  ],
  [
    named('ThrottlingException', 'Rate\nexceeded.', { $fault: 'client' }),
    'Expected AWS to do it, got ThrottlingException: Rate exceeded.',
  ],
])('is one sentence: %s', (error, sentence) => {
  const { message } = awsFailure(error) as Error;
  expect(message).toMatch(sentence);
  expect(message).not.toMatch(/\n|\.\./);
});

it('leaves alone what is no error of AWS', () => {
  expect(awsFailure(new TypeError('x is not a function'))).toBeUndefined();
  expect(awsFailure('text')).toBeUndefined();
});
