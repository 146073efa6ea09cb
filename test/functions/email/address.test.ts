import { normalizeAddress, parseSender } from '../../../functions/email/address';

describe('normalizeAddress', () => {
  test.each([
    ['user@example.com', 'user@example.com'],
    ['first.last+digest@mail.example', 'first.last+digest@mail.example'],
    ["o'neill@example.com", "o'neill@example.com"],
    ['user@büro.example', 'user@xn--bro-hoa.example'],
    ['User@EXAMPLE.com', 'User@example.com'],
  ])('takes %s', (address, normalized) => {
    expect(normalizeAddress(address)).toBe(normalized);
  });

  test.each([
    [''],
    ['user'],
    ['@example.com'],
    ['user@'],
    ['user@.example.com'],
    ['user@example..com'],
    ['user@exam ple.com'],
    ['user@example.com\n'],
    ['user@example.com\r\nBcc: other@example.com'],
    ['us\u0000er@example.com'],
    ['user@example.com, other@example.com'],
    ['User <user@example.com>'],
    ['a@b@example.com'],
    ['.user@example.com'],
    ['us..er@example.com'],
    ['jörg@example.com'],
    ['user@example%2ecom'],
    ['user@example\u3000.com'],
    [`${'x'.repeat(65)}@example.com`],
    [`user@${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.toolong.example.com`],
  ])('refuses %j', (address) => {
    expect(normalizeAddress(address)).toBeUndefined();
  });
});

describe('parseSender', () => {
  test('reads an address with a display name of any script', () => {
    expect(parseSender('"週刊 Digest, Inc." <digest@example.com>')).toEqual({
      name: '週刊 Digest, Inc.',
      address: 'digest@example.com',
    });
  });

  test('reads a bare address', () => {
    expect(parseSender('digest@example.com')).toEqual({ name: '', address: 'digest@example.com' });
  });

  test.each([
    [''],
    ['Weekly Digest'],
    ['a@example.com, b@example.com'],
    ['Team: a@example.com;'],
    ['Digest\r\nBcc: x@example.com <digest@example.com>'],
  ])('refuses %j with one sentence that says what was expected', (text) => {
    expect(() => parseSender(text)).toThrow(
      `Expected the sender to be one address such as "Weekly Digest <digest@example.com>", got ${JSON.stringify(text)}.`,
    );
  });
});
