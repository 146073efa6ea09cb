import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { UnsubscribeTokens } from '../../../functions/email/unsubscribe-token';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { answerUnsubscribe } from '../../../functions/unsubscribing/answer-unsubscribe';
import { VirtualClock } from '../../support/virtual-clock';
import { ledgerOver, memoryTable } from '../chain/fixture';

const KEY = recipientKeyOf('zoe@example.com');
const ONE_CLICK = 'List-Unsubscribe=One-Click';
const FORM = 'application/x-www-form-urlencoded';
const DAY = 86_400_000;

class World {
  readonly clock = new VirtualClock();
  readonly ledger = ledgerOver(memoryTable(), this.clock);
  readonly tokens = new UnsubscribeTokens({ current: { id: 'a', key: 'k'.repeat(40) } }, randomBytes);
  readonly onFailure = (error: unknown) => {
    throw error;
  };
  readonly t: string;

  constructor(locale = 'de-AT') {
    this.t = this.tokens.make({ recipient: KEY, list: 'weekly-digest', locale }, this.clock.now());
  }

  ask(event: unknown) {
    return answerUnsubscribe(event, this);
  }

  request(method: string, change: object = {}) {
    const event = {
      version: '2.0',
      requestContext: { http: { method } },
      queryStringParameters: { t: this.t },
      ...change,
    };
    return this.ask(event);
  }

  post(body: string, contentType = FORM, change: object = {}) {
    return this.request('POST', { headers: { 'content-type': contentType }, body, ...change });
  }

  async lists(): Promise<readonly string[]> {
    const standing = (await this.ledger.recipients.read([KEY])).get(KEY);
    return Object.keys(standing?.unsubscribed ?? {});
  }
}

describe('an unsubscribe link', () => {
  it('shows a page with one button, in the language of the mail, and changes nothing by that', async () => {
    const world = new World();
    const { statusCode, headers, body } = await world.request('GET');
    expect(statusCode).toBe(200);
    expect(body).toContain('<html lang="de" dir="ltr">');
    expect(body.match(/<button/g)).toHaveLength(1);
    expect(body).not.toMatch(/<script|<img|<link|http:|https:/);
    expect(body).not.toContain(world.t);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(await world.lists()).toEqual([]);
  });

  it.each([
    ['ar', 'ar', 'rtl'],
    ['de', 'de', 'ltr'],
    ['es', 'es', 'ltr'],
    ['fr', 'fr', 'ltr'],
    ['ja', 'ja', 'ltr'],
    ['pl', 'pl', 'ltr'],
    ['pt-BR', 'pt', 'ltr'],
    ['pt_BR', 'pt', 'ltr'],
    ['JA', 'ja', 'ltr'],
    ['xx', 'en', 'ltr'],
    ['', 'en', 'ltr'],
    ['constructor', 'en', 'ltr'],
  ])('speaks %s by %s', async (locale, lang, dir) => {
    expect((await new World(locale).request('GET')).body).toContain(`<html lang="${lang}" dir="${dir}">`);
  });

  it('is acted upon by the one click of RFC 8058, whichever form it comes in', async () => {
    const boundary = 'XxX';
    const parts = `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`;
    for (const [body, type, change] of [
      [ONE_CLICK, FORM, {}],
      [Buffer.from(ONE_CLICK).toString('base64'), FORM, { isBase64Encoded: true }],
      [parts, `multipart/form-data; boundary=${boundary}`, {}],
      [Buffer.from(parts).toString('base64'), `multipart/form-data; boundary=${boundary}`, { isBase64Encoded: true }],
    ] as const) {
      const world = new World();
      const { statusCode, headers } = await world.post(body, type, change);
      expect([statusCode, headers.location]).toEqual([200, undefined]);
      expect(await world.lists()).toEqual(['weekly-digest']);
    }
  });

  it('twice is once, and the first time stays', async () => {
    const world = new World();
    await world.post(ONE_CLICK);
    const first = (await world.ledger.recipients.read([KEY])).get(KEY);
    world.clock.after(DAY, () => {});
    await world.clock.runUntil(new Promise<void>((done) => world.clock.after(DAY, done)));
    expect((await world.post(ONE_CLICK)).statusCode).toBe(200);
    expect((await world.ledger.recipients.read([KEY])).get(KEY)).toEqual(first);
  });

  it('can be taken back on the page that says so', async () => {
    const world = new World();
    const { body } = await world.post(`${ONE_CLICK}&action=unsubscribe`);
    expect(body).toContain('value="resubscribe"');
    expect((await world.post(`${ONE_CLICK}&action=resubscribe`)).statusCode).toBe(200);
    expect(await world.lists()).toEqual([]);
  });

  it('is not acted upon by a thousand requests of scanners', async () => {
    const world = new World();
    const scanners = [
      ['GET', {}],
      ['HEAD', {}],
      ['GET', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
      ['GET', { headers: { Purpose: 'prefetch' } }],
      ['OPTIONS', {}],
      ['PUT', { body: ONE_CLICK }],
      ['POST', { body: '' }],
      ['POST', { body: 'List-Unsubscribe=Yes' }],
    ] as const;
    for (let request = 0; request < 1000; request++) {
      const [method, change] = scanners[request % scanners.length] as (typeof scanners)[number];
      await world.request(method, change);
    }
    expect(await world.lists()).toEqual([]);
  });

  it.each([
    ['HEAD', {}, 204],
    ['HEAD', { headers: { 'Sec-Purpose': 'prefetch' } }, 204],
    ['GET', { headers: { 'Sec-Purpose': 'prefetch' } }, 403],
    ['PUT', {}, 405],
    ['POST', { body: 'x=1' }, 400],
  ])('answers %s %j with %i', async (method, change, status) => {
    const { statusCode, headers } = await new World().request(method, change);
    expect(statusCode).toBe(status);
    if (status === 405) expect(headers.allow).toBe('GET, HEAD, POST');
  });

  it.each([
    ['forged', { t: 'a.b.c' }, 400],
    ['missing', {}, 400],
    ['of a list instead of one text', { t: ['a'] }, 400],
  ])('that is %s is refused in one sentence, whatever is asked', async (_, queryStringParameters, status) => {
    const world = new World();
    for (const method of ['GET', 'POST']) {
      const { statusCode, body } = await world.request(method, { queryStringParameters, body: ONE_CLICK });
      expect([statusCode, body.match(/<p /g)?.length, body.includes('<button')]).toEqual([status, 1, false]);
    }
    expect(await world.lists()).toEqual([]);
  });

  it('that is too old is refused, and says that it is gone', async () => {
    const world = new World();
    await world.clock.runUntil(new Promise<void>((done) => world.clock.after(400 * DAY, done)));
    expect((await world.post(ONE_CLICK)).statusCode).toBe(410);
    expect(await world.lists()).toEqual([]);
  });

  it('answers whatever comes, and never throws', async () => {
    const world = new World();
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), fc.anything(), async (http, headers, body) => {
        for (const event of [http, { requestContext: { http }, headers, body, queryStringParameters: headers }]) {
          const { statusCode } = await world.ask(event);
          expect([204, 400, 403, 405]).toContain(statusCode);
        }
      }),
      { numRuns: 500 },
    );
  });
});
