import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptDataError } from '../../local/dynamodb/record-file';
import { printable, printableError } from '../printable';
import { HELP, readOptions, type StartOptions, UsageError } from './options';
import { exitCode } from './run-report';
import { Session } from './session';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Exit codes as shells give them to a process that a signal ended: Ctrl-C, and a reader that went away (`| head`). */
const INTERRUPTED = 130;
const BROKEN_PIPE = 141;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(BROKEN_PIPE);
  });
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  return run(options, scratch);
}

async function run(options: StartOptions, scratch: string): Promise<number> {
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof UsageError || error instanceof KeptDataError;
    process.stderr.write(`${expected ? printable(error.message) : printableError(error)}\n`);
    process.exitCode = expected ? 2 : 1;
  },
);
