import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../package.json';
import { median } from './statistics';

const PROJECT = resolve(__dirname, '../..');
/** Prints the CPU of its process, without that of the synthesis, at its end. */
const TOLD = `data:text/javascript,process.once('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('\\ncpu '+(user+system))})`;
const [, ...START] = packageJson.scripts.start.split(' ');
const run = promisify(execFile);

/** `npm start` without npm, to its end. Answers the CPU of its process in microseconds. */
export async function cpuOfStart(
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  // Another part of the bench points this process at services of its own.
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  const { stderr } = await run(process.execPath, ['--import', TOLD, ...START, '--port', '0', '--json', ...options], {
    cwd: PROJECT,
    env: { ...own, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return Number(/\ncpu (\d+)$/.exec(stderr)?.[1]);
}

/** How long a newcomer waits. */
export interface FirstMail {
  /** From the call of `npm start` until SES has accepted the first mail, synthesis included: median. */
  readonly seconds: number;
  readonly repetitions: number;
}

export async function firstMail(repetitions: number): Promise<FirstMail> {
  const seconds: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) seconds.push(await secondsToFirstMail());
  return { seconds: median(seconds), repetitions };
}

async function secondsToFirstMail(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'worker-chains-first-'));
  try {
    const startedAt = Date.now();
    // As many items and chains as without options: the run goes on, and only its beginning counts.
    await cpuOfStart(['--keep', directory]);
    const [first = ''] = readFileSync(join(directory, 'inbox.ndjson'), 'utf8').split('\n', 1);
    return ((JSON.parse(first) as { readonly sentAt: number }).sentAt - startedAt) / 1000;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
