import { randomBytes } from 'node:crypto';
import { type UnsubscribeClaim, UnsubscribeTokens, unsubscribeKeys } from '../../../functions/email/unsubscribe-token';
import { recipientKeyOf } from '../../../functions/ledger/recipients';

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400_000;
const KEY = { id: 'a', key: 'k'.repeat(40) };
const NEXT = { id: 'b', key: 'n'.repeat(40) };
const CLAIM: UnsubscribeClaim = {
  recipient: recipientKeyOf('zoe@example.com'),
  list: 'weekly-digest',
  locale: 'pt-BR',
};
const tokens = (keys: Parameters<typeof unsubscribeKeys>[0] | object) =>
  new UnsubscribeTokens(unsubscribeKeys(typeof keys === 'string' ? keys : JSON.stringify(keys)), randomBytes);

describe('an unsubscribe token', () => {
  it('says what it was made for, for a year', () => {
    const token = tokens({ current: KEY }).make(CLAIM, NOW);
    expect(tokens({ current: KEY }).read(token, NOW + 365 * DAY)).toEqual(CLAIM);
    expect(tokens({ current: KEY }).read(token, NOW + 366 * DAY)).toBe('expired');
  });

  it('is another one each time, and shows neither address, nor id, nor a hash of either, nor the list', () => {
    const seen = new Set<string>();
    for (let user = 0; user < 3000; user++) {
      const address = `user.${user}@example.com`;
      const claim = { ...CLAIM, recipient: recipientKeyOf(address) };
      const token = tokens({ current: KEY }).make(claim, NOW);
      seen.add(token);
      const plain = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
      for (const text of [token, ...plain]) {
        for (const secret of [address, claim.recipient, 'weekly-digest', `user.${user}`, 'example']) {
          expect(text.includes(secret)).toBe(false);
        }
      }
      expect(token.length).toBeLessThan(300);
      expect(token).toMatch(/^[\w.-]+$/);
    }
    expect(seen.size).toBe(3000);
  });

  it('is another one each time for the same recipient, too, in all that is encrypted', () => {
    const maker = tokens({ current: KEY });
    const sealed = Array.from({ length: 200 }, () =>
      Buffer.from(maker.make(CLAIM, NOW).split('.')[1] ?? '', 'base64url'),
    );
    // The same bytes of text under the same vector would show that two links are of one person.
    for (const from of [0, 16])
      expect(new Set(sealed.map((bytes) => bytes.subarray(from).toString('hex'))).size).toBe(200);
  });

  it('that was changed in any place is forged', () => {
    const token = tokens({ current: KEY }).make(CLAIM, NOW);
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice(0, at) + (token[at] === 'x' ? 'y' : 'x') + token.slice(at + 1);
      // The last character of base64 has bits that mean nothing.
      if (at !== token.length - 1) expect([at, tokens({ current: KEY }).read(changed, NOW)]).toEqual([at, 'forged']);
    }
  });

  it.each([
    [''],
    ['a'],
    ['a.b.c'],
    ['..'],
    [`${'x'.repeat(2000)}`],
    [undefined],
    [7],
    [`constructor.AAAA.${'A'.repeat(43)}`],
    [`__proto__.AAAA.${'A'.repeat(43)}`],
  ])('that is none is forged: %j', (token) => {
    expect(tokens({ current: KEY }).read(token, NOW)).toBe('forged');
  });

  it('of the key before still works, one of the key before that does not', () => {
    const old = tokens({ current: KEY }).make(CLAIM, NOW);
    expect(tokens({ current: NEXT, previous: KEY }).read(old, NOW)).toEqual(CLAIM);
    expect(tokens({ current: NEXT }).read(old, NOW)).toBe('forged');
    // The same name for another key is another key.
    expect(tokens({ current: { ...KEY, key: 'z'.repeat(40) } }).read(old, NOW)).toBe('forged');
  });

  it('is made with the current key', () => {
    const token = tokens({ current: NEXT, previous: KEY }).make(CLAIM, NOW);
    expect(tokens({ current: NEXT }).read(token, NOW)).toEqual(CLAIM);
    expect(tokens({ current: KEY }).read(token, NOW)).toBe('forged');
  });
});

describe('the secret', () => {
  it('may be the single text that CloudFormation generates, and be rotated from there', () => {
    const generated = 'g'.repeat(64);
    const old = tokens(generated).make(CLAIM, NOW);
    const rotated = { current: NEXT, previous: { id: 'first', key: generated } };
    expect(tokens(rotated).read(old, NOW)).toEqual(CLAIM);
  });

  it.each([
    ['short'],
    ['{"current": {"id": "a"}}'],
    ['{"current": {"id": "a b", "key": "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"}}'],
    [JSON.stringify({ current: KEY, previous: { ...NEXT, id: KEY.id } })],
    ['{broken'],
    ['{}'],
  ])('that is neither is refused without being repeated: %s', (secret) => {
    expect(() => unsubscribeKeys(secret)).toThrow(/^Expected the secret of unsubscribe links/);
    try {
      unsubscribeKeys(secret);
    } catch (error) {
      expect(String(error)).not.toContain('kkkk');
    }
  });
});
