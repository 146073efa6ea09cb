import { domainToUnicode } from 'node:url';
import * as fc from 'fast-check';
import { normalizeAddress, parseSender, readAddress } from '../../../functions/email/address';

/** 254 characters, in labels of 63. */
const LONGEST = `${'x'.repeat(62)}@${'y'.repeat(63)}.${'y'.repeat(63)}.${'y'.repeat(63)}`;

/** So many characters of which neighbours differ: Punycode is long, and takes long. */
const ideographs = (count: number) =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('');

function partsOf(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
}

describe('normalizeAddress', () => {
  test.each([
    ['user@example.com', 'user@example.com'],
    ['first.last+digest@mail.example', 'first.last+digest@mail.example'],
    ["o'neill@example.com", "o'neill@example.com"],
    ['user@büro.example', 'user@xn--bro-hoa.example'],
    ['User@EXAMPLE.com', 'User@example.com'],
    ['user@BÜRO.example', 'user@xn--bro-hoa.example'],
    ['user@straße.example', 'user@xn--strae-oqa.example'],
    ['user@xn--bro-hoa.example', 'user@xn--bro-hoa.example'],
    ['user@例え.example', 'user@xn--r8jz45g.example'],
    ['user@163.example', 'user@163.example'],
    ['user@example.x163', 'user@example.x163'],
    [`${'x'.repeat(64)}@${'y'.repeat(63)}.example`, `${'x'.repeat(64)}@${'y'.repeat(63)}.example`],
    [LONGEST, LONGEST],
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
    ['jörg@example.com'],
    ['user@example%2ecom'],
    ['user@example\u3000.com'],
    [`${'x'.repeat(65)}@example.com`],
    [`user@${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.toolong.example.com`],
    [`${LONGEST}y`],
    [`user@${'x'.repeat(64)}.example`],
    // 30 characters, and a label of 64 in Punycode.
    [`user@${ideographs(30)}.example`],
    [`user@${`${'例え'.repeat(10)}.`.repeat(8)}example`],
    ['user@-example.com'],
    ['user@example-.com'],
    ['user@xn--zzzz.example'],
    ['user@[192.0.2.1]'],
  ])('refuses %j', (address) => {
    expect(normalizeAddress(address)).toBeUndefined();
  });

  // As hosts these are 0.0.0.163, 127.0.0.1 and so on, and example.com: somebody else's.
  test.each([
    ['wang@163'],
    ['wang@0x7f.1'],
    ['wang@1.2.3'],
    ['wang@017700000001'],
    ['wang@192.0.2.1'],
    ['wang@example.123'],
    ['wang@example.0x1'],
    ['wang@ｅｘａｍｐｌｅ.com'],
    ['wang@１６３'],
    ['wang@exa\u00admple.com'],
    ['wang@exa\u200bmple.com'],
    ['wang@example\u3002com'],
    ['wang@ﬁ.example'],
    ['wang@\u212aelvin.example'],
    ['wang@büro\u212a.example'],
    ['wang@bu\u0308ro.example'],
    ['wang@ΟΔΟΣ.example'],
    ['wang@xn--bro-hoa.xn--b\u00fcro'],
  ])('refuses %s rather than mail to another domain', (address) => {
    expect(normalizeAddress(address)).toBeUndefined();
  });

  test('changes nothing of an address but quotes, and the case, the script and the last dot of its domain', async () => {
    const part = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'aZ09.-üß例ｅ%\u00ad。１xX@ ') });
    const address = fc.tuple(part, part).map(([local, domain]) => `${local}@${domain}`);

    await fc.assert(
      fc.asyncProperty(address, async (given) => {
        const read = normalizeAddress(given);
        if (read === undefined) return;
        const [local, domain] = partsOf(read);
        const [givenLocal, givenDomain] = partsOf(given);
        expect([givenLocal, `"${givenLocal}"`]).toContain(local);
        expect([domain, domainToUnicode(domain)]).toContain(givenDomain.toLowerCase().replace(/\.$/, ''));
      }),
      { numRuns: 2000 },
    );
  });

  test('looks at a length before it converts: a domain of 130,000 characters takes no time', () => {
    const address = `user@${ideographs(130_000)}.example`;
    const started = performance.now();

    expect(normalizeAddress(address)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(50);
  });
});

describe('readAddress', () => {
  test.each([
    [undefined, 'a value of the type undefined'],
    [null, 'a value of the type null'],
    [7, 'a value of the type number'],
    ['zoe', 'a text without @'],
    [`${'x'.repeat(65)}@example.com`, 'a local part of 65 characters of at most 64'],
    [`zoe@${'x'.repeat(300)}`, '304 characters of at most 254'],
  ])('says what is wrong with %.40j, and does not repeat it', (given, fault) => {
    expect(readAddress(given)).toEqual({ fault });
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
    // Two addresses, or one that is not told apart from what stands around it.
    ['a@example.com b@example.com'],
    ['Digest <a@example.com> <b@example.com>'],
    ['Digest <a@example.com> more'],
    ['<a@example.com'],
    ['Digest <a@163>'],
    // A sender that can be chosen needs no quotes.
    ['Digest <a..b@example.com>'],
    ['Digest <"a..b"@example.com>'],
    [`Digest <a@${'b'.repeat(300)}.example>`],
  ])('refuses %j with one sentence that says what was expected', (text) => {
    expect(() => parseSender(text)).toThrow(
      `Expected the sender to be one address such as "Weekly Digest <digest@example.com>", got ${JSON.stringify(text)}.`,
    );
  });
});
