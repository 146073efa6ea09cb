import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevFlags, type DevOptions, devOptions } from './options';
import { exitCode } from './run-report';
import { Session } from './session';

/** As shells give it to a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * `worker-chains dev`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the app cannot be run
 */
export async function dev(flags: DevFlags, job?: string): Promise<number> {
  const options = devOptions(flags, job);
  const scratch = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  return run(options, scratch);
}

async function run(options: DevOptions, scratch: string): Promise<number> {
  let session: Session | undefined;
  let interrupted = false;
  // The first Ctrl-C stops the execution, or ends `--serve`; the second ends the process.
  process.on('SIGINT', () => {
    if (interrupted || session === undefined) process.exit(INTERRUPTED);
    interrupted = true;
    session.interrupt();
  });
  session = await Session.open(options, scratch);
  try {
    const report = await session.run();
    if (interrupted) return INTERRUPTED;
    if (options.serve) await session.serve();
    return exitCode(report);
  } finally {
    await session.close();
  }
}
