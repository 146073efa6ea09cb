import { checkAddress } from '../../../local/ses/address-check';

describe('checkAddress', () => {
  test.each([['user@example.com'], ['first.last+tag@sub.example.com'], ["o'neill@example.com"], ['"a b"@example.com']])(
    'takes %s',
    (address) => {
      expect(() => checkAddress(address)).not.toThrow();
    },
  );

  test.each([
    ['user', "Missing final '@domain'"],
    ['', "Missing final '@domain'"],
    ['@example.com', 'Missing local name'],
    ['user@', 'Missing domain'],
    ['us er@example.com', 'Local address contains control or whitespace'],
    ['github:user', 'Local address contains illegal character'],
    ['a@b@example.com', 'Local address contains illegal character'],
    ['jörg@example.com', 'Local address contains illegal character'],
    ['.user@example.com', 'Local address starts with dot'],
    ['us..er@example.com', 'Local address contains dot-dot'],
    ['user.@example.com', 'Local address ends with dot'],
    ['user@.example.com', 'Domain starts with dot'],
    ['user@example..com', 'Domain contains dot-dot'],
    ['user@example.com.', 'Domain ends with dot'],
    ['user@exam ple.com', 'Domain contains control or whitespace'],
    ['user@exam_ple.com', 'Domain contains illegal character'],
    ['user@büro.example', 'Domain contains illegal character'],
  ])('refuses %j: %s', (address, message) => {
    expect(() => checkAddress(address)).toThrow(
      expect.objectContaining({ name: 'InvalidParameterValue', message, statusCode: 400 }),
    );
  });
});
