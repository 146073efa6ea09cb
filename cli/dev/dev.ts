import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INTERRUPTED } from '../command-line';
import { openKept } from './kept-run';
import { type DevFlags, type DevOptions, devOptions } from './options';
import { exitCode } from './run-report';
import type { Session } from './session';
import { synthesizedAssembly } from './synthesized';

/**
 * `worker-chains dev`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the app cannot be run
 */
export async function dev(flags: DevFlags, job?: string): Promise<number> {
  const options = devOptions(flags, job);
  if (options.keep !== undefined && !options.resume) openKept(options.keep);
  const scratch = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  return run(options, scratch);
}

async function run(options: DevOptions, scratch: string): Promise<number> {
  let session: Session | undefined;
  // Ctrl-C stops the execution; with `--serve` the next one ends that. One that finds nothing to do ends the process.
  process.on('SIGINT', () => {
    if (!session?.interrupt()) process.exit(INTERRUPTED);
  });
  const assembly = synthesizedAssembly(scratch);
  // What else is wrong is said first.
  assembly.catch(() => {});
  // The app synthesizes in another process: what runs it is loaded meanwhile.
  const { Session } = await import('./session');
  session = await Session.open(options, scratch, assembly);
  try {
    const report = await session.run();
    if (options.serve) await session.serve();
    return session.wasInterrupted ? INTERRUPTED : exitCode(report);
  } finally {
    await session.close();
  }
}
