import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surroundingsOf } from '../../../cli/dev/endpoints';
import type { ExecutionSummary, RunView } from '../../../page/view';
import { synthesizedIn, twoConstructs } from '../../local/several-jobs';
import { Account } from '../../local/whole-run';
import { type Answer, called } from '../called';
import { endAll, Started } from '../dev/started';

const directory = mkdtempSync(join(tmpdir(), 'jobs-of-a-stack-'));
let account: Account;
let environment: Readonly<Record<string, string>>;
/** Of a run of each job. */
let digest: string;
let week: string;

beforeAll(async () => {
  account = await Account.open({ template: synthesizedIn(directory, twoConstructs) });
  await account.subscribe(1, 50, { malformed: [7] });
  environment = surroundingsOf(account.engine);
  digest = await account.start({ job: 'weekly-digest', ids: { first: 1, last: 20 }, chains: 2 }, 'digest-1', 0);
  await account.ended(digest);
  week = await account.start({ job: 'quiet-week', ids: { first: 21, last: 50 }, chains: 2 }, 'week-1', 1);
  await account.ended(week);
});
afterAll(async () => {
  endAll();
  await account.close();
  rmSync(directory, { recursive: true, force: true });
});

const call = (...args: string[]): Promise<Answer> => called(args, { environment });

/** What the page of this command line tells, while it is up. */
async function paged<Told>(args: readonly string[], ask: (origin: string, address: URL) => Promise<Told>) {
  const page = Started.command(['page', ...args, '--port', '0'], environment);
  await page.printed('stdout', /until Ctrl-C: \S+\n/);
  const address = new URL(/http:\S+/.exec(page.stdout)?.[0] ?? '');
  const told = await ask(address.origin, address);
  page.interrupt();
  expect(await page.finished).toMatchObject({ code: 130, stderr: '' });
  return { told, said: page.stdout.replace(address.href, 'ADDRESS') };
}

async function json<Told>(address: string): Promise<Told> {
  return (await (await fetch(address)).json()) as Told;
}

const listed = (executions: readonly ExecutionSummary[]) => executions.map(({ name, job }) => [name, job]);

describe('worker-chains page, in a stack of several jobs', () => {
  it('shows the runs of all of them, each with its own function, log group and commands', async () => {
    const { told, said } = await paged([], async (origin) => [
      await json<RunView>(`${origin}/api/run?execution=${digest}`),
      await json<RunView>(`${origin}/api/run?execution=${week}`),
    ]);
    expect(said).toBe('quiet-week, weekly-digest of the stack Mails in us-east-1, until Ctrl-C: ADDRESS\n');
    const [ofDigest, ofWeek] = told as [RunView, RunView];
    for (const { executions } of told) {
      expect(listed(executions)).toEqual([
        ['week-1', 'quiet-week'],
        ['digest-1', 'weekly-digest'],
      ]);
    }
    expect(ofDigest.totals).toMatchObject({ done: 19, unprocessed: 1, cost: expect.anything() });
    expect(ofWeek.totals).toMatchObject({ done: 30, unprocessed: 0, cost: expect.anything() });
    expect(ofDigest.leftoversCommand).toMatch(/ leftovers digest-1 --stack Mails --job weekly-digest$/);
    const places = told.map(({ logs }) => logs?.place === 'CloudWatch' && logs.logGroup);
    expect(places).toEqual([expect.stringMatching(/First/), expect.stringMatching(/Second/)]);
  });

  it('opens a run of any of them by its name', async () => {
    const { told } = await paged(['week-1'], async (_, { searchParams }) => searchParams.get('execution'));
    expect(told).toBe(week);
  });

  it('shows one job where it is asked for', async () => {
    const { told, said } = await paged(['--job', 'quiet-week'], async (origin) =>
      json<RunView>(`${origin}/api/run?execution=${week}`),
    );
    expect(said).toBe('quiet-week of the stack Mails in us-east-1, until Ctrl-C: ADDRESS\n');
    expect(listed(told.executions)).toEqual([['week-1', 'quiet-week']]);
  });

  it('operates a run of any of them, with --operate', async () => {
    const { told } = await paged(['--operate'], async (origin) => {
      const { token } = await json<{ readonly token: string }>(`${origin}/api/operations`);
      const headers = { origin, 'content-type': 'application/json', 'x-page-token': token };
      const retried = async (execution: string) => {
        const body = JSON.stringify({ execution });
        const answer = await fetch(`${origin}/api/operations/retry`, { method: 'POST', headers, body });
        return ((await answer.json()) as { readonly message: string }).message;
      };
      return [await retried(week), await retried(digest)];
    });
    expect(told).toEqual([
      'Expected week-1 to have left items unprocessed, got none: there is nothing to retry.',
      'Expected digest-1 to have succeeded, got FAILED: go on with it first, then retry what it leaves.',
    ]);
  });

  it('says whose runs it looked for', async () => {
    expect(await call('page', 'nobody')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Expected a run of one of the jobs quiet-week, weekly-digest of the stack Mails, got nobody: npm run cli -- runs --stack Mails lists them.\n',
    });
  });
});

describe('worker-chains runs, in a stack of several jobs', () => {
  it('lists all of them, newest first, with their jobs', async () => {
    const { stdout } = await call('runs', '--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { job: 'quiet-week', run: 'week-1', done: 30 },
      { job: 'weekly-digest', run: 'digest-1', done: 19, unprocessed: 1 },
    ]);
    const table = await call('runs', '--limit', '1', '--job', 'quiet-week');
    expect(table.stdout).toMatch(/^run +status/);
    expect(table.stdout).toMatch(/\nweek-1 +SUCCEEDED/);
    expect((await call('runs')).stdout).toMatch(/^job +run +status[\s\S]*\nquiet-week +week-1 +SUCCEEDED/);
    expect((await call('runs', '--limit', '2', '--json')).stdout.trim().split('\n')).toHaveLength(2);
  });
});
