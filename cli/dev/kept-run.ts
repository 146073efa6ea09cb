import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../command-line';
import type { DevOptions } from './options';

const FILE = 'run.json';

/** What a `--keep` directory knows of its run beside the ledger and the inbox: how it was started. */
export interface KeptRun extends Pick<DevOptions, 'job' | 'schedule' | 'items' | 'chains' | 'rate'> {
  /** Mails in the inbox before the run. */
  readonly mailsBefore: number;
}

/**
 * With `--resume`, the options that the kept run was started with take the place of those on the command line.
 *
 * @throws UsageError where no run is kept
 */
export function resumedOptions(given: DevOptions): { readonly options: DevOptions; readonly kept?: KeptRun } {
  if (!given.resume || given.keep === undefined) return { options: given };
  const file = join(given.keep, FILE);
  if (!existsSync(file)) {
    throw new UsageError(
      `Expected ${given.keep} to hold a run to resume, got no ${FILE} in it: start one with --keep ${given.keep} first.`,
    );
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptRun;
  const { job, schedule, items, chains, rate } = kept;
  return { options: { ...given, job, schedule, items, chains, rate }, kept };
}

/**
 * Makes the directory of `--keep` if need be.
 *
 * @throws UsageError where it is none, or nothing can be written into it
 */
export function openKept(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `Expected --keep to be followed by a directory to write to, got ${directory || 'nothing'} (${code}): name another.`,
    );
  }
}

export function keepRun(
  directory: string,
  { job, schedule, items, chains, rate }: DevOptions,
  mailsBefore: number,
): void {
  writeFileSync(
    join(directory, FILE),
    JSON.stringify({ job, schedule, items, chains, rate, mailsBefore } satisfies KeptRun),
  );
}
