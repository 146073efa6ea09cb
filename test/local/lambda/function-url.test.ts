import { ServiceError } from '../../../local/aws-service';
import {
  answerUrl,
  type FunctionUrlConfig,
  type UrlRequest,
  urlAnswer,
  urlEvent,
} from '../../../local/lambda/function-url';

const CONFIG: FunctionUrlConfig = {
  logicalId: 'Url',
  id: 'abc123',
  url: 'https://abc123.lambda-url.us-east-1.on.aws/',
  functionName: 'unsubscribe',
};
const request = (change: Partial<UrlRequest> = {}): UrlRequest => ({
  method: 'POST',
  target: '/lambda-url/abc123/a/b?t=x%20y&t=z&empty=',
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'User-Agent': 'Reader/1', cookie: 'a=1; b=2' },
  body: Buffer.from('List-Unsubscribe=One-Click'),
  requestId: 'request-1',
  now: Date.UTC(2026, 10, 25),
  ...change,
});
/** A Lambda that answers so. */
const lambda = (answer: () => Record<string, unknown>) => ({ handle: async () => answer() });
const returned = (value: unknown) => lambda(() => ({ Payload: Buffer.from(JSON.stringify(value)) }));

describe('a function URL', () => {
  it('hands a request over in payload format 2.0, a form as base64', () => {
    expect(urlEvent(CONFIG, request())).toMatchObject({
      version: '2.0',
      rawPath: '/a/b',
      rawQueryString: 't=x%20y&t=z&empty=',
      cookies: ['a=1', 'b=2'],
      headers: { host: 'abc123.lambda-url.us-east-1.on.aws', 'user-agent': 'Reader/1' },
      queryStringParameters: { t: 'x y,z', empty: '' },
      requestContext: {
        domainPrefix: 'abc123',
        http: { method: 'POST', path: '/a/b' },
        timeEpoch: Date.UTC(2026, 10, 25),
      },
      body: Buffer.from('List-Unsubscribe=One-Click').toString('base64'),
      isBase64Encoded: true,
    });
    expect(urlEvent(CONFIG, request()).headers).not.toHaveProperty('cookie');
  });

  it.each(['text/plain', 'application/json; charset=utf-8', 'application/xml'])('hands %s over as text', (type) => {
    const { body, isBase64Encoded } = urlEvent(CONFIG, request({ headers: { 'content-type': type } }));
    expect([body, isBase64Encoded]).toEqual(['List-Unsubscribe=One-Click', false]);
  });

  it('leaves out what a request does not have', () => {
    const event = urlEvent(CONFIG, request({ target: '/lambda-url/abc123/', headers: {}, body: Buffer.alloc(0) }));
    for (const name of ['body', 'cookies', 'queryStringParameters']) expect(event).not.toHaveProperty(name);
    expect(event).toMatchObject({ rawPath: '/', rawQueryString: '', isBase64Encoded: false });
  });

  it.each([
    [{ statusCode: 201, body: 'made', headers: { 'X-Made': 7 } }, 201, 'made'],
    [{ statusCode: 200, body: Buffer.from('bytes').toString('base64'), isBase64Encoded: true }, 200, 'bytes'],
    [{ message: 'hello' }, 200, '{"message":"hello"}'],
    ['hello', 200, 'hello'],
    [null, 200, 'null'],
    [{ statusCode: 'nonsense' }, 502, '{"Message":"Internal Server Error"}'],
    [{ statusCode: 99 }, 502, '{"Message":"Internal Server Error"}'],
    [{ statusCode: 204, headers: null }, 204, ''],
  ])('makes of %j a response with status %i', (value, status, text) => {
    const answer = urlAnswer(JSON.stringify(value));
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([status, text]);
  });

  it('sets each cookie in a line of its own', () => {
    const { headers } = urlAnswer(JSON.stringify({ statusCode: 200, cookies: ['a=1; Expires=Wed, 25 Nov', 'b=2'] }));
    expect(headers['set-cookie']).toEqual(['a=1; Expires=Wed, 25 Nov', 'b=2']);
  });

  it('answers with what its function returned, and knows no other address', async () => {
    const answer = await answerUrl(request(), [CONFIG], returned({ statusCode: 200, body: 'page' }));
    expect(answer).toMatchObject({ status: 200, body: 'page' });
    expect(await answerUrl(request({ target: '/lambda-url/other/' }), [CONFIG], returned(1))).toBeUndefined();
  });

  it('answers 502 where the function failed, and 429 where its concurrency is used up', async () => {
    const failed = lambda(() => ({ FunctionError: 'Unhandled', Payload: Buffer.from('{}') }));
    expect((await answerUrl(request(), [CONFIG], failed))?.status).toBe(502);
    const full = lambda(() => {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    });
    expect((await answerUrl(request(), [CONFIG], full))?.status).toBe(429);
  });
});
