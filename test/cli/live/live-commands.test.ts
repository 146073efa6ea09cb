import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { surroundingsOf } from '../../../cli/dev/endpoints';
import type { RunView } from '../../../page/view';
import { Account, deployedTemplate } from '../../local/whole-run';
import { type Answer, called } from '../called';
import { endAll, Started } from '../dev/started';

let account: Account;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  account = await Account.open({ template: await deployedTemplate() });
  await account.subscribe(1, 200, { malformed: [7] });
  environment = surroundingsOf(account.engine);
  await account.run({ job: 'weekly-digest', ids: { first: 1, last: 120 }, chains: 2, rate: 500 }, 'monday');
});
afterAll(async () => {
  endAll();
  await account.close();
});

const call = (...args: string[]): Promise<Answer> => called(args, { environment });
const lines = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('worker-chains watch', () => {
  it('tells how a run came out that has ended, and ends as dev does', async () => {
    const { code, stdout, stderr } = await call('watch', 'monday');
    expect([code, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(/^100 % {2}120\/120 items {2}0 throttled {2}1 unprocessed, 0 in doubt {2}SUCCEEDED\n/);
    expect(stdout).toContain('Execution SUCCEEDED after ');
    expect(stdout).toMatch(/ list them: .* leftovers monday --stack WorkerChains --job weekly-digest\n/);
    expect(stdout).not.toContain('mails received');
  });

  it('follows a run, prints a line of JSON per change, and leaves it alone at Ctrl-C', async () => {
    const arn = await account.start(
      { job: 'weekly-digest', ids: { first: 121, last: 200 }, chains: 2, rate: 6 },
      'tuesday',
    );
    const [person, program] = [
      ['watch', 'tuesday'],
      ['watch', arn, '--json'],
    ].map((args) => Started.command(args, environment));
    await program?.printed('stdout', /"status":"RUNNING"[^\n]*"done":[1-9]/);
    await person?.printed('stdout', /of 6\/s/);
    person?.interrupt();
    const left = await person?.finished;
    expect(left).toMatchObject({ code: 130 });
    expect(left?.stderr).toMatch(
      /^\nThe run goes on\. To look again: .* watch tuesday --stack WorkerChains --job weekly-digest\n$/,
    );
    const { status } = await account.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    expect(status).toBe('RUNNING');

    await account.stop(arn);
    const { code, stdout = '' } = (await program?.finished) ?? {};
    expect(code).toBe(1);
    const said = lines(stdout);
    expect(said[0]).toMatchObject({ at: expect.any(String), status: 'RUNNING', rateLimit: { itemsPerSecond: 6 } });
    expect(said.at(-1)).toMatchObject({ status: 'ABORTED', planned: 80, unprocessed: 0, inDoubt: 0 });
  });

  it.each([
    [['watch'], 'Expected watch to be followed by RUN, got nothing: see npm run cli -- watch --help.'],
    [['watch', 'a', 'b'], "Unexpected argument 'b': see npm run cli -- watch --help."],
    [
      ['watch', 'sunday'],
      'Expected a run of weekly-digest in the stack WorkerChains, got sunday: npm run cli -- runs --stack WorkerChains --job weekly-digest lists them.',
    ],
  ])('refuses in one sentence: %j', async (args, sentence) => {
    expect(await call(...args)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });
});

describe('worker-chains report', () => {
  const directory = mkdtempSync(join(tmpdir(), 'report-'));
  const [html, csv] = [join(directory, 'run.html'), join(directory, 'items.csv')];
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes the page of a run to a file of its own, without task tokens, and every item that is not done', async () => {
    const { code, stdout, stderr } = await call('report', 'monday', '--html', html, '--csv', csv);
    expect([code, stderr, stdout]).toEqual([0, '', `${html}\n${csv}: 1 item\n`]);
    const page = readFileSync(html, 'utf8');
    expect(/(src|href)="[/h]/.test(page)).toBe(false);
    expect(/taskToken[\\":]+(.)/.exec(page)?.[1]).toBe('…');
    expect(/taskToken[\\":]+\w/.test(page)).toBe(false);
    const [head, item, ...others] = readFileSync(csv, 'utf8').split('\r\n');
    expect(head).toBe('id,outcome,code,message,chain,link,at');
    expect(item).toMatch(/^7,unprocessed,InvalidEmail,.*,0,0,20\d\d-.*Z$/);
    expect(others).toEqual(['']);
    expect(readdirSync(directory).sort()).toEqual(['items.csv', 'run.html']);
  });

  it('is text where no file is asked for', async () => {
    const { code, stdout } = await call('report', 'monday');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\n {2}done {14}119\n/)]);
  });

  it('is one object of JSON where that is asked for, files or not', async () => {
    const { code, stdout, stderr } = await call('report', 'monday', '--csv', csv, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const [told, ...others] = lines(stdout);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ status: 'SUCCEEDED', planned: 120, done: 119, unprocessed: 1, chains: 2 });
    expect(readFileSync(csv, 'utf8')).toMatch(/^7,unprocessed/m);
  });

  it('says in one sentence that it cannot write', async () => {
    const file = join(directory, 'nowhere', 'run.html');
    expect(await call('report', 'monday', '--html', file)).toEqual({
      code: 1,
      stdout: '',
      stderr: `Expected to write ${file}, got ENOENT: name a file in a directory that is there.\n`,
    });
  });
});

describe('worker-chains page', () => {
  it('shows what is deployed until Ctrl-C, and refuses to do anything', async () => {
    const page = Started.command(['page', 'monday', '--port', '0'], environment);
    await page.printed('stdout', /until Ctrl-C: \S+\n/);
    const [address = ''] = /http:\S+/.exec(page.stdout) ?? [];
    expect(page.stdout).toMatch(/^weekly-digest of the stack WorkerChains in us-east-1, until Ctrl-C: /);
    const { search, origin } = new URL(address);
    const run = (await (await fetch(`${origin}/api/run${search}`)).json()) as RunView;
    expect(run.execution).toMatchObject({ name: 'monday', status: 'SUCCEEDED' });
    expect(run.totals).toMatchObject({ done: 119, unprocessed: 1 });
    const act = await fetch(`${origin}/api/operations/stop`, { method: 'POST' });
    expect([act.status, await act.json()]).toEqual([
      403,
      { message: 'This page only looks: stop, redrive and the like are commands of worker-chains.' },
    ]);
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);
    page.interrupt();
    expect(await page.finished).toMatchObject({ code: 130, stderr: '' });
  });

  it('changes the rate, stops, redrives, resumes and retries with --operate', async () => {
    const page = Started.command(['page', '--operate', '--port', '0'], environment);
    await page.printed('stdout', /until Ctrl-C: \S+\n/);
    const { origin } = new URL(/http:\S+/.exec(page.stdout)?.[0] ?? '');
    const { token } = (await (await fetch(`${origin}/api/operations`)).json()) as { readonly token: string };
    const headers = { origin, 'content-type': 'application/json', 'x-page-token': token };
    const operate = async (name: string, body: object) => {
      const url = `${origin}/api/operations/${name}`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return `${answer.status} ${((await answer.json()) as { readonly message: string }).message}`;
    };
    const input = { job: 'weekly-digest', ids: { first: 121, last: 140 }, chains: 1, rate: 2, chunkItems: 2 };
    const execution = await account.start(input, 'wednesday');
    await account.until(
      'the run is planned',
      async () => (await account.ledger.readRun('wednesday'))?.status === 'running',
    );
    expect(await operate('rate', { execution, rate: 0 })).toBe('200 wednesday is paused: any other rate goes on.');
    expect((await account.ledger.readRun('wednesday'))?.rate).toBe(0);
    expect(await operate('rate', { execution, rate: 0.00001 })).toMatch(/^409 Expected a run to end within /);
    expect(await operate('redrive', { execution })).toBe(
      '409 Expected wednesday to be ended without success, got RUNNING: there is nothing to go on with.',
    );
    expect(await operate('stop', { execution })).toMatch(/^200 wednesday is stopped: .* within 5 s\.$/);
    await account.ended(execution);
    expect(await operate('redrive', { execution })).toBe(
      '200 wednesday is redriven, and paused as it was: another rate goes on.',
    );
    expect(await operate('stop', { execution })).toMatch(/^200 /);
    await account.ended(execution);
    expect(await operate('resume', { execution })).toBe('200 wednesday-resume-1 takes up wednesday.');
    const resumed = async () => (await account.ledger.readRun('wednesday'))?.status === 'reconciled';
    await account.until('the resumed run is through', resumed);
    expect(await operate('retry', { execution })).toMatch(/^409 Expected wednesday to have succeeded, got ABORTED: /);
    const monday = execution.replace('wednesday', 'monday');
    // Asked for twice before the first has made its claim, it is one execution.
    const retries = await Promise.all([
      operate('retry', { execution: monday }),
      operate('retry', { execution: monday }),
    ]);
    const answer = '200 monday-retry-1 takes up the item that monday left unprocessed.';
    expect(retries).toEqual([answer, answer]);
    // It claims them when it is planned.
    await account.until(
      'the retry is planned',
      async () => (await account.ledger.readRun('monday-retry-1')) !== undefined,
    );
    expect(await operate('retry', { execution: monday })).toMatch(
      /^409 Expected items of monday that no run has taken up yet, got ones that monday-retry-1 has: /,
    );
    expect(await operate('stop', { execution: execution.replace('wednesday', 'nobody') })).toMatch(/^500|^404|^502/);
    page.interrupt();
    expect(await page.finished).toMatchObject({ code: 130, stderr: '' });
  });

  it.each([
    [['page', '--port', '1.5'], 'Expected --port to be a whole number from 0 to 65535, got 1.5.'],
    [['page', '--port', 'x'], 'Expected --port to be a whole number from 0 to 65535, got x.'],
    [
      ['page', '--stack', 'Other'],
      'Expected --stack to be one of the stacks WorkerChains in us-east-1, got Other: for example --stack WorkerChains.',
    ],
  ])('refuses in one sentence: %j', async (args, sentence) => {
    expect(await call(...args)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it('says that its port is taken', async () => {
    const port = new URL(environment.AWS_ENDPOINT_URL as string).port;
    expect(await call('page', '--port', port)).toMatchObject({
      code: 2,
      stderr: `Expected --port to be free, got ${port}, which is taken: choose another, or 0 for any.\n`,
    });
  });
});
