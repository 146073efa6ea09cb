import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { STACK_VARIABLE } from '../../cli/deployment/find-deployment';
import { surroundingsOf } from '../../cli/dev/endpoints';
import { runsChains } from '../../cli/dev/jobs';
import { readTemplate } from '../../local/template/local-template';
import { aRun } from '../functions/chain/fixture';
import { progressOf } from '../functions/ledger/ledger-world';
import { outputIn, twoConstructs } from '../local/several-jobs';
import { Account } from '../local/whole-run';
import type { Answer } from './called';
import { endAll, PROJECT, Started } from './dev/started';
import { heard } from './in-process';

/** What is recommended in a stack of two jobs does what it says wherever it is pasted, whatever the run is called. */
const directory = mkdtempSync(join(tmpdir(), 'pasted-commands-'));
const before = { ...process.env };
let assembly: string;
let account: Account;

beforeAll(async () => {
  assembly = outputIn(directory, twoConstructs, { bundled: true });
  account = await Account.open({ template: readTemplate(assembly, { runs: runsChains }), maxSendRate: 500 });
  await account.subscribe(1, 200, { malformed: [7] });
  Object.assign(process.env, surroundingsOf(account.engine));
  delete process.env[STACK_VARIABLE];
});
afterAll(async () => {
  process.env = before;
  endAll();
  await account.close();
  rmSync(directory, { recursive: true, force: true });
});

const PROGRAM = /npx worker-chains|npm run cli --/;
/** A command ends where its sentence goes on. */
const COMMAND = new RegExp(
  `(?:AWS_\\w+=\\S+ )*(?:${PROGRAM.source}) \\S.*?(?= goes on| takes up| tells| lists| follows|: they may|\\.?$)`,
  'gm',
);

/** Calls the command in this process, and answers what it recommends. */
async function advice(...args: string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await heard(args);
  const commands = (stdout + stderr).match(COMMAND) ?? [];
  // Bad advice is bad in a refusal, too; but a test that is refused itself shows nothing.
  if (commands.length === 0) throw new Error(`${args.join(' ')} recommends nothing, ${code}: ${stdout}${stderr}`);
  return commands;
}

/** What a shell makes of a pasted command: it is asked, because how it reads quotes and brackets is what is tried here. */
const TELL = 'process.stdout.write(JSON.stringify({ args: process.argv.slice(1), variables: process.env }))';

/** Does what somebody does who pastes a command into a shell; the command itself is called in this process. */
async function pasted(command: string): Promise<Answer> {
  const tells = `"$NODE" -e '${TELL}' --`;
  const env = { ...process.env, NODE: process.execPath };
  const { stdout } = await promisify(execFile)('sh', ['-c', command.replace(PROGRAM, tells)], { env });
  const { args, variables } = JSON.parse(stdout) as { readonly args: string[]; readonly variables: object };
  const own = process.env;
  process.env = { ...variables };
  try {
    return await heard(args);
  } finally {
    process.env = own;
  }
}

/** The same in a process of its own. */
function pastedElsewhere(command: string, environment: Readonly<Record<string, string>>): Promise<Answer> {
  const env = { ...process.env, ...environment, NODE: process.execPath };
  const program = command.replace(PROGRAM, '"$NODE" --import tsx cli/main.ts');
  return new Promise((done) => {
    execFile('sh', ['-c', program], { cwd: PROJECT, env }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const named = (command: string, among: readonly string[]) => {
  const found = among.find((one) => new RegExp(` ${command}\\b`).test(one));
  if (found === undefined) throw new Error(`Expected ${command} among\n${among.join('\n')}`);
  return found;
};

/** Pastes it, and answers what it recommends in turn. */
async function follow(command: string, codes: readonly number[] = [0]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await pasted(command);
  if (!codes.includes(code)) throw new Error(`${command}\nended with ${code}: ${stdout}${stderr}`);
  return (stdout + stderr).match(COMMAND) ?? [];
}

const DIGEST = ['--job', 'weekly-digest'] as const;

it.each(['-x', "it's", 'a(b)'])(
  'goes on by pasted commands from the start of a run called %s to the end',
  async (run) => {
    const arn = async () => (await account.ledger.readRun(run))?.executionArn as string;
    const input = JSON.stringify({ linkSeconds: 60 });
    await account.subscribe(7, 7, { malformed: [7] });
    const started = await advice(
      ...['start', ...DIGEST, '--items', '1-200', '--chains', '2', '--rate', '2.5', '--input', input, `--name=${run}`],
    );
    const paused = await advice('pause', ...DIGEST, '--', run);
    expect(named('tune', paused)).toContain(' --rate 2.5 ');
    const shown = await advice('show', ...DIGEST, '--', run);
    await follow(named('tune', shown));
    await advice('pause', ...DIGEST, '--', run);
    const stopped = await follow(named('stop', paused));
    expect(named('resume', await advice('show', ...DIGEST, '--', run))).toBe(
      named('resume', stopped).replace('npm run cli --', 'npx worker-chains'),
    );
    expect(await advice('retry', ...DIGEST, '--', run)).toHaveLength(1);
    await advice('tune', ...DIGEST, '--rate', '100', '--', run);
    // Paused when it was stopped: a new execution takes it up, at the usual rate.
    await follow(named('resume', stopped));
    await account.ended(await arn());

    const left = await follow(named('watch', started), [3]);
    await follow(named('leftovers', left));
    await follow(named('leftovers', await advice('report', ...DIGEST, '--', run)));
    const refused = await advice('resume', ...DIGEST, '--', run);
    expect(refused).toEqual([expect.stringMatching(/ retry /)]);
    await account.subscribe(7, 7);
    const retried = await follow(named('retry', await advice('show', ...DIGEST, '--', run)));
    await follow(named('watch', retried));
    // Taken up once: from now on it is the other run that one looks at.
    for (const command of ['show', 'resume', 'retry']) {
      const then = await advice(command, ...DIGEST, '--', run);
      expect(then.filter((one) => / retry /.test(one))).toEqual([]);
      if (command === 'retry') await follow(named('show', then));
    }
  },
);

it('takes up what is in doubt by the command that says so', async () => {
  const { ledger } = account;
  const run = await ledger.createRun(aRun({ runId: 'doubtful', job: 'weekly-digest' }));
  await ledger.createChains(run);
  const { chain } = await ledger.claimLink({ runId: 'doubtful', chainId: 0, epoch: 0, link: 0, owner: 'owner' });
  await ledger.settle(chain, { ...progressOf(chain), counts: { ...chain, inDoubt: 3 } }, 'interrupted');
  await ledger.setRunStatus('doubtful', 'running');
  await ledger.setRunStatus('doubtful', 'reconciled', { finishedAt: Date.now() });
  const shown = await advice('show', ...DIGEST, 'doubtful');
  expect(shown.filter((one) => / retry (?!.*--in-doubt)/.test(one))).toEqual([]);
  expect(named('retry', await advice('retry', ...DIGEST, 'doubtful'))).toMatch(/ retry doubtful --in-doubt /);
  // None of the three is listed in this ledger: it is a run of nothing.
  await follow(named('retry', shown), [0, 1]);
});

it.each([
  ['show', 'nobody', ...DIGEST],
  ['page', 'nobody'],
])('lists what there is where somebody is told so: %s %s', async (...args) => {
  await follow(named('runs', await advice(...args)));
});

it('goes on with a run of dev, in an app of two jobs', async () => {
  const start = new Started(['weekly-digest', '--serve', '--port', '0', '--rate', '2'], { CDK_APP: assembly });
  await start.printed('stdout', /\d+\/20 items/);
  start.interrupt();
  await start.printed('stdout', /Serving until/);
  const [command = ''] = start.stdout.match(COMMAND)?.filter((one) => / resume /.test(one)) ?? [];
  expect(command).toMatch(/ npm run cli -- resume \S+ --stack Mails --job weekly-digest$/);
  const { code, stderr } = await pastedElsewhere(command, { AWS_ENDPOINT_URL: '' });
  expect([code, stderr]).toEqual([0, '']);
  start.interrupt();
  await start.finished;
});
