import type { Page } from 'playwright-core';
import type { ExecutionView, PageSource, RunView } from '../../page/view';
import { Visitor } from './browser';
import { failedRun, finishedRun, runInProgress, type SimulatedRun } from './fixture';

const PHONE = { width: 390, height: 844 };

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.launch();
});

afterAll(() => visitor.close());

afterEach(() => visitor.leave());

const colourOf = (page: Page, selector: string) =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).backgroundColor`);
/** Where each of them ends, in pixels from the left. */
const rightsOf = (page: Page, selector: string) =>
  page.evaluate<number[]>(
    `[...document.querySelectorAll('${selector}')].map((one) => Math.round(one.getBoundingClientRect().right))`,
  );

/** A run that is seen otherwise than it is. */
function seenAs(run: SimulatedRun, change: (view: RunView) => Partial<RunView>): PageSource {
  return Object.assign(run, { run: async () => ({ ...run.view(), ...change(run.view()) }) });
}

function ended(view: RunView, change: Partial<ExecutionView>): Partial<RunView> {
  const { error: _, cause: __, ...execution } = view.execution as ExecutionView;
  return { execution: { ...execution, ...change }, goOnCommand: 'worker-chains resume monday' };
}

describe('the history on a phone', () => {
  it('keeps its columns where they are when an event is opened, and nothing is wider than the screen', async () => {
    const page = await visitor.open(finishedRun(), '#history', PHONE);
    const first = page.locator('.events .expand').first();
    await first.waitFor();
    const before = await rightsOf(page, '.events tbody tr:first-child td');
    expect(before).toHaveLength(5);
    await first.click();
    await page.locator('.events .details pre').waitFor();
    expect(await rightsOf(page, '.events tbody tr:first-child td')).toEqual(before);
    const tooWide = 'document.documentElement.scrollWidth - innerWidth';
    expect(await page.evaluate(tooWide)).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });
});

describe('what is in doubt', () => {
  it('has one colour, in the totals and in each lane', async () => {
    const page = await visitor.open(runInProgress());
    await page.locator('.mini-bar .inDoubt').first().waitFor({ state: 'attached' });
    const total = await colourOf(page, '.bar .inDoubt');
    expect(await colourOf(page, '.legend .inDoubt')).toBe(total);
    expect(await colourOf(page, '.mini-bar .inDoubt')).toBe(total);
    expect(await colourOf(page, '.mini-bar .unprocessed')).toBe(await colourOf(page, '.bar .unprocessed'));
  });

  it('is not called unprocessed where nothing else is left', async () => {
    const page = await visitor.open(
      seenAs(finishedRun(), ({ totals }) => ({ totals: { ...totals, unprocessed: 0, inDoubt: 3 } })),
    );
    await page.locator('.leftovers').waitFor();
    expect(await page.locator('.leftovers h2').innerText()).toBe('3 in doubt');
    const edge = "getComputedStyle(document.querySelector('.leftovers')).borderLeftColor";
    expect(await page.evaluate(edge)).toBe(await colourOf(page, '.bar .inDoubt'));
  });
});

describe('the report', () => {
  it('has the counts of the reasons in the column of the others', async () => {
    const page = await visitor.open(finishedRun());
    await page.locator('.sums tr.reason').first().waitFor();
    const edges = await page.evaluate<number[]>(`[...document.querySelectorAll('.sums td')].map((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return Math.round(text.getBoundingClientRect().right);
    })`);
    expect(edges.length).toBeGreaterThan(6);
    expect(new Set(edges).size).toBe(1);
  });
});

describe('a pause is no failure', () => {
  it('of an execution that was stopped: says in a neutral box what goes on, and by whom', async () => {
    const page = await visitor.open(
      seenAs(failedRun(), (view) => ended(view, { status: 'ABORTED', error: 'Stopped', cause: 'Stopped on the page' })),
    );
    await page.locator('.pause').waitFor();
    expect(await page.locator('.failure').count()).toBe(0);
    const text = await page.locator('.pause').innerText();
    expect(text).toMatch(
      /^Stopped\s+Stopped on the page\. The ledger keeps where each chain is\.\s+Chain 9 is not finished, at 96% of its items\.\s+To go on: worker-chains resume monday$/,
    );
    expect(await colourOf(page, '.pause')).not.toBe(await colourOf(page, 'body'));
    expect(visitor.complaints).toEqual([]);
  });

  it.each([
    ['rate is 0', { pausedBecause: '9 of 100 mails bounced.' }, 'tune monday --rate 100', '9 of 100 mails bounced.'],
    [
      'provider stands at 0',
      { pausedProvider: 'crm' },
      'tune --provider crm --rate default',
      'The rate of its provider crm was set to 0, for all runs.',
    ],
  ])('of a run whose %s: says why, and which command goes on', async (_, pause, tunes, why) => {
    const page = await visitor.open(
      seenAs(runInProgress(), ({ totals }) => ({
        totals: { ...totals, rateLimit: { itemsPerSecond: 0, ...pause } },
        goOnCommand: `worker-chains ${tunes}`,
      })),
    );
    await page.locator('.pause').waitFor();
    expect(await page.title()).toBe('63% paused · Run · worker-chains');
    expect(await page.locator('.figures dd').first().innerText()).toBe('Paused');
    const told = (await page.locator('.pause').innerText()).split(/\n+/);
    expect(told).toEqual(['Paused', `${why} The execution stays.`, `To go on: worker-chains ${tunes}`]);
  });

  it('of a run whose chains are all parked: says that it goes on by itself', async () => {
    const page = await visitor.open(
      seenAs(runInProgress(), ({ chains }) => ({
        chains: chains.map((chain, index) => ({
          ...chain,
          status: 'parked' as const,
          parkedUntil: `2026-03-03T0${index % 2 === 0 ? 7 : 9}:00:00.000Z`,
        })),
      })),
    );
    await page.locator('.pause').waitFor();
    expect(await page.locator('.pause').innerText()).toMatch(
      /^Parked\s+Every chain that is not finished waits for its hours; the first goes on by itself at Mar 3, 07:00:00\.$/,
    );
  });

  it('and a failure is none: its box names the command that goes on', async () => {
    const page = await visitor.open(seenAs(failedRun(), () => ({ goOnCommand: 'worker-chains resume monday' })));
    await page.locator('.failure').waitFor();
    expect(await page.title()).toMatch(/^99% failed · Run · /);
    expect(await page.locator('.failure').innerText()).toContain('To go on: worker-chains resume monday');
    expect(await page.locator('.pause').count()).toBe(0);
  });
});
