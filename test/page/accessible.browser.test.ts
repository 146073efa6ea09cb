import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { PageSource } from '../../page/view';
import { Visitor } from './browser';
import { failedRun, runInProgress } from './fixture';
import { severalRuns } from './fixture-several';

/** Rules of WCAG 2.2 A and AA that can be judged by a machine, and axe's own good practice. */
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.launch();
});

afterAll(() => visitor.close());

afterEach(() => visitor.leave());

/** What axe finds wrong with the document as it stands: each rule with the elements that break it. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  // The frame of a mail is the sender's document.
  return page.evaluate<string[]>(
    "axe.run({ exclude: [['iframe']] }, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target)].join(' ')))",
  );
}

const VIEWS: readonly (readonly [name: string, hash: string, shown: string, source: () => PageSource])[] = [
  ['a run in progress', '#run', '.plot canvas', runInProgress],
  ['a run that failed', '#run', '.leftover-groups', failedRun],
  ['its history', '#history', '.events tbody tr', failedRun],
  ['its inbox', '#inbox', '.addresses', failedRun],
  ['the executions', '#executions', '.run-bars', severalRuns],
];

it.each(VIEWS)(
  '%s breaks no rule of accessibility, in light colours as in dark ones',
  async (_, hash, shown, source) => {
    const page = await visitor.open(source(), hash);
    await page.locator(shown).first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect([colorScheme, ...(await violations(page))]).toEqual([colorScheme]);
    }
  },
);

it('breaks none where a state and a link are open', async () => {
  const page = await visitor.open(failedRun());
  await page.locator('.state-opener').nth(1).click();
  await page.locator('.state-events li').first().waitFor();
  await page
    .locator('canvas.timeline')
    .nth(6)
    .click({ position: { x: 60, y: 15 } });
  await page.locator('.link-details').waitFor();
  expect(await violations(page)).toEqual([]);
});

it('moves nothing for a reader who wants less motion', async () => {
  const page = await visitor.open(runInProgress());
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.locator('.plot canvas').waitFor();
  const moving = await page.evaluate<number>(
    "document.getAnimations().filter(({ playState }) => playState === 'running').length",
  );
  expect(moving).toBe(0);
  const timed = await page.evaluate<string[]>(
    "[...document.querySelectorAll('*')].map((element) => getComputedStyle(element).transitionDuration).filter((duration) => duration !== '0s')",
  );
  expect(timed).toEqual([]);
});
