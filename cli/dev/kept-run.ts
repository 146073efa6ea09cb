import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StartOptions, UsageError } from './options';

const FILE = 'run.json';

/** What a `--keep` directory knows of its run beside the ledger and the inbox. */
export interface KeptRun {
  readonly items: number;
  readonly chains: number;
  readonly rate: number;
  readonly seed: number;
  /** Mails in the inbox before the run. */
  readonly mailsBefore: number;
}

/** With `--resume`, the options that the kept run was started with take the place of those on the command line. */
export function resumedOptions(options: StartOptions): { readonly options: StartOptions; readonly kept?: KeptRun } {
  if (!options.resume || options.keep === undefined) return { options };
  const file = join(options.keep, FILE);
  if (!existsSync(file)) {
    throw new UsageError(
      `Expected ${options.keep} to hold a run to resume, got no ${FILE} in it: start one with --keep ${options.keep} first.`,
    );
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptRun;
  const { items, chains, rate, seed } = kept;
  return { options: { ...options, items, chains, rate, seed }, kept };
}

export function keepRun(directory: string, { items, chains, rate, seed }: StartOptions, mailsBefore: number): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, FILE), JSON.stringify({ items, chains, rate, seed, mailsBefore } satisfies KeptRun));
}
