import { STACK_VARIABLE } from '../../../cli/deployment/find-deployment';
import { surroundingsOf } from '../../../cli/dev/endpoints';
import { itemTag } from '../../../functions/email/trace-tags';
import { aRun } from '../../functions/chain/fixture';
import { progressOf } from '../../functions/ledger/ledger-world';
import { Account, deployedTemplate } from '../../local/whole-run';
import type { Answer } from '../called';
import { heard } from '../in-process';

let account: Account;
const before = { ...process.env };

beforeAll(async () => {
  account = await Account.open({ template: await deployedTemplate(), maxSendRate: 200 });
  await account.subscribe(1, 300, { malformed: [7, 290] });
  Object.assign(process.env, surroundingsOf(account.engine));
  delete process.env[STACK_VARIABLE];
});
afterAll(async () => {
  process.env = before;
  await account.close();
});

const call = (line: string): Promise<Answer> => heard(line.split(' '));

/** What the command prints, where it does what it is told. */
async function done(line: string): Promise<string> {
  const { code, stdout, stderr } = await call(line);
  expect([line, code, stderr]).toEqual([line, 0, '']);
  return stdout;
}

const json = async (line: string) => JSON.parse((await done(`${line} --json`)).split('\n')[0] as string);
const arnOf = async (run: string) => (await account.ledger.readRun(run))?.executionArn as string;

it('operates a run by command from its start to the retry of what it left, and everybody got one mail', async () => {
  expect(await done('start --items 1-300 --chains 2 --rate 40 --name monday')).toMatch(
    /^Started monday\.\n.* watch monday/,
  );
  expect(await call('retry monday')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/got one that is RUNNING/),
  });
  // Step Functions answers the same name and input as if it had started something.
  expect(await call('start --items 1-300 --chains 2 --rate 40 --name monday')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/, got monday, an execution that is RUNNING: choose another\.\n$/),
  });

  expect(await done('pause monday')).toMatch(
    /^monday is paused: npx worker-chains tune monday --rate 40 --stack WorkerChains --job weekly-digest goes on\.\nIts 2 chains wait in Lambda/,
  );
  expect(await call('resume monday')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/got one that is paused/),
  });
  const paused = await json('show monday');
  expect(paused).toMatchObject({ status: 'RUNNING', rate: 0, items: 300, inDoubt: 0 });

  // The provider's rate stands over that of each run: to tune the run would do nothing.
  await done('tune --provider ses --rate 0');
  await done('tune monday --rate 20');
  const goesOn = 'npx worker-chains tune --provider ses --rate default --stack WorkerChains --job weekly-digest';
  expect(await done('show monday')).toContain(`It is paused: ${goesOn} goes on, with all runs at ses.`);
  expect(await done('runs')).toMatch(/^monday +RUNNING .* paused with all runs at ses$/m);
  await done('tune --provider ses --rate default');
  await done('pause monday');
  expect(await done('runs')).toMatch(/^monday +RUNNING .* paused$/m);

  expect(await done('tune monday --rate 20')).toMatch(
    /^monday: 20\/s instead of 0\/s; \d+ items are left, about \d+ s\.\n$/,
  );
  await account.until('the run goes on', async () => (await json('show monday')).done > paused.done);
  expect(await call('item monday 299')).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^299: not begun: its chain \S.*\n {2}chain 1\n$/),
  });

  expect(await done('stop monday')).toMatch(
    /^monday is ABORTED\. .* npx worker-chains resume monday --stack \S+ --job \S+ goes on\.\n$/,
  );
  expect(await call('stop monday')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^Expected monday to be running, got one that is ABORTED since \S+Z: there is nothing to stop\.\n$/,
    ),
  });
  expect(await call('pause monday')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/got one that is ABORTED/),
  });

  // It may leave more behind: nothing is started that would be refused.
  const executions = (await done('runs --json')).split('\n').length;
  expect(await call('retry monday')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/got one that is ABORTED before that: npx worker-chains resume monday /),
  });
  expect((await done('runs --json')).split('\n')).toHaveLength(executions);
  expect(await done('show monday')).toMatch(/^It is not finished: npx worker-chains resume monday .* goes on\.$/m);

  // A redrive keeps the rate; with another one it is a new execution.
  expect(await done('resume monday')).toMatch(
    /Redriven monday: it goes on from the ledger, with its history and at 20 items\/s\.\n$/,
  );
  await done('stop monday');
  expect(await json('resume monday')).toEqual({
    ...{ runId: 'monday', execution: 'monday', executionArn: await arnOf('monday'), by: 'redrive' },
  });
  await done('stop monday');
  const resumed = await json('resume monday --rate 150.5');
  expect(resumed).toMatchObject({
    ...{ runId: 'monday', execution: 'monday-resume-1', by: 'execution', isPlanned: true },
    why: expect.stringMatching(/^a new execution takes up monday, because another rate/),
  });
  await account.ended(resumed.executionArn);

  // Named by either execution, it is the same run.
  for (const name of ['monday', resumed.execution, resumed.executionArn]) {
    expect(await json(`show ${name}`)).toMatchObject({
      ...{ runId: 'monday', status: 'SUCCEEDED', done: 298, unprocessed: 2, inDoubt: 0, left: 0 },
    });
  }
  for (const line of [
    'stop monday',
    'pause monday',
    'tune monday --rate 5',
    'resume monday',
    'retry monday --in-doubt',
  ]) {
    const { code, stdout, stderr } = await call(line);
    expect([line, code, stdout]).toEqual([line, 1, '']);
    expect(stderr).toMatch(/^Expected [^\n]*\.\n$/);
  }
  expect((await call('item monday 7')).stdout).toMatch(/^7: unprocessed: InvalidEmail: .*\n {2}chain 0, link \d+, 20/);
  expect(await call('item monday 8')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^8: done or skipped; the/),
  });
  expect(await call('item monday 301')).toMatchObject({ code: 3, stdout: '301: no item of monday\n' });

  await account.subscribe(1, 300);
  const retried = await json('retry monday');
  expect(retried.why).toBe('it takes up 2 items that monday left unprocessed');
  await account.ended(retried.executionArn);
  expect(await call('retry monday')).toMatchObject({
    code: 1,
    stderr: `Expected items that monday left unprocessed and no run has taken up yet, got 2 items that ${retried.run} has: npx worker-chains show ${retried.run} --stack WorkerChains --job weekly-digest tells what became of them.\n`,
  });

  const runs = (await done('runs --json'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(runs.map(({ run }) => run)).toEqual([retried.run, resumed.execution, 'monday']);
  expect(runs).toMatchObject([
    { status: 'SUCCEEDED', items: 2, done: 2 },
    { status: 'SUCCEEDED', items: 300, done: 298, unprocessed: 2, note: 'resumes monday' },
    { status: 'ABORTED', note: `taken up by ${resumed.execution}` },
  ]);
  const compared = await done(`compare monday ${retried.run}`);
  expect(compared).toMatch(/^items +300 +2 +-99 %$/m);
  expect(compared).toMatch(/^\$ \(estimated\) +0\.\d+ +0\.\d+/m);
  expect([...account.mails(1, 300).values()].filter((mails) => mails !== 1)).toEqual([]);
  expect(account.mails(1, 300).size).toBe(300);
  expect(await arnOf('monday')).toBe(resumed.executionArn);
});

it('says of an item what is recorded of it: kept for an audit, accepted by SES, bounced, in doubt, proven since', async () => {
  const { ledger } = account;
  const at = Date.parse('2026-11-23T09:00:00Z');
  const place = { runId: 'monday', chainId: 0, chunk: 1, link: 2, at, expiresAt: at };
  const audit = { ...place, outcome: 'done', messageIds: ['mail-10'] } as const;
  await ledger.auditItem({ ...audit, index: 0, id: 10 });
  await ledger.auditItem({ ...audit, index: 1, id: 11, outcome: 'skipped', reason: 'unsubscribed', messageIds: [] });
  const event = { ...place, kind: 'bounced', detail: 'no such mailbox' } as const;
  await ledger.feedback.note({ ...event, index: 0, id: 10, itemTag: itemTag(10), messageId: 'mail-10' });
  await ledger.feedback.note({
    ...event,
    kind: 'accepted',
    index: 2,
    id: 12,
    itemTag: itemTag(12),
    messageId: 'mail-12',
  });
  const doubt = {
    ...place,
    outcome: 'in-doubt',
    code: 'Chain.Crashed',
    message: 'Link 2 died.',
    mailProves: true,
  } as const;
  await ledger.recordItem({ ...doubt, index: 3, id: 13 });
  await ledger.recordItem({ ...doubt, index: 4, id: '14' });
  await ledger.settleInDoubt({ ...event, kind: 'accepted', index: 4, itemTag: itemTag('14'), messageId: 'mail-14' });

  const where = '\n  chain 0, link 2, 2026-11-23T09:00:00Z\n';
  const said = async (id: string) => {
    const { code, stdout } = await heard(['item', 'monday', id]);
    return [code, stdout];
  };
  expect(await said('10')).toEqual([
    0,
    expect.stringMatching(
      /^10: done\n.*\n {2}message id mail-10\nevent +at +message id +detail\nbounced +\S+ +mail-10 +no such mailbox\n$/,
    ),
  ]);
  expect(await said('11')).toEqual([3, `11: skipped: unsubscribed${where}`]);
  expect(await said('12')).toEqual([
    0,
    expect.stringMatching(/^12: its mail was accepted by SES\n.*\n {2}message id mail-12\n/),
  ]);
  expect(await said('13')).toEqual([
    3,
    `13: in doubt, it may or may not have happened: Chain.Crashed: Link 2 died.${where}`,
  ]);
  expect(await said('"14"')).toEqual([
    0,
    `"14": done: it was in doubt until a Send event proved it${where}  message id mail-14\n`,
  ]);
  // Nothing is known of a number 14.
  expect((await said('14'))[1]).toMatch(/^"14": done: /);
  expect((await said('13'))[1]).toMatch(/^13: in doubt/);
  const odd = ['x"y', 'a\\b', 'line\nbreak', '007', '"quoted"', '9007199254740993', ' ', '-0', '1e3'];
  for (const [index, id] of odd.entries()) await ledger.recordItem({ ...doubt, index: 10 + index, id });
  for (const id of odd) {
    expect(await said(JSON.stringify(id))).toEqual([3, expect.stringContaining(`${JSON.stringify(id)}: in doubt`)]);
  }
  for (const id of odd.filter((one) => !/^"/.test(one))) {
    expect((await said(id))[1]).toContain(`${JSON.stringify(id)}: in doubt`);
  }
  expect(await json('item monday 12')).toMatchObject({
    id: 12,
    outcome: 'done',
    events: [{ kind: 'accepted', messageId: 'mail-12' }],
  });
});

it('lists page by page, each from where the one before has ended, and refuses another place', async () => {
  const ids = async (line: string) => {
    const found: unknown[] = [];
    let after = '';
    for (let page = 0; page < 20; page += 1) {
      const lines = (await done(`${line} --limit 2 --json${after}`)).trimEnd().split('\n').filter(Boolean);
      const read = lines.map((one) => JSON.parse(one));
      found.push(...read.filter(({ next }) => next === undefined).map(({ id }) => id));
      const { next } = read.find((one) => one.next !== undefined) ?? {};
      if (next === undefined) return found;
      after = ` --after ${next}`;
    }
    throw new Error(`There is no end of ${line}.`);
  };
  for (const list of ['leftovers monday', 'feedback monday']) {
    const all = (await done(`${list} --json`)).trimEnd().split('\n');
    expect(await ids(list)).toEqual(all.map((one) => JSON.parse(one).id));
    expect(all.length).toBeGreaterThan(1);
  }
  for (const line of [
    'leftovers monday --after garbage',
    'feedback monday --after garbage',
    'feedback monday --after 0000#000000001#000',
  ]) {
    expect(await call(line)).toMatchObject({
      code: 2,
      stderr: `Expected --after to be where a page has ended, as its last line says, got ${line.split(' ').at(-1)}.\n`,
    });
  }
});

it('plans a run by asking the chain function that the stack has deployed', async () => {
  const input = JSON.stringify({ ids: { first: 101, last: 200 }, chains: 2, rate: 100 });
  const { code, stdout, stderr } = await heard(['plan', '--stack', 'WorkerChains', '--input', input, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ outline: { plan: { items: 100 } }, look: { counts: { done: 100 } } });
});

it('does not take up items in doubt unless it is told so', async () => {
  const { ledger } = account;
  const run = await ledger.createRun(aRun({ runId: 'doubtful', job: 'weekly-digest' }));
  await ledger.createChains(run);
  const { chain } = await ledger.claimLink({ runId: 'doubtful', chainId: 0, epoch: 0, link: 0, owner: 'owner' });
  await ledger.settle(chain, { ...progressOf(chain), counts: { ...chain, inDoubt: 3 } }, 'interrupted');
  await ledger.setRunStatus('doubtful', 'running');
  await ledger.setRunStatus('doubtful', 'reconciled', { finishedAt: Date.now() });
  expect(await heard(['retry', 'doubtful'])).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'Expected doubtful to have left items unprocessed, got none: npx worker-chains retry doubtful --in-doubt --stack WorkerChains --job weekly-digest takes up the 3 items that it left in doubt, after a look at them with npx worker-chains leftovers doubtful --stack WorkerChains --job weekly-digest: they may have been processed once.\n',
  });
});

it('waits for a chain that is held before it goes on', async () => {
  const { ledger } = account;
  const run = await ledger.createRun(
    aRun({ runId: 'held', job: 'weekly-digest', heartbeatSeconds: 5, createdAt: Date.now() }),
  );
  await ledger.createChains(run);
  await ledger.setRunStatus('held', 'running');
  const { chain } = await ledger.claimLink({ runId: 'held', chainId: 0, epoch: 0, link: 0, owner: 'owner' });
  const { code, stdout, stderr } = await heard(['resume', 'held'], (text) => {
    if (text.startsWith('Waiting')) void ledger.settle(chain, progressOf(chain), 'interrupted');
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^Waiting for 1 chain to settle and let go …\nStarted \S+: a new execution takes up held, because Step Functions has forgotten its execution\.\n/,
  );
  await account.ended(await arnOf('held'));
});

it.each([
  ['nothing', null],
  ['a-list', [1]],
])('says of an execution that was started with %s that it has no run', async (name, input) => {
  await account.ended(await account.start(input as never, name));
  const refused = {
    code: 2,
    stderr: expect.stringMatching(/the execution \S+, which is FAILED with Run\.InvalidInput and/),
  };
  expect(await call(`show ${name}`)).toMatchObject(refused);
  expect(await json('runs')).toMatchObject({
    run: name,
    status: 'FAILED',
    note: expect.stringMatching(/^Run\.InvalidInput: Exp/),
  });
});

it.each([
  ['start --items 5', 'Expected --items to be the first and the last id, got 5: for example --items 1-5000.'],
  ['start --input 1', `Expected --input to be an object in JSON, got 1: for example --input '{"rate": 100}'.`],
  [
    'start --name monday --items 1-2',
    'Expected --name to be one that no execution has had, got monday, an execution that is ABORTED: choose another.',
  ],
  ['runs --limit 0', 'Expected --limit to be a whole number from 1 to 100, got 0.'],
  ['compare monday', 'Expected compare to be followed by RUN2, got nothing: see npx worker-chains compare --help.'],
  [
    'stop nobody',
    'Expected a run of weekly-digest in the stack WorkerChains, got nobody: npx worker-chains runs --stack WorkerChains --job weekly-digest lists them.',
  ],
  [
    'show arn:aws:states:us-east-1:123456789012:execution:Other:monday',
    /^Expected an execution of WorkerChains-\S+, got arn:\S+: name its stack/,
  ],
])('refuses in one sentence: %s', async (line, sentence) => {
  const { code, stdout, stderr } = await call(line);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.trimEnd()).toMatch(sentence);
  expect(stderr).toMatch(/^[^\n]+\n$/);
});
