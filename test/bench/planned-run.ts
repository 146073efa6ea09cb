import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { DevReport } from '../../cli/dev/run-report';

const PROJECT = resolve(__dirname, '../..');
const SEED = ['--seed', 'examples/weekly-digest/seed.ts'];
/** Items left unprocessed or in doubt are an exit code of their own, and no failure here. */
const LEFTOVERS = 3;
const run = promisify(execFile);

/** What `worker-chains plan` says of a run, beside what `worker-chains dev` then took for it, in real time. */
export interface PlannedRunCell {
  readonly items: number;
  /** Items a second that the run may do. */
  readonly rate: number;
  readonly forecastSeconds: number;
  /** Of the execution. */
  readonly runSeconds: number;
  readonly forecastOverRun: number;
}

/** @param accountRate mails a second of the account, of which a run may use four fifths */
export async function plannedRun(items: number, accountRate: number): Promise<PlannedRunCell> {
  const options = [...SEED, '--items', String(items), '--rate', String(accountRate), '--json'];
  const { outline, forecast } = (await answer(['plan', ...options])) as {
    readonly outline: { readonly rate: number };
    readonly forecast: { readonly seconds: number };
  };
  const { elapsedSeconds } = (await answer(['dev', '--port', '0', ...options])) as DevReport;
  return {
    ...{ items, rate: outline.rate, forecastSeconds: forecast.seconds, runSeconds: elapsedSeconds },
    forecastOverRun: forecast.seconds / elapsedSeconds,
  };
}

/** The JSON that a command of this repository ends with. */
async function answer(args: readonly string[]): Promise<unknown> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  const command = ['--import', 'tsx', 'cli/main.ts', ...args];
  const { stdout } = await run(process.execPath, command, { cwd: PROJECT, env: own }).catch((error) => {
    if (error.code === LEFTOVERS) return error as { readonly stdout: string };
    throw error;
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) as string);
}
