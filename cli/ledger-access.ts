import type { Ledger } from '../functions/ledger/ledger';
import type { RunRecord } from '../functions/ledger/records';
import { UsageError } from './command-line';
import type { DeploymentChoice } from './deployment/find-deployment';
import { findRun } from './deployment/find-run';
import { openDeployment } from './deployment/open-deployment';
import { printable } from './printable';

/** What the commands share that read and write a ledger. */

export const DEPLOYED = `  --stack NAME    the stack ($WORKER_CHAINS_STACK, or the only one there is)
  --job NAME      its job, where it has several
`;

export const WHERE = `RUN is the name of the execution that created the run, or of one that resumed
it, or the ARN of either. The usual AWS settings say where the stack is.
`;

export const TEXT = { type: 'string' } as const;
export const USUAL = { stack: TEXT, job: TEXT, help: { type: 'boolean' } } as const;

/** @throws UsageError where no run is named, or the deployment does not know it; UsageError or Failure where there is none */
export async function find(
  command: string,
  runId: string | undefined,
  choice: DeploymentChoice,
): Promise<{ readonly ledger: Ledger; readonly run: RunRecord }> {
  if (runId === undefined) {
    throw new UsageError(
      `Expected ${command} to be followed by a run, got nothing: see worker-chains ${command} --help.`,
    );
  }
  const opened = await openDeployment(choice);
  return { ledger: opened.ledger, run: await findRun(runId, opened) };
}

/** @throws UsageError where it is not a number from 0 to `most` */
export function number(what: string, value: string, most: number): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`Expected ${what} to be a number from 0 to ${most}, got ${value === '' ? 'nothing' : value}.`);
}

/** One line of JSON. */
export function print(value: object): void {
  process.stdout.write(`${printable(JSON.stringify(value))}\n`);
}

/** Shows a command's help. Answers the exit code. */
export function help(text: string): number {
  process.stdout.write(text);
  return 0;
}
