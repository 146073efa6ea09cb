import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { loadAssets } from '../../page/assets';
import { recordedPage, recordRun } from '../../page/recorded-page';
import { PageError } from '../../page/reply';
import type { PageOperations, PageSource, RunView } from '../../page/view';
import { noCall } from '../support/no-call';
import { eventually, Visitor } from './browser';
import { failedRun, finishedRun, runInProgress, SimulatedRun } from './fixture';
import { severalRuns } from './fixture-several';

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.launch();
});

afterAll(() => visitor.close());

afterEach(() => visitor.leave());

const lanes = (page: Page) => page.locator('.lane:not(.lane-head)');
const heading = (page: Page) => page.locator('.head h1');
const line = (page: Page, state: string) =>
  page.locator('.state', { has: page.locator('.name', { hasText: state }) }).locator('.line');

/** Resolves when the page has drawn what the server says now: the first answer may have been under way. */
async function drawnTwice(page: Page): Promise<void> {
  for (let update = 0; update < 2; update++) {
    const read = () => page.evaluate<number>("performance.getEntriesByName('update').at(-1)?.startTime ?? 0");
    const last = await read();
    await eventually(read, (time) => time > last);
  }
}

describe('the executions', () => {
  it('are listed newest first, with job, state machine, status and redrives', async () => {
    const several = severalRuns();
    const executions = several.executions.bind(several);
    several.executions = async () =>
      (await executions()).map((each) => (each.name === 'sunday' ? { ...each, redriveCount: 2 } : each));
    const page = await visitor.open(several, '#executions');
    const rows = page.locator('.executions tbody tr');
    await rows.nth(2).waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'monday weekly-digest · worker-chains · Schedule, Mar 2, 06:00:00 Running 1,565 of 2,600 done 58 skipped, 9 in doubt Mar 2, 06:00:00 16.3 s',
      expect.stringMatching(
        /^sunday weekly-digest · .* Failed redriven 2 times 108 of 120 done 3 skipped, 3 in doubt Mar 2, /,
      ),
      expect.stringMatching(/^saturday weekly-digest · .* Succeeded 117 of 120 done 3 skipped Mar 2, /),
    ]);
    expect(await page.locator('.executions [aria-current]').innerText()).toBe('monday');
    const bars = page.getByRole('navigation', { name: 'Last runs of weekly-digest' }).getByRole('link');
    expect(
      await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')?.split(':').at(-1))),
    ).toEqual([
      ' 117 done, 3 skipped, 0 unprocessed, 0 in doubt of 120 items',
      ' 108 done, 3 skipped, 0 unprocessed, 3 in doubt of 120 items',
      ' 1,565 done, 58 skipped, 0 unprocessed, 9 in doubt of 2,600 items',
    ]);
    expect(await page.getByRole('link', { name: /^Executions/ }).innerText()).toMatch(/3$/);
    expect(visitor.complaints).toEqual([]);
  });

  it('open by the keyboard, each with its own chains, report and history', async () => {
    const page = await visitor.open(severalRuns(), '#history');
    await page.locator('.events tbody tr').nth(50).waitFor();
    await page.locator('#history-filter').fill('taskfailed');
    await page.getByRole('link', { name: /^Executions/ }).click();
    await page.getByRole('link', { name: 'saturday', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.verdict.good').waitFor();
    expect(await page.locator('.figures').innerText()).toMatch(/Mails accepted\s/);
    expect(await heading(page).innerText()).toBe('saturday');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(await lanes(page).count()).toBe(3);
    expect(await page.locator('.sums .sum-line td').innerText()).toBe('120');
    await page.getByRole('link', { name: /^History/ }).click();
    await page.locator('.events tbody tr', { hasText: 'ExecutionSucceeded' }).waitFor();
    expect(await page.locator('#history-filter').inputValue()).toBe('');
    const last = Number(await page.locator('.events tbody tr td.id').last().innerText());
    expect(await page.locator('.events tbody tr').count()).toBe(last);
    await page.goBack();
    await page.goBack();
    await page.locator('.executions [aria-current]', { hasText: 'monday' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('can be opened by their address, which stays with them until the newest is asked for', async () => {
    const several = severalRuns();
    const address = `?execution=${several.runs[1]?.arn}#run`;
    const page = await visitor.open(several, address);
    await page.locator('.pinned').waitFor();
    expect(await heading(page).innerText()).toBe('sunday');
    expect(await page.locator('.pinned').innerText()).toContain('monday is newer');
    await drawnTwice(page);
    expect(await heading(page).innerText()).toBe('sunday');
    await page.getByRole('link', { name: 'Follow the newest' }).click();
    await page.locator('.head h1', { hasText: 'monday' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await page.locator('.pinned').count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('are followed to the newest when the address names none', async () => {
    const several = severalRuns();
    const page = await visitor.open(several, '#history');
    const ids = page.locator('.events tbody tr td.id');
    await ids.nth(50).waitFor();
    const tuesday = new SimulatedRun(several.runs[0]!.options, 'tuesday');
    tuesday.elapsedMilliseconds = 900;
    several.runs = [tuesday, ...several.runs];
    const first = (await tuesday.history(undefined, 0, 1000)).map(({ id }) => String(id));
    await eventually(
      () => ids.allInnerTexts(),
      (texts) => texts.join() === first.join(),
    );
    await page.getByRole('link', { name: 'Run', exact: true }).click();
    await page.locator('.head h1', { hasText: 'tuesday' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('say so when one is not known, and lead to the newest', async () => {
    const several = severalRuns();
    const page = await visitor.open(several, `?execution=${several.runs[0]?.arn}-x#run`);
    await page.getByText('This execution cannot be shown').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('Expected an execution that ran here');
    await page.getByRole('link', { name: 'Show the newest execution' }).click();
    await page.locator('.head h1', { hasText: 'monday' }).waitFor();
  });

  it.each([400, 390])('fit a screen %i pixels wide', async (width) => {
    const page = await visitor.open(severalRuns(), '#history', { width, height: 800 });
    await page.locator('.events tbody tr').nth(50).waitFor();
    await page.getByRole('link', { name: /^Executions/ }).click();
    await page.locator('.executions tbody tr').nth(2).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const hidden =
      "(() => { const tabs = document.querySelector('.tabs'); return tabs.scrollWidth - tabs.clientWidth; })()";
    expect(await page.evaluate(hidden)).toBe(0);
  });
});

/** A source whose run is changed by a function that a test may exchange. */
function changing(run: SimulatedRun): PageSource & { change: (view: RunView) => RunView } {
  const source = {
    change: (view: RunView) => view,
    executions: () => run.executions(),
    run: async () => source.change(run.view()),
    history: run.history.bind(run),
    leftovers: run.leftovers.bind(run),
    mails: run.mails.bind(run),
    mail: run.mail.bind(run),
  };
  return source;
}

const changeExecution = (view: RunView, change: Partial<NonNullable<RunView['execution']>>): RunView => ({
  ...view,
  execution: { ...view.execution!, ...change },
});

describe('what is not as it was', () => {
  it('shows that the failed execution was redriven, and follows it on', async () => {
    const run = failedRun();
    const source = changing(run);
    const page = await visitor.open(source);
    await page.locator('.failure').waitFor();
    expect(await page.locator('.connection').innerText()).toBe('Connected');
    source.change = (view) => {
      const { error: _, cause: __, ...execution } = view.execution!;
      const states = view.states.map(({ exitedAt, ...state }) =>
        state.name === 'FinishChains'
          ? { ...state, status: 'running' as const }
          : { ...state, ...(exitedAt && { exitedAt }) },
      );
      return { ...view, states, execution: { ...execution, status: 'RUNNING', redriveCount: 1 } };
    };
    await page.locator('.pill[data-status=RUNNING]').waitFor();
    expect(await page.locator('.meta').innerText()).toMatch(/running for 28\.6 s · redriven once$/);
    expect(await page.locator('.failure').count()).toBe(0);
    expect(await page.locator('.connection').innerText()).toBe('Live');
    expect(await page.locator('#announcer').innerText()).toContain('is running, redriven once');
    run.elapsedMilliseconds += 60_000;
    await page.locator('.meta', { hasText: 'running for 1 min 29 s' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('has nothing undefined to say of an execution that was stopped without a cause', async () => {
    const source = changing(failedRun());
    source.change = (view) => {
      const { error: _, cause: __, ...execution } = view.execution!;
      return { ...view, execution: { ...execution, status: 'ABORTED' } };
    };
    const page = await visitor.open(source);
    await page.locator('.pause').waitFor();
    expect((await page.locator('.pause').innerText()).trim().split(/\n+/)).toEqual([
      'Aborted',
      'The execution was stopped. The ledger keeps where each chain is.',
      'Chain 9 is not finished, at 96% of its items.',
    ]);
  });

  it('stops the clock of a state that failed when the execution ends', async () => {
    const run = failedRun();
    const source = changing(run);
    source.change = (view) => ({
      ...view,
      states: view.states.map(({ exitedAt: _, ...state }) =>
        state.name === 'CreateWorkers' ? { ...state, status: 'failed' as const } : state,
      ),
    });
    const page = await visitor.open(source);
    await line(page, 'CreateWorkers').waitFor();
    expect(await line(page, 'CreateWorkers').innerHTML()).toBe('27.6 s');
    run.elapsedMilliseconds += 3_600_000;
    await drawnTwice(page);
    expect(await line(page, 'CreateWorkers').innerHTML()).toBe('27.6 s');
  });

  it('has no rate for a chain that is finished, and none for any when the execution has ended', async () => {
    const source = changing(runInProgress());
    source.change = (view) => ({
      ...view,
      chains: view.chains.map((chain) => ({
        ...chain,
        itemsPerSecond: 12,
        status: chain.chainId === 0 ? ('finished' as const) : ('running' as const),
      })),
    });
    const page = await visitor.open(source);
    await lanes(page).nth(9).waitFor();
    const rates = () => lanes(page).locator('.speed').allInnerTexts();
    expect(await rates()).toEqual(['–', ...Array<string>(9).fill('12.0/s')]);
    const { change } = source;
    source.change = (view) => changeExecution(change(view), { status: 'ABORTED', stopDate: view.now });
    await eventually(rates, (texts) => texts.every((text) => text === '–'));
  });
});

describe('a run in a file of its own', () => {
  it('opens from disk with its figures, states and history, and fetches nothing', async () => {
    const run = failedRun();
    const file = join(mkdtempSync(join(tmpdir(), 'recorded-')), 'run.html');
    writeFileSync(file, recordedPage(await recordRun(run, run.arn), await loadAssets()));
    const page = await visitor.openFile(file);
    await page.locator('.head h1').waitFor();
    expect(await heading(page).innerText()).toBe(run.name);
    expect(await page.locator('.connection').innerText()).toMatch(/^As of /);
    expect(await lanes(page).count()).toBe(run.view().chains.length);
    await page.getByRole('link', { name: /^History/ }).click();
    await page.locator('.events tbody tr').nth(50).waitFor();
    const events = (await run.history(undefined, 0, 1000)).length;
    expect(await page.locator('.events tbody tr').count()).toBe(events);
    await page.getByRole('link', { name: /^Executions/ }).click();
    await page.getByRole('link', { name: run.name }).click();
    await page.locator('.head h1').waitFor();
    expect(visitor.complaints).toEqual([]);
    rmSync(dirname(file), { recursive: true });
  });

  it('holds no task token, and nothing that ends its own scripts', async () => {
    const run = runInProgress();
    const [scheduled] = run.view().chains;
    const parameters = JSON.stringify({ Payload: { chainId: scheduled?.chainId, taskToken: 'secret' } });
    const event = { id: 1, previousEventId: 0, timestamp: run.view().now, type: 'TaskScheduled' };
    run.history = async (_arn, after) => (after > 0 ? [] : [{ ...event, taskScheduledEventDetails: { parameters } }]);
    const view = run.view();
    run.run = async () => ({ ...view, leftoversCommand: '</script><script>alert(1)</script>' });
    const html = recordedPage(await recordRun(run, run.arn), await loadAssets());
    expect(html).not.toContain('secret');
    expect(html).not.toContain('alert(1)</script>');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });
});

describe('a run that is deployed', () => {
  it('says what is not known there, and that AWS throttles the page', async () => {
    const run = runInProgress();
    const { totals, chains, ...view } = run.view();
    const { mails: _mails, ...counts } = totals;
    const [first, ...others] = chains;
    const links = [{ link: 0, epoch: 0, startedAt: Date.parse(view.now) - 20_000, severalLinks: true as const }];
    run.run = async () => ({
      ...view,
      totals: counts,
      chains: [{ ...first!, links }, ...others],
      endpoints: {},
      notice: 'AWS throttles the questions of this page.',
      linksNotice: 'A bar may stand for several links.',
    });
    const page = await visitor.open(run);
    await page.locator('.head h1').waitFor();
    expect(await page.getByRole('alert').innerText()).toBe('AWS throttles the questions of this page.');
    expect(await page.locator('.figures').innerText()).not.toContain('Mails');
    expect(await page.locator('.links-notice').innerText()).toBe('A bar may stand for several links.');
    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.getByText('The mails of this run went to their recipients').waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.served[0]?.close();
    await page.getByText('The command worker-chains page opens it again.').waitFor();
  });
});

describe('a run that may be operated', () => {
  it('is stopped and given another rate only after a confirmation, and says what came of it', async () => {
    const run = runInProgress();
    const done: unknown[][] = [];
    const noting =
      (name: string) =>
      async (...given: unknown[]) => {
        done.push([name, ...given]);
        return `${name} was done.`;
      };
    const refused = async () => {
      throw new PageError(409, 'It has ended: there is nothing to stop.');
    };
    const operations = {
      ...{ stop: refused, redrive: noting('redrive'), resume: noting('resume') },
      ...{ retry: noting('retry'), rate: noting('rate') },
    };
    const page = await visitor.open(Object.assign(run, { operations }));
    const bar = page.getByRole('region', { name: 'Operate this run' });
    await bar.getByRole('button', { name: 'Change rate' }).click();
    await bar.getByLabel('Items a second').fill('40');
    await bar.getByRole('button', { name: 'Cancel' }).click();
    expect(done).toEqual([]);
    await bar.getByRole('button', { name: 'Change rate' }).click();
    await bar.getByLabel('Items a second').fill('40');
    await bar.getByRole('button', { name: `Change rate ${run.name}` }).click();
    await bar.getByText('rate was done.').waitFor();
    expect(done).toEqual([['rate', run.arn, 40]]);
    expect(await bar.getByRole('button').allInnerTexts()).toEqual(['Stop', 'Change rate']);
    expect(visitor.complaints).toEqual([]);
    await bar.getByRole('button', { name: 'Stop' }).click();
    await bar.getByRole('button', { name: `Stop ${run.name}` }).click();
    await bar.getByText('It has ended: there is nothing to stop.').waitFor();
  });

  it('is retried where it has succeeded and left items unprocessed', async () => {
    const retried: string[] = [];
    const retry = async (executionArn: string) => {
      retried.push(executionArn);
      return 'monday-2 takes up 3 items.';
    };
    const run = finishedRun();
    const { unprocessed } = (await run.run()).totals;
    expect(unprocessed).toBeGreaterThan(0);
    const operations = {
      stop: noCall,
      redrive: noCall,
      resume: noCall,
      retry,
      rate: noCall,
    } as unknown as PageOperations;
    const page = await visitor.open(Object.assign(run, { operations }));
    const bar = page.getByRole('region', { name: 'Operate this run' });
    await bar.getByRole('button', { name: 'Retry', exact: true }).click();
    expect(await bar.innerText()).toContain('What is in doubt is left alone.');
    await bar.locator('.danger').click();
    await bar.getByText('monday-2 takes up 3 items.').waitFor();
    expect(retried).toEqual([run.arn]);
  });

  it('is redriven or resumed once it has failed; without the right to there are no buttons', async () => {
    const operations = {
      stop: noCall,
      redrive: noCall,
      resume: noCall,
      retry: noCall,
      rate: noCall,
    } as unknown as PageOperations;
    const page = await visitor.open(Object.assign(failedRun(), { operations }));
    const bar = page.getByRole('region', { name: 'Operate this run' });
    await bar.waitFor();
    expect(await bar.getByRole('button').allInnerTexts()).toEqual(['Redrive', 'Resume']);
    const looking = await visitor.open(failedRun());
    await looking.locator('.head h1').waitFor();
    await drawnTwice(looking);
    expect(await looking.getByRole('button', { name: 'Redrive' }).count()).toBe(0);
  });
});
