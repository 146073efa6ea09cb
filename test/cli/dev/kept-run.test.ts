import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DevReport } from '../../../cli/dev/run-report';
import packageJson from '../../../package.json';
import { assemblyVariables } from './started';

const PROJECT = resolve(__dirname, '../../..');
/** What `npm start` calls: node's arguments, up to the options. */
const [, ...START] = packageJson.scripts.start.split(' ');
const ITEMS = 600;
const CHAINS = 4;

let directory: string;

let assembly: Readonly<Record<string, string>>;

beforeAll(async () => {
  assembly = await assemblyVariables();
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-kept-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function npmStart(...options: string[]): ChildProcess {
  const args = [...START, '--keep', directory, '--port', '0', '--json', ...options];
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  return spawn(process.execPath, args, {
    cwd: PROJECT,
    env: { ...environment, ...assembly },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

/** Kills the process without a word once it reports a share of the work as done. */
function killInTheMiddle(child: ChildProcess): void {
  child.stderr?.on('data', (text: Buffer) => {
    const percent = /(\d+) % /.exec(text.toString())?.[1];
    if (percent !== undefined && Number(percent) > 0 && Number(percent) < 100) child.kill('SIGKILL');
  });
}

function mailsByRecipient(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of readFileSync(join(directory, 'inbox.ndjson'), 'utf8').trim().split('\n')) {
    for (const to of (JSON.parse(line) as { destinations: string[] }).destinations) {
      counts.set(to, (counts.get(to) ?? 0) + 1);
    }
  }
  return counts;
}

test('a run whose process is killed goes on from the ledger on disk, and nobody gets two mails', async () => {
  const killed = npmStart('--items', String(ITEMS), '--chains', String(CHAINS), '--rate', '60');
  killInTheMiddle(killed);
  expect((await ended(killed)).code).toBeNull();

  const { code, stdout } = await ended(npmStart('--resume'));
  const report = JSON.parse(stdout.trim().split('\n').at(-1) as string) as DevReport;

  // The digest tolerates 1 %: with more than that in doubt the run is complete, and does not look like a success. With
  // less it is one, and a script can tell that somebody was left over.
  const isTolerated = report.inDoubt <= ITEMS / 100;
  const succeeded = [report.inDoubt > 0 ? 3 : 0, 'SUCCEEDED'];
  expect([code, report.status]).toEqual(isTolerated ? succeeded : [1, 'FAILED']);
  if (!isTolerated) expect(report).toMatchObject({ error: 'Chain.TooManyFailures' });
  expect(report.planned).toBe(ITEMS);
  expect(report.done + report.skipped + report.unprocessed + report.inDoubt).toBe(ITEMS);
  // At 15 a second and 50 ms a chain has one mail under way, on a busy machine two.
  expect(report.inDoubt).toBeLessThanOrEqual(CHAINS * (2 * 2 + 2));
  const mails = mailsByRecipient();
  expect(Math.max(...mails.values())).toBe(1);
  expect(mails.size).toBe(report.mailsReceived);
  expect(mails.size).toBeGreaterThanOrEqual(report.done);
});

test('an unfinished run is neither overwritten nor started anew', async () => {
  const killed = npmStart('--items', String(ITEMS), '--chains', String(CHAINS), '--rate', '60');
  killInTheMiddle(killed);
  await ended(killed);

  const { code, stderr } = await ended(npmStart('--items', '10'));

  expect(code).toBe(2);
  expect(stderr).toContain('--resume');
});

test('a directory without a run cannot be resumed', async () => {
  const { code, stderr } = await ended(npmStart('--resume'));

  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a directory whose tables an earlier version kept is refused with one sentence, and left as it is', async () => {
  mkdirSync(join(directory, 'dynamodb'));

  const { code, stderr } = await ended(npmStart('--items', '10'));

  expect(code).toBe(2);
  expect(stderr.trim()).toBe(
    `Expected ${directory} to keep its tables in tables.log, got the directory dynamodb of an earlier version, which kept them in LevelDB: finish its run with that version, or name another directory.`,
  );
  expect(readdirSync(directory)).toEqual(['dynamodb']);
});
