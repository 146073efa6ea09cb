import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HELP, readOptions, type StartOptions, UsageError } from './options';
import { Session } from './session';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  try {
    return await run(options, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function run(options: StartOptions, scratch: string): Promise<number> {
  const session = await Session.open(options, scratch);
  // The first Ctrl-C stops the execution; the second ends the process.
  let interrupted = false;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    session.interrupt();
  });
  try {
    const report = await session.run();
    if (options.serve) await session.serve();
    if (interrupted) return 130;
    return report.status === 'SUCCEEDED' ? 0 : 1;
  } finally {
    await session.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof UsageError;
    process.stderr.write(`${expected ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exitCode = expected ? 2 : 1;
  },
);
