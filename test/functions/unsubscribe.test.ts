import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import fc from 'fast-check';
import { ENVIRONMENT } from '../../functions/contract/names';
import { recipientKeyOf } from '../../functions/ledger/recipients';
import { handler } from '../../functions/unsubscribe';
import { unsubscribeLinksOf } from '../../functions/wiring/unsubscribe-links';
import { dynamoDb, freshTables, Output } from './handler-world';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:links-abcdef';
Object.assign(process.env, {
  [ENVIRONMENT.unsubscribeSecret]: ARN,
  [ENVIRONMENT.unsubscribeEndpoint]: 'https://abc123.lambda-url.us-east-1.on.aws/',
});
const secrets = mockClient(SecretsManagerClient);
secrets.on(GetSecretValueCommand).resolves({ SecretString: 's'.repeat(64) });
const ADDRESS = 'Zoe@Example.com';
const KEY = recipientKeyOf('zoe@example.com');
const output = new Output();

beforeEach(() => output.listen());
afterEach(() => jest.restoreAllMocks());

async function linkTo(to: string, locale = 'fr'): Promise<URL> {
  const links = await unsubscribeLinksOf('weekly-digest')?.();
  return new URL(links?.({ to, locale }) ?? '');
}

/** As a function URL hands over what a mail program posts. */
const oneClick = (link: URL, body = 'List-Unsubscribe=One-Click') => ({
  version: '2.0',
  requestContext: { http: { method: 'POST' } },
  queryStringParameters: Object.fromEntries(link.searchParams),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});

describe('Unsubscribe', () => {
  it('acts on the link that a job makes, in its language, and reads the secret once for both', async () => {
    const { ledger } = freshTables();
    const link = await linkTo(ADDRESS);
    const { statusCode, body } = await handler(oneClick(link));
    expect(statusCode).toBe(200);
    expect(body).toContain('<html lang="fr"');
    expect(Object.keys((await ledger.recipients.read([KEY])).get(KEY)?.unsubscribed ?? {})).toEqual(['weekly-digest']);
    expect(secrets).toHaveReceivedCommandTimes(GetSecretValueCommand, 1);
  });

  it('logs the status, and nothing of whom or of the link', async () => {
    freshTables();
    const link = await linkTo(ADDRESS);
    await handler(oneClick(link));
    expect(output.raw).toContain('"status":200');
    for (const secret of [link.searchParams.get('t') as string, KEY, 'zoe', 'sss']) {
      expect(output.raw.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });

  it('answers whatever it is invoked with, and the ledger hears of none of it', async () => {
    freshTables();
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true }), async (event) => {
        expect([204, 400, 403, 405]).toContain((await handler(event)).statusCode);
      }),
      { numRuns: 300 },
    );
    expect(dynamoDb.calls()).toHaveLength(0);
  });

  it('says that it did not work where the ledger does not answer: nobody is told of what is not noted', async () => {
    freshTables();
    const link = await linkTo(ADDRESS);
    dynamoDb.reset();
    dynamoDb.onAnyCommand().rejects(Object.assign(new Error('denied'), { name: 'AccessDeniedException' }));
    const answer = await handler(oneClick(link));
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } });
    expect(answer.body).toContain('<html lang="fr"');
    expect(answer.body).toContain('value="unsubscribe"');
    const undo = await handler(oneClick(link, 'List-Unsubscribe=One-Click&action=resubscribe'));
    expect([undo.statusCode, undo.body.match(/value="\w+subscribe"/)?.[0]]).toEqual([503, 'value="resubscribe"']);
    expect(output.raw).toContain('AccessDeniedException');
  });
});

describe('an unsubscribe link of a job', () => {
  it('is an https address with one opaque parameter', async () => {
    const link = await linkTo(ADDRESS);
    expect([link.protocol, link.host, [...link.searchParams.keys()]]).toEqual([
      'https:',
      'abc123.lambda-url.us-east-1.on.aws',
      ['t'],
    ]);
  });

  it.each([['x'.repeat(2000)], [null], [7], ['<b>'], ['']])(
    'works whatever its row says of a language: %j',
    async (locale) => {
      freshTables();
      const { statusCode, body } = await handler(oneClick(await linkTo(ADDRESS, locale as string)));
      expect([statusCode, body.includes('<html lang="en"')]).toEqual([200, true]);
    },
  );

  it.each([['no address'], [''], ['a@example.com, b@example.com']])('for %j is refused', async (to) => {
    await expect(linkTo(to)).rejects.toThrow('Expected `to` of an unsubscribe link');
  });
});
