import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Browser, chromium, type Page } from 'playwright-core';
import { systemClock as clock, sleep } from '../../../functions/contract/clock';
import { Ledger } from '../../../functions/ledger/ledger';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { endAll, Started, synthesizeOnce } from './started';

interface MailSummary {
  readonly messageId: string;
  readonly to: string;
}

let url: string;
let browser: Browser;
let page: Page;
let ledger: Ledger;
let settings: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  await synthesizeOnce();
  const demo = new Started(['--items', '40', '--chains', '2', '--serve', '--port', '0']);
  await demo.printed('stdout', /Serving until Ctrl-C/);
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(demo.stdout)?.[0] as string;
  settings = { endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamoDb = new DynamoDBClient(settings);
  const { TableNames = [] } = await dynamoDb.send(new ListTablesCommand({}));
  const tableName = TableNames.find((name) => name.includes('Ledger')) as string;
  ledger = new Ledger({ client: DynamoDBDocumentClient.from(dynamoDb), tableName, clock, random: Math.random });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage();
});

afterAll(async () => {
  await browser?.close();
  endAll();
});

async function mailsOf(): Promise<readonly MailSummary[]> {
  const { mails } = (await (await fetch(`${url}/api/mails?limit=100`)).json()) as { mails: readonly MailSummary[] };
  return mails;
}

async function mailAt(
  index: number,
): Promise<{ readonly id: string; readonly address: string; readonly link: string }> {
  const { messageId } = (await mailsOf())[index] as MailSummary;
  const mail = (await (await fetch(`${url}/api/mails/${messageId}`)).json()) as {
    readonly to: string;
    readonly headers: readonly (readonly [string, string])[];
  };
  const [, header = ''] = mail.headers.find(([name]) => name.toLowerCase() === 'list-unsubscribe') ?? [];
  const { host, search } = new URL(header.replace(/[<>]/g, ''));
  const address = /<([^>]+)>/.exec(mail.to)?.[1] ?? mail.to;
  return { id: messageId, address, link: `${url}/lambda-url/${host.split('.')[0]}/${search}` };
}

async function listsOf(address: string): Promise<readonly string[]> {
  const key = recipientKeyOf(address);
  return Object.keys((await ledger.recipients.read([key])).get(key)?.unsubscribed ?? {});
}

const post = (link: string, body = 'List-Unsubscribe=One-Click') =>
  fetch(link, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });

test('a reader unsubscribes by the link of the mail, and its one button', async () => {
  const { id, address } = await mailAt(0);
  await page.goto(`${url}/#inbox/${id}`);
  const link = page.frameLocator('iframe.mail-html').locator('a').last();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await opened.waitForLoadState();
  expect(await opened.locator('button').count()).toBe(1);
  expect(await listsOf(address)).toEqual([]);
  await opened.locator('button').click();
  await opened.locator('[role=status]').waitFor();
  expect(await listsOf(address)).toEqual(['weekly-digest']);
  await opened.close();
});

test('a mail program unsubscribes its reader by one click, without a page', async () => {
  const { id, address } = await mailAt(1);
  await page.goto(`${url}/#inbox/${id}`);
  await page.getByRole('button', { name: 'Unsubscribe', exact: true }).click();
  await page.getByText('Unsubscribed', { exact: true }).waitFor();
  expect(await listsOf(address)).toEqual(['weekly-digest']);
});

test('a bare POST does it, too; forged and garbled links do nothing', async () => {
  const { address, link } = await mailAt(2);
  const forged = `${link.slice(0, -6)}AAAAAA`;
  expect((await post(forged)).status).toBe(400);
  expect((await post(link.replace(/t=.*/, 't=x'))).status).toBe(400);
  expect(await listsOf(address)).toEqual([]);
  const { status, redirected } = await post(link);
  expect([status, redirected]).toEqual([200, false]);
  expect(await listsOf(address)).toEqual(['weekly-digest']);
});

test('a thousand requests of scanners unsubscribe nobody', async () => {
  const { address, link } = await mailAt(3);
  const statuses = new Map<number, number>();
  let left = 1000;
  const scan = async () => {
    while (left > 0) {
      left -= 1;
      const method = left % 3 === 0 ? 'HEAD' : 'GET';
      const { status } = await fetch(link, { method, headers: left % 5 === 0 ? { 'sec-purpose': 'prefetch' } : {} });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 4 }, scan));
  expect([...statuses.keys()].sort()).toEqual([200, 204, 403]);
  expect(await listsOf(address)).toEqual([]);
});

test('the next run sends nothing to whoever has unsubscribed, and to everybody else', async () => {
  const before = await mailsOf();
  const sfn = new SFNClient(settings);
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const input = JSON.stringify({ job: 'weekly-digest', ids: { first: 1, last: 40 } });
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: stateMachines[0]?.stateMachineArn, name: 'next', input }),
  );
  let output: string | undefined;
  for (let tries = 0; output === undefined && tries < 300; tries++) {
    await sleep(clock, 200);
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(['RUNNING', 'SUCCEEDED']).toContain(described.status);
    output = described.output;
  }
  const { done, skippedBecause } = JSON.parse(output as string);
  const asked = 40 - before.length;
  // Three by their mails; the others by what their rows say.
  expect(done).toBe(before.length - 3);
  expect(Object.values(skippedBecause as Record<string, number>).reduce((sum, count) => sum + count, 0)).toBe(
    asked + 3,
  );
});
