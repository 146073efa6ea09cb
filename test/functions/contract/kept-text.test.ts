import * as fc from 'fast-check';
import { keptCode, keptMessage, keptReason } from '../../../functions/contract/kept-text';

describe('what is kept of a message', () => {
  test.each([
    ['Rate exceeded', 'Rate exceeded'],
    ['to zoe@example.org', 'to <address>'],
    ["'zoe@example.org'", '<address>'],
    ['"zoe@example.org",', '"<address>",'],
    ['Zoë <zoe@büro.example>', 'Zoë <<address>>'],
    ['zoe@example.org,wang@example.org', '<address>,<address>'],
    ['zoe%40example.org', '<address>'],
    ['https://zoe@example.com', 'https:<address>'],
    ['GET https://example.com/u?token=abc failed', 'GET https://example.com/… failed'],
    ['(https://example.com/u/abc)', '(https://example.com/…'],
    ['https://example.com', 'https://example.com'],
    ['"zoe a"@example.org refused', '<address> refused'],
    ['zoe&#64;example.org; zoe\\u0040example.org', '<address>; <address>'],
    ['zoe＠example.org', '<address>'],
    ['GET /unsubscribe?token=abc&id=7 failed', 'GET /unsubscribe?token=<redacted>&id=7 failed'],
    ['{"unsubscribeToken":"abc","id":7}', '{"unsubscribeToken":"<redacted>","id":7}'],
    ['unsubscribe token: abc', 'unsubscribe token: <redacted>'],
    ['at //example.com/u/abc', 'at //example.com/…'],
    ['one\r\nline\u001b[2J', 'one line [2J'],
    // A token that is only spoken of.
    ['The security token included in the request is expired', 'The security token included in the request is expired'],
    // No address has nothing before its @.
    ['@smithy/node-http-handler - timed out', '@smithy/node-http-handler - timed out'],
    ['at @ sign', 'at @ sign'],
  ])('of %j is %j', (message, kept) => {
    expect(keptMessage(new Error(message))).toBe(kept);
  });

  test('has no half of an address at its end', () => {
    const message = `${'zoe@example.org '.repeat(249)}${'x'.repeat(12)} zoe.the.first@example.org`;

    expect(keptMessage(new Error(`${'y'.repeat(30)} ${message}`))).not.toContain('zoe');
  });

  test('leaves out secrets, but no text so short that other words have it', () => {
    expect(keptMessage(new Error('token abc1 of a b'), ['abc1', 'a', ''])).toBe('token <redacted> of a b');
  });

  test('takes no long time for a long message', () => {
    const started = performance.now();

    for (const text of ['x'.repeat(1_000_000), 'x@'.repeat(500_000), 'a://'.repeat(250_000), '@'.repeat(1_000_000)]) {
      expect(keptMessage(new Error(text)).length).toBeLessThanOrEqual(500);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('is short, whole characters, and has no address in it, whatever was thrown', async () => {
    const word = fc.constantFrom(
      'zoe',
      '@',
      'example.org',
      ' ',
      '<',
      '"',
      '😀',
      'x'.repeat(100),
      'https://',
      '/',
      '%40',
    );
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));

    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 700 })), async (message) => {
        const kept = keptMessage(new Error(message));
        expect(kept.length).toBeLessThanOrEqual(500);
        expect(kept).not.toMatch(/\p{Surrogate}/u);
        expect(kept).not.toMatch(/[a-z]@[a-z]/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is kept of a code or a reason', () => {
  test.each(['zoe@example.org', 'to <zoe@example.org>', 'token=zoe'])('has no personal data of %j', (name) => {
    expect(keptCode(name)).not.toContain('zoe');
    expect(keptReason(name)).not.toContain('zoe');
  });

  test('is a short line, and the same when it is kept again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.anything()), async (given) => {
        for (const [keep, most] of [
          [keptCode, 100],
          [keptReason, 64],
        ] as const) {
          const kept = keep(given);
          expect(kept).toMatch(/^[^\p{Cc}\p{Surrogate}]+$/u);
          expect(kept.length).toBeLessThanOrEqual(most);
          expect(keep(kept)).toBe(kept);
        }
      }),
    );
  });
});
