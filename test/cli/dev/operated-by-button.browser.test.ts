import { Visitor } from '../../page/browser';
import { endAll, Started, synthesizeOnce } from './started';

/** Of more items than CI has time for: by hand, with `OPERATED_ITEMS=10000 OPERATED_RATE=250 OPERATED_SECONDS=300`. */
const SECONDS = Number(process.env.OPERATED_SECONDS ?? 120);

jest.setTimeout(SECONDS * 1000);

const ITEMS = process.env.OPERATED_ITEMS ?? '200';
const RATE = process.env.OPERATED_RATE ?? '25';

let visitor: Visitor;

beforeAll(async () => {
  await synthesizeOnce();
  visitor = await Visitor.launch();
});

afterAll(async () => {
  await visitor.close();
  endAll();
});

it('is paused, let go on, stopped and resumed by button, the page right at each step without a reload', async () => {
  const start = new Started(['--items', ITEMS, '--chains', '2', '--rate', RATE, '--serve', '--port', '0']);
  await start.printed('stdout', /http:\/\/127\.0\.0\.1:\d+/);
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(start.stdout)?.[0] as string;
  const page = await visitor.visit(origin);
  page.setDefaultTimeout(SECONDS * 500);
  await page.evaluate('window.wasNotReloaded = true');
  const bar = page.getByRole('region', { name: 'Operate this run' });
  const pause = page.locator('.pause h2');
  const pill = (status: string) => page.locator(`.head .pill[data-status=${status}]`).waitFor();
  const confirm = async (button: string, rate?: string) => {
    await bar.getByRole('button', { name: button, exact: true }).click();
    if (rate !== undefined) await bar.getByLabel('Items a second').fill(rate);
    await bar.locator('.danger').click();
  };
  await page.locator('.handled', { hasText: /^[1-9]/ }).waitFor();
  const first = await page.locator('.head h1').innerText();

  await confirm('Change rate', '0');
  await bar.getByText(`${first} is paused: any other rate goes on.`).waitFor();
  await pause.getByText('Paused', { exact: true }).waitFor();
  expect(await page.locator('.pause code').innerText()).toContain(`tune ${first} --rate ITEMS_A_SECOND`);
  await confirm('Change rate', RATE);
  await pause.waitFor({ state: 'detached' });
  await pill('RUNNING');

  await confirm('Stop');
  await pill('ABORTED');
  await pause.getByText('Stopped', { exact: true }).waitFor();
  expect(await page.locator('.pause').innerText()).toContain(`resume ${first}`);
  expect(await page.locator('.failure').count()).toBe(0);
  expect(await bar.getByRole('button').allInnerTexts()).toEqual(['Redrive', 'Resume']);

  await confirm('Resume');
  await page.locator('.head h1', { hasText: `${first}-` }).waitFor();
  await pill('SUCCEEDED');
  expect(await page.locator('.verdict').innerText()).toBe('✓ Adds up: nobody was forgotten.');
  expect(await page.locator('.handled').innerText()).toMatch(/^(\S+) of \1 items$/);
  expect(await page.evaluate('window.wasNotReloaded')).toBe(true);
  expect(visitor.complaints).toEqual([]);
});
