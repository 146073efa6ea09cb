import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { recipientFor } from '../../../examples/weekly-digest/seed';
import { Visitor } from '../../page/browser';
import { endAll, Started, synthesizeOnce } from './started';

/** Of more items than CI has time for: by hand, with `OPERATED_ITEMS=10000 OPERATED_RATE=250 OPERATED_SECONDS=300`. */
const SECONDS = Number(process.env.OPERATED_SECONDS ?? 180);

jest.setTimeout(SECONDS * 1000);

const ITEMS = process.env.OPERATED_ITEMS ?? '400';
const RATE = process.env.OPERATED_RATE ?? '50';
/** What `npm start` makes its recipients with. */
const SEED = 1;

let visitor: Visitor;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  await synthesizeOnce();
  visitor = await Visitor.launch();
});

afterAll(async () => {
  await visitor.close();
  documents.destroy();
  endAll();
});

/** Writes a recipient as the seed made it, but for what is said otherwise. */
async function write(id: number, otherwise: object): Promise<void> {
  const { TableNames = [] } = await documents.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('Recipients'));
  const Item = { id, ...recipientFor(id, SEED), unsubscribed: false, ...otherwise };
  await documents.send(new PutCommand({ TableName, Item }));
}

it('is paused, let go on, stopped, redriven, resumed and retried by button, the page right at each step without a reload', async () => {
  const start = new Started(['--items', ITEMS, '--chains', '2', '--rate', RATE, '--serve', '--port', '0']);
  await start.printed('stdout', /http:\/\/127\.0\.0\.1:\d+/);
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(start.stdout)?.[0] as string;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  documents = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: origin, region: 'us-east-1', credentials }));
  const page = await visitor.visit(origin);
  page.setDefaultTimeout(SECONDS * 500);
  await page.evaluate('window.wasNotReloaded = true');
  const bar = page.getByRole('region', { name: 'Operate this run' });
  const pause = page.locator('.pause h2');
  const pill = (status: string) => page.locator(`.head .pill[data-status=${status}]`).waitFor();
  const buttons = () => bar.getByRole('button').allInnerTexts();
  const confirm = async (button: string, rate?: string) => {
    await bar.getByRole('button', { name: button, exact: true }).click();
    if (rate !== undefined) await bar.getByLabel('Items a second').fill(rate);
    await bar.locator('.danger').click();
  };
  const stop = async () => {
    await confirm('Stop');
    await pill('ABORTED');
    await pause.getByText('Stopped', { exact: true }).waitFor();
    expect(await page.locator('.pause').innerText()).toContain(`resume ${first}`);
    expect(await page.locator('.failure').count()).toBe(0);
    expect(await buttons()).toEqual(['Redrive', 'Resume']);
  };
  await page.locator('.handled', { hasText: /^[1-9]/ }).waitFor();
  const first = await page.locator('.head h1').innerText();
  // The last of all, which nobody has read yet: its mail cannot be sent.
  await write(Number(ITEMS), { email: '' });

  await confirm('Change rate', '0');
  await bar.getByText(`${first} is paused: any other rate goes on.`).waitFor();
  await pause.getByText('Paused', { exact: true }).waitFor();
  expect(await page.locator('.pause code').innerText()).toMatch(new RegExp(` tune ${first} --rate \\d\\S* --stack `));
  await confirm('Change rate', RATE);
  await pause.waitFor({ state: 'detached' });
  await pill('RUNNING');

  await stop();
  await confirm('Redrive');
  await bar.getByText(`${first} is redriven: it goes on from the ledger.`).waitFor();
  await pause.waitFor({ state: 'detached' });
  await pill('RUNNING');
  expect(await page.locator('.head h1').innerText()).toBe(first);

  await stop();
  await confirm('Resume');
  await page.locator('.head h1', { hasText: `${first}-` }).waitFor();
  const resumed = await page.locator('.head h1').innerText();
  await pill('SUCCEEDED');
  expect(await page.locator('.verdict').innerText()).toBe('✓ Adds up: nobody was forgotten.');
  expect(await page.locator('.handled').innerText()).toMatch(/^(\S+) of \1 items$/);
  expect(await buttons()).toEqual(['Retry']);

  await write(Number(ITEMS), {});
  await confirm('Retry');
  await page.locator('.head h1', { hasText: new RegExp(`^(?!${resumed}$)`) }).waitFor();
  await pill('SUCCEEDED');
  await page.locator('.handled', { hasText: /^1 of 1 items?$/ }).waitFor();
  expect(await page.locator('.verdict').innerText()).toBe('✓ Adds up: nobody was forgotten.');
  expect(await buttons()).toEqual([]);

  expect(await page.evaluate('window.wasNotReloaded')).toBe(true);
  expect(visitor.complaints).toEqual([]);
});
