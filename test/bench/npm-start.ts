import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BUILD_CACHE } from '../../cdk/package-files';
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
  /** From the call of `npm start` until SES has accepted the first mail, synthesis and its build included: median. */
  readonly seconds: number;
  /** The same where nothing has changed since the last time, so that the build of then is taken. */
  readonly againSeconds: number;
  readonly repetitions: number;
}

export async function firstMail(repetitions: number): Promise<FirstMail> {
  const cache = mkdtempSync(join(tmpdir(), 'worker-chains-builds-'));
  try {
    const anew: number[] = [];
    const again: number[] = [];
    await secondsToFirstMail(cache);
    for (let repetition = 0; repetition < repetitions; repetition++) {
      anew.push(await secondsToFirstMail(''));
      again.push(await secondsToFirstMail(cache));
    }
    return { seconds: median(anew), againSeconds: median(again), repetitions };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** @param cache where builds are kept; '' for nowhere */
async function secondsToFirstMail(cache: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'worker-chains-first-'));
  try {
    const startedAt = Date.now();
    // As many items and chains as without options: the run goes on, and only its beginning counts.
    await cpuOfStart(['--keep', directory], { [BUILD_CACHE]: cache });
    const [first = ''] = readFileSync(join(directory, 'inbox.ndjson'), 'utf8').split('\n', 1);
    return ((JSON.parse(first) as { readonly sentAt: number }).sentAt - startedAt) / 1000;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
