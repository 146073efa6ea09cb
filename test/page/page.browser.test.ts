import type { Page } from 'playwright-core';
import type { MailDetail, PageSource, RunView } from '../../page/view';
import { eventually, Visitor } from './browser';
import { failedRun, finishedRun, runInProgress, type SimulatedRun, wideRun } from './fixture';
import { servePage } from './serve';

/** Script of an update at 40 chains of 50 links, as a multiple of what the browser takes to parse the whole view of 400 kB: four to eight were measured. */
const UPDATE_BUDGET = 20;

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.launch();
});

afterAll(() => visitor.close());

afterEach(() => visitor.leave());

const lanes = (page: Page) => page.locator('.lane:not(.lane-head)');
const state = (page: Page, name: string) => page.locator('.state', { has: page.locator('.name', { hasText: name }) });

describe('the run', () => {
  it('says at its head what a success has left, and the command that lists it', async () => {
    const run = finishedRun();
    const view = async (): Promise<RunView> => {
      const given = await run.run();
      return { ...given, totals: { ...given.totals, unprocessed: 2, inDoubt: 3 }, leftoversCommand: 'list them all' };
    };
    const page = await visitor.open({ ...withMails(run, (mail) => mail), run: view });
    await page.locator('.leftovers').waitFor();
    await page.getByText('suppression list').waitFor();
    expect(await page.locator('.leftovers').innerText()).toMatch(
      /2 unprocessed, 3 in doubt.*140 unprocessed with MessageRejected, 3 chains.*17, 20, .* and 132 more.*3 in doubt with Chain\.Crashed, chain 2.*4, 8, fifteen.*List them: list them all/s,
    );
    await page.locator('.leftovers summary').click();
    expect(await page.locator('.leftovers details').innerText()).toMatch(/311, 314 and 40 more$/);
  });

  it('shows ten chains with their links, and goes on as the run does', async () => {
    const run = runInProgress();
    const page = await visitor.open(run);
    await lanes(page).nth(9).waitFor();
    expect(await lanes(page).count()).toBe(10);
    expect(await lanes(page).nth(4).innerText()).toContain('Interrupted');
    expect(await page.locator('.head h1').innerText()).toBe('weekly-digest-2026-03-02');
    const before = await page.locator('.handled').innerText();
    expect(before).toBe('1,632 of 2,600 items');
    expect(await state(page, 'RunChains').getAttribute('data-status')).toBe('running');

    run.elapsedMilliseconds += 5000;
    const after = await eventually(
      () => page.locator('.handled').innerText(),
      (text) => text !== before,
    );
    expect(Number(after.split(' ')[0]?.replace(',', ''))).toBeGreaterThan(1632);
    expect(visitor.complaints).toEqual([]);
  });

  it('says of a parked chain until when, and of one that was stopped that it is unfinished', async () => {
    const run = runInProgress();
    const parkedUntil = '2026-03-03T07:00:00.000Z';
    const view = async (isStopped: boolean) => {
      const given = await run.run();
      const [first, ...others] = given.chains.map((chain) => ({ ...chain, status: 'parked' as const, parkedUntil }));
      const execution = given.execution && { ...given.execution, ...(isStopped && { status: 'ABORTED' as const }) };
      return { ...given, execution, chains: [{ ...first!, parkedUntil: '2026-03-03T09:30:00.000Z' }, ...others] };
    };
    const waiting = await visitor.open({ ...withMails(run, (mail) => mail), run: () => view(false) });
    await lanes(waiting).nth(9).waitFor();
    const texts = await Promise.all(
      [0, 1].map((index) => lanes(waiting).nth(index).locator('.lane-status').innerText()),
    );
    for (const text of texts) expect(text).toMatch(/^Parked until \d\d:[03]0$/);
    expect(texts[0]).not.toBe(texts[1]);
    expect(await lanes(waiting).nth(1).locator('.lane-status').getAttribute('title')).toMatch(/opens .* 2026/);

    const stopped = await visitor.open({ ...withMails(run, (mail) => mail), run: () => view(true) });
    await lanes(stopped).nth(9).waitFor();
    expect(await lanes(stopped).nth(1).locator('.lane-status').innerText()).toBe('Unfinished');
  });

  it('proves at its end that nobody was forgotten, and shows the state that was not needed', async () => {
    const page = await visitor.open(finishedRun());
    await page.locator('.verdict.good').waitFor();
    expect(await page.locator('.sums .sum-line td').innerText()).toBe('2,600');
    expect(await page.locator('.verdict').innerText()).toContain('Adds up');
    expect(await state(page, 'FinishChains').getAttribute('data-status')).toBe('passed');
    expect(await page.locator('.pill').innerText()).toBe('Succeeded');
    expect(visitor.complaints).toEqual([]);
  });

  it('is called a dry run beside its name where it is one', async () => {
    const page = await visitor.open(fixed({ ...finishedRun().view(), dryRun: true }));
    await page.locator('.verdict.good').waitFor();
    expect(await page.locator('.head .pill').allInnerTexts()).toEqual(['Succeeded', 'dry run']);
  });

  it('says so when a report does not add up', async () => {
    const view = finishedRun().view();
    const execution = { ...view.execution!, output: { ...(view.execution?.output as object), done: 2470 } };
    const page = await visitor.open(fixed({ ...view, execution }));
    await page.locator('.verdict.bad').waitFor();
    expect(await page.locator('.verdict').innerText()).toBe('✕ Does not add up: 8 items are missing.');
  });

  it('puts the error and its cause first when the execution failed', async () => {
    const page = await visitor.open(failedRun());
    await page.locator('.failure').waitFor();
    const text = await page.locator('.failure').innerText();
    expect(text).toContain('Chain.QuotaExhausted');
    expect(text).toContain('redrive the execution when the quota is free again');
    expect(text).toContain('Chain 9 is not finished, at 96% of its items');
    await page.getByText('Most frequent:').waitFor();
    expect(await page.locator('.failure').innerText()).toContain('MessageRejected, 140 items: 17, 20, 23, 26, 29 …');
    expect(await page.locator('.figures').innerText()).toMatch(/Cost so far, about\s+\$0\.25/);
    expect(await lanes(page).nth(9).innerText()).toContain('Unfinished');
    expect(await state(page, 'FinishChains').getAttribute('data-status')).toBe('failed');
    expect(visitor.complaints).toEqual([]);
  });

  it('names a link to the pointer and to the keyboard', async () => {
    const page = await visitor.open(runInProgress());
    await lanes(page).nth(9).waitFor();
    const tip = page.locator('.tip');
    await lanes(page).nth(2).locator('canvas').hover();
    await tip.waitFor();
    expect(await tip.innerText()).toMatch(/^Chain 2, link \d, epoch 0: returned, 2\.\d s$/);
    await lanes(page).nth(0).locator('canvas').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
    expect(await tip.innerText()).toBe('Chain 2, link 3, epoch 0: died, 1.5 s');
  });

  it('opens a state: what went in, what came out or went wrong, and its events', async () => {
    const page = await visitor.open(failedRun());
    const opener = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}:`) });
    await opener('CreateWorkers').click();
    const details = page.locator('.state-details');
    await eventually(
      () => details.innerText(),
      (text) => text.includes('TaskStateExited'),
    );
    expect(await details.innerText()).toMatch(/Input\s+\{\s+"job": "weekly-digest"/);
    expect(await details.locator('.state-events li').count()).toBe(5);

    await opener('ReconcileRun').press('Enter');
    expect(await details.innerText()).toMatch(/ReconcileRun.+It was not entered\..+0 events/s);
    expect(await page.locator('[aria-expanded=true]').count()).toBe(1);
    await details.getByRole('button', { name: 'Close' }).click();
    expect(await details.count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('opens a link by a click or by Enter: its items, its request and its log; a second one closes it', async () => {
    const page = await visitor.open(runInProgress());
    const lane = (index: number) => lanes(page).nth(index).locator('canvas');
    await lane(6).click({ position: { x: 60, y: 15 } });
    const details = page.locator('.link-details');
    await details.getByText('2 log lines').waitFor();
    expect(await details.innerText()).toMatch(
      /^Chain 6, link 0.+29: 28 done, 1 skipped, 1\d\.\d\/s.+Handed off.+request-6-0.+a line of the job/s,
    );
    await lane(0).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await details.getByText('Told when it returns').waitFor();
    expect(await details.count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await details.count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('puts chains with problems first when asked to', async () => {
    const page = await visitor.open(failedRun());
    await lanes(page).nth(9).waitFor();
    const order = () => lanes(page).locator('b').allInnerTexts();
    expect(await order()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    await page.getByLabel('Problems first').check();
    expect((await order()).slice(0, 4)).toEqual(['9', '6', '2', '4']);
    expect(await lanes(page).nth(1).locator('.left-over').innerText()).toMatch(/1.?✕.*6.?\?/s);
  });

  it('plots the throughput on the axis of the lanes, and says the same in a table', async () => {
    const page = await visitor.open(runInProgress());
    const plot = page.locator('.plot canvas');
    await plot.waitFor();
    const [drawn, lane] = [await plot.boundingBox(), await lanes(page).nth(0).locator('canvas').boundingBox()];
    expect([drawn?.x, drawn?.width]).toEqual([lane?.x, lane?.width]);
    expect(await page.locator('.throughput .reading').innerText()).toMatch(/^Up to 1\d\d items\/s, budget 120\/s$/);
    await page.locator('.plot .u-over').hover();
    expect(await page.locator('.throughput .reading').innerText()).toMatch(/^0:0[6-9]: (\d\d\.\d|1\d\d) items\/s$/);
    expect(await page.locator('.throughput .legend').innerText()).toMatch(
      /Done \d+(\.\d)?\/s.*Budget 120\/s.*\d throttles/s,
    );
    const rows = page.locator('.throughput tbody tr');
    expect(await rows.count()).toBeLessThanOrEqual(12);
    const cells = (await rows.nth(2).allInnerTexts()).join(' ').split(/\s+/);
    expect(cells[0]).toBe('0:10');
    expect(Number(cells[1])).toBeGreaterThan(80);
    expect(cells[5]).toBe('120');
    expect(visitor.complaints).toEqual([]);
  });

  it('waits for an execution that has not started', async () => {
    const view = finishedRun().view();
    const page = await visitor.open(fixed({ ...view, execution: null, chains: [], states: [] }));
    await page.getByText('Waiting for the execution').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it(`spends no more script on an update of 40 chains with 50 links each than ${UPDATE_BUDGET} times what it takes to read such a view`, async () => {
    const run = wideRun();
    const page = await visitor.open(run);
    await lanes(page).nth(39).waitFor();
    const updates: number[] = [];
    const readings: number[] = [];
    for (let update = 0; update < 9; update++) {
      run.elapsedMilliseconds += 250;
      const last = await page.evaluate<number>("performance.getEntriesByName('update').at(-1).startTime");
      const entry = await eventually(
        () =>
          page.evaluate<{ from: number; took: number } | null>(
            "(() => { const e = performance.getEntriesByName('update').at(-1); return e && { from: e.startTime, took: e.duration }; })()",
          ),
        (value) => value !== null && value.from > last,
      );
      updates.push(entry?.took ?? Number.POSITIVE_INFINITY);
      const reading = await page.evaluate<number>(
        "fetch('/api/run').then((answer) => answer.text()).then((text) => { const begin = performance.now(); JSON.parse(text); return performance.now() - begin; })",
      );
      readings.push(reading);
    }
    // The fastest of each: both are slower on a busy machine, and alike.
    expect(Math.min(...updates) / Math.min(...readings)).toBeLessThan(UPDATE_BUDGET);
    expect(visitor.complaints).toEqual([]);
  });
});

describe('the history', () => {
  it('loads more than 2,000 events, draws those in reach, filters and opens them', async () => {
    const run = wideRun().finish();
    const page = await visitor.open(run, '#history');
    const total = (await run.history(undefined, 0, 100_000)).length;
    expect(total).toBeGreaterThan(2000);
    const summary = page.locator('[data-panel=history] .summary');
    const rows = page.locator('.events tbody tr');
    await eventually(
      () => summary.innerText(),
      (text) => text === `${total.toLocaleString('en')} events`,
    );
    const drawn = await rows.count();
    expect(drawn).toBeLessThan(1000);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await eventually(
      () => rows.count(),
      (count) => count > drawn,
    );

    await page.locator('#history-filter').fill('taskfailed');
    await eventually(
      () => summary.innerText(),
      (text) => / of /.test(text),
    );
    const first = rows.first();
    expect(await first.locator('.type').innerText()).toBe('TaskFailed');
    expect(await first.locator('.place').innerText()).toMatch(/^RunChain #\d+$/);
    await first.getByRole('button').click();
    expect(await page.locator('.events .details pre').innerText()).toContain('"errorType": "Chain.Crashed"');

    await page.locator('#history-filter').fill('no such event');
    await page.getByText('No such event contains “no such event”.').waitFor();

    await page.locator('#history-filter').fill('');
    await page.getByLabel('Errors only').check();
    const tones = () =>
      rows.evaluateAll((all) => [...new Set(all.flatMap((row) => row.getAttribute('data-tone') ?? []))]);
    expect(await tones()).toEqual(['bad']);
    await page.getByLabel('Errors only').uncheck();
    await page.getByLabel('State, and chain in it').selectOption('RunChain #0');
    const places = () => rows.locator('.place').evaluateAll((all) => [...new Set(all.map((cell) => cell.textContent))]);
    expect(await places()).toEqual(['RunChain #0']);
    expect(visitor.complaints).toEqual([]);
  });

  it('appends what happens, or puts it first when asked to', async () => {
    const run = runInProgress();
    const page = await visitor.open(run, '#history');
    await page.locator('.events tbody tr').first().waitFor();
    await page.getByLabel('Newest first').check();
    const last = await page.locator('.events tbody tr .id').first().innerText();
    run.finish();
    const newest = await eventually(
      () => page.locator('.events tbody tr').first().innerText(),
      (text) => /ExecutionSucceeded/.test(text),
    );
    expect(Number.parseInt(newest, 10)).toBeGreaterThan(Number(last));
    const ids = await page.locator('.events tbody tr td.id').allInnerTexts();
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => Number(b) - Number(a)));
  });
});

/** A run of which every mail is changed. */
function withMails(run: SimulatedRun, change: (mail: MailDetail) => MailDetail): PageSource {
  return {
    executions: () => run.executions(),
    run: () => run.run(),
    history: (arn, after, limit) => run.history(arn, after, limit),
    leftovers: () => run.leftovers(),
    mails: (query) => run.mails(query),
    mail: async (messageId) => {
      const mail = await run.mail(messageId);
      return mail && change(mail);
    },
  };
}

describe('the inbox', () => {
  it('asks no other server for an image before its button is pressed', async () => {
    const image = '<img src="https://pixel.example/seen.png" width="9" height="9" alt="">';
    const page = await visitor.open(
      withMails(finishedRun(), (mail) => ({ ...mail, html: image })),
      '#inbox',
    );
    const isImage = (request: { url(): string }) => request.url().startsWith('https://pixel.example/');
    let asked = 0;
    let refused = 0;
    page.on('request', (request) => {
      if (isImage(request)) asked += 1;
    });
    page.on('requestfailed', (request) => {
      if (isImage(request) && request.failure()?.errorText === 'csp') refused += 1;
    });
    await page.locator('.mails a').first().click();
    await page.frameLocator('.mail-html').locator('img').waitFor({ state: 'attached' });
    await eventually(
      async () => refused,
      (count) => count === 1,
    );
    expect(asked).toBe(1);
    await page.getByRole('button', { name: 'Load images' }).click();
    await eventually(
      async () => asked,
      (count) => count === 2,
    );
    // Nobody held the second one back; there is no such server to answer it.
    expect(refused).toBe(1);
  });

  it.each([
    ['a mail address only', '<mailto:leave@news.example>', 'List-Unsubscribe=One-Click'],
    ['plain HTTP', '<http://news.example/leave>', 'List-Unsubscribe=One-Click'],
    ['an address without brackets', 'https://news.example/leave', 'List-Unsubscribe=One-Click'],
    ['another value of List-Unsubscribe-Post', '<https://news.example/leave>', 'One-Click'],
  ])('calls %s not one click', async (_case, addresses, post) => {
    const headers = [
      ['List-Unsubscribe', addresses],
      ['List-Unsubscribe-Post', post],
    ] as const;
    const page = await visitor.open(
      withMails(finishedRun(), (mail) => ({ ...mail, headers })),
      '#inbox',
    );
    await page.locator('.mails a').first().click();
    await page.locator('.addresses .chip').waitFor();
    expect(await page.locator('.addresses .chip').innerText()).toBe('Not one click');
  });

  it('finds a mail and shows its HTML in a frame as high as the mail', async () => {
    const page = await visitor.open(finishedRun(), '#inbox');
    await page.locator('.mails li').nth(49).waitFor();
    await page.locator('#inbox-search').fill('user1234@');
    await eventually(
      () => page.locator('.mails li').count(),
      (count) => count === 1,
    );
    await page.locator('.mails a').click();
    const mail = page.frameLocator('.mail-html');
    await mail.getByRole('heading', { name: 'Good morning, Reader 1234' }).waitFor();
    expect(page.url()).toContain('#inbox/mail-1234%40sim.example');
    expect(await page.locator('.addresses').innerText()).toContain('One click');
    await eventually(
      () =>
        page.evaluate(
          "(() => { const frame = document.querySelector('.mail-html'); return frame.contentDocument.documentElement.scrollHeight <= frame.clientHeight && frame.clientHeight < 900; })()",
        ),
      (fits) => fits === true,
    );
    await page.getByRole('tab', { name: 'Headers' }).click();
    expect(await page.getByRole('tabpanel').innerText()).toContain('List-Unsubscribe-Post');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tabpanel').innerText()).toContain('Content-Transfer-Encoding: base64');
    expect(visitor.complaints).toEqual([]);
  });

  it('opens the first mail by itself where there is room; leads from a mail to its chain, and from a chain to its mails', async () => {
    const page = await visitor.open(finishedRun(), '#inbox');
    const item = page.locator('.addresses', { hasText: 'sent by' });
    await item.waitFor();
    expect(await page.locator('.mails [aria-current]').count()).toBe(1);
    expect(await item.innerText()).toMatch(/Item\s+2478, sent by chain 9/);
    expect(await page.evaluate("document.activeElement === document.querySelector('.mail-subject')")).toBe(false);

    await item.getByRole('link', { name: 'chain 9' }).click();
    expect(await page.locator('.lane[data-marked=true] b').innerText()).toBe('9');
    await lanes(page)
      .nth(9)
      .locator('canvas')
      .click({ position: { x: 60, y: 15 } });
    await page.getByRole('link', { name: 'Mails of chain 9' }).click();
    const summary = page.locator('[data-panel=inbox] .toolbar');
    await eventually(
      () => summary.innerText(),
      (text) => text.includes('Of chain 9') && text.includes('138 mails'),
    );
    await page.getByRole('link', { name: 'Of all chains' }).click();
    await eventually(
      () => summary.innerText(),
      (text) => text.includes('2,478 mails'),
    );
    expect(visitor.complaints).toEqual([]);
  });

  it('shows right-to-left and Japanese mails in their own direction', async () => {
    const page = await visitor.open(finishedRun(), '#inbox/mail-7%40sim.example');
    const arabic = page.frameLocator('.mail-html').locator('h1');
    await arabic.waitFor();
    expect(await page.frames()[1]?.evaluate("getComputedStyle(document.querySelector('h1')).direction")).toBe('rtl');
    expect(await page.evaluate("getComputedStyle(document.querySelector('.mail-subject')).direction")).toBe('rtl');
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.goto(`${visitor.served[0]?.origin}/#inbox/mail-10%40sim.example`);
    await page.locator('.mail-text', { hasText: 'おはようございます, 読者 10' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('runs no script of a mail, and lets it reach nobody', async () => {
    const run = finishedRun();
    const hostile =
      '<p>Hello</p><script>parent.document.title="taken"</script><img src=x onerror="parent.document.title=1"><link rel=stylesheet href="/taken.css"><iframe src="/taken.html"></iframe>';
    const mail = run.mail.bind(run);
    run.mail = async (id) => ({ ...(await mail(id))!, html: hostile });
    const page = await visitor.open(run, '#inbox/mail-3%40sim.example');
    await page.frameLocator('.mail-html').getByText('Hello').waitFor();
    await eventually(
      async () => visitor.complaints.join('\n'),
      (text) => text.includes('Blocked script execution'),
    );
    expect(await page.title()).toBe('100% succeeded · Inbox · worker-chains');
    expect(visitor.served[0]?.arrived.filter((path) => /\/x$/.test(path) || path.startsWith('/taken'))).toEqual([]);
  });

  it('says which mail it cannot show', async () => {
    const page = await visitor.open(finishedRun(), '#inbox/nobody');
    await page.getByText('This mail cannot be shown. There is no mail nobody in the inbox').waitFor();
  });

  it('pages through older mails', async () => {
    const page = await visitor.open(finishedRun(), '#inbox');
    await page.getByText('1–50 of 2,478').waitFor();
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText('51–100 of 2,478').waitFor();
    expect(await page.locator('.mails li').first().innerText()).toContain('user2428@example.com');
  });
});

describe('the process behind it', () => {
  it('may end: the page keeps what it knows, says so, and finds a new run on the same port', async () => {
    const first = runInProgress();
    const page = await visitor.open(first, '#history');
    await page.locator('.events tbody tr').first().waitFor();
    const site = visitor.served.pop()!;
    await site.close();
    const banner = page.getByRole('alert');
    await banner.getByText('The process that served this page has ended').waitFor();
    expect(await banner.innerText()).toContain('--serve');
    await page.getByRole('link', { name: 'Run' }).click();
    // The view is drawn after the address has changed.
    await page.locator('.handled', { hasText: 'items' }).waitFor();
    expect(await page.locator('.handled').innerText()).toBe('1,632 of 2,600 items');
    expect(await page.locator('.connection').innerText()).toBe('Process ended');

    visitor.served.push(await servePage(renamed(finishedRun()), site.port));
    await banner.waitFor({ state: 'hidden' });
    await eventually(
      () => page.locator('.head h1').innerText(),
      (text) => text === 'another-run',
    );
    await page.getByRole('link', { name: /History/ }).click();
    await eventually(
      () => page.locator('.events tbody tr td.id').allInnerTexts(),
      (ids) => ids.join(' ') === '1 2 3 4 5',
    );
  });
});

describe('on a screen 400 pixels wide', () => {
  it.each(['#run', '#history', '#inbox', '#inbox/mail-7%40sim.example'])('%s fits and can be used', async (hash) => {
    const page = await visitor.open(finishedRun(), hash, { width: 400, height: 800 });
    const shown = { '#run': '.lane', '#history': '.events', '#inbox': '.mails' }[hash] ?? '.mail-html';
    await page.locator(shown).last().waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    if (hash === '#run') {
      const bar = await page.locator('.bar').boundingBox();
      expect(bar?.width).toBeGreaterThan(300);
    }
    if (hash.includes('/')) {
      await page.getByRole('link', { name: '← All mails' }).click();
      await page.locator('.mails li').first().waitFor();
      expect(await page.locator('.reader').isVisible()).toBe(false);
    }
    expect(visitor.complaints).toEqual([]);
  });
});

function fixed(view: RunView): PageSource {
  const run = finishedRun();
  return {
    executions: async () => view.executions,
    run: async () => view,
    history: async () => [],
    leftovers: () => run.leftovers(),
    mails: (query) => run.mails(query),
    mail: (id) => run.mail(id),
  };
}

function renamed(run: SimulatedRun): PageSource {
  const view = run.view();
  const execution = { ...view.execution!, arn: `${view.execution?.arn}-2`, name: 'another-run' };
  return { ...fixed({ ...view, execution }), history: (arn, after) => run.history(arn, after, Math.max(0, 5 - after)) };
}
