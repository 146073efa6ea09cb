import { surroundingsOf } from '../../cli/dev/endpoints';
import { recipientKeyOf } from '../../functions/ledger/recipients';
import { Account, deployedTemplate, reportOf } from '../local/whole-run';
import { type Answer, called } from './called';

let account: Account;
let environment: Readonly<Record<string, string>>;
const BOUNCED_AT = Date.parse('2026-11-20T09:00:00Z');

beforeAll(async () => {
  account = await Account.open({ template: await deployedTemplate() });
  await account.subscribe(1, 12);
  environment = surroundingsOf(account.engine);
});
afterAll(() => account.close());

const call = (...args: string[]): Promise<Answer> => called(['recipient', ...args], { environment });
const standingOf = (address: string) => account.ledger.recipients.readOne(recipientKeyOf(address));
const suppress = (address: string, because: 'bounced' | 'complained') =>
  account.ledger.recipients.suppress(recipientKeyOf(address), because, BOUNCED_AT);

it('says of an address of which nothing is known that it may be mailed', async () => {
  expect(await call('new@example.com')).toEqual({
    code: 0,
    stdout: 'new@example.com: weekly-digest may mail it.\n',
    stderr: '',
  });
});

it('says why it is not mailed, and ends with 3', async () => {
  await suppress('gone@example.com', 'bounced');
  await suppress('gone@example.com', 'complained');
  await account.ledger.recipients.unsubscribe(recipientKeyOf('gone@example.com'), 'weekly-digest', BOUNCED_AT);
  const { code, stdout } = await call('Gone@EXAMPLE.com');
  expect([code, stdout.split('\n')]).toEqual([
    3,
    [
      'Gone@example.com: weekly-digest does not mail it.',
      '  bounced for good 2026-11-20T09:00:00Z: no job of this ledger mails it',
      '  complained 2026-11-20T09:00:00Z: no job of this ledger mails it',
      '  unsubscribed from weekly-digest 2026-11-20T09:00:00Z',
      '',
    ],
  ]);
  expect(JSON.parse((await call('gone@example.com', '--json')).stdout)).toEqual({
    address: 'gone@example.com',
    recordKey: recipientKeyOf('gone@example.com'),
    job: 'weekly-digest',
    mayBeMailed: false,
    bouncedAt: '2026-11-20T09:00:00.000Z',
    complainedAt: '2026-11-20T09:00:00.000Z',
    unsubscribed: { 'weekly-digest': '2026-11-20T09:00:00.000Z' },
  });
});

it('forgets a bounce and a complaint, and names the way off the list of SES', async () => {
  await suppress("o'neil@example.com", 'bounced');
  await suppress("o'neil@example.com", 'complained');
  expect(await call("o'neil@example.com", '--restore')).toEqual({
    code: 0,
    stdout:
      "o'neil@example.com: weekly-digest may mail it.\n" +
      "  SES may still have it on its own list: aws sesv2 delete-suppressed-destination --email-address 'o'\\''neil@example.com'\n",
    stderr: '',
  });
  expect(await standingOf("o'neil@example.com")).toEqual({ unsubscribed: {} });
});

it('takes an address off a list and puts it back, and both count for the next run', async () => {
  const own = await mailedAddress();
  expect((await call(own, '--unsubscribe')).stdout).toMatch(
    new RegExp(`^${own}: weekly-digest does not mail it\\.\n  unsubscribed from weekly-digest 20`),
  );
  const before = await standingOf(own);
  expect((await call(own, '--unsubscribe')).code).toBe(0);
  expect(await standingOf(own)).toEqual(before);
  expect(await skippedOf('off')).toEqual({ unsubscribed: 1 });
  expect((await call(own, '--resubscribe')).stdout).toBe(`${own}: weekly-digest may mail it.\n`);
  expect(await skippedOf('on')).toEqual({});
  expect(await standingOf(own)).toEqual({ unsubscribed: {} });
});

it.each([
  [['x@example.com', '--restore'], 1, 'Expected x@example.com to have bounced or complained, got one that has not: '],
  [['x@example.com', '--resubscribe'], 1, 'Expected x@example.com to be off the list of weekly-digest, got one that '],
  [['x@example.com', '--restore', '--unsubscribe'], 2, 'Expected one of --restore, --unsubscribe, --resubscribe, got '],
  [['nobody'], 2, 'Expected ADDRESS to be one like user@example.com, got a text without @.\n'],
  [['X <x@example.com>'], 2, 'Expected ADDRESS to be one like user@example.com, got a local part with another '],
  [['x@example.com', 'y@example.com'], 2, "Unexpected argument 'y@example.com': see npm run cli -- recipient --help."],
])('refuses in one sentence: %j', async (args, code, sentence) => {
  const answer = await call(...args);
  expect(answer).toMatchObject({ code, stdout: '' });
  expect(answer.stderr.startsWith(sentence)).toBe(true);
  expect(answer.stderr.trim().split('\n')).toHaveLength(1);
});

/** One to which a run has sent. */
async function mailedAddress(): Promise<string> {
  await skippedOf('first');
  const { mails } = account.engine.inbox.list({ offset: 0, limit: 1 });
  return mails[0]?.destinations[0] as string;
}

async function skippedOf(name: string): Promise<Readonly<Record<string, number>> | undefined> {
  const ended = await account.run({ job: 'weekly-digest', ids: { first: 1, last: 12 }, chains: 1, rate: 500 }, name);
  return reportOf(ended).skippedBecause;
}
