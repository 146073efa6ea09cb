#!/usr/bin/env node
import { call, completions } from './application';
import { COMPLETE } from './completion';
import { printableError } from './printable';
import { routes } from './routes';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Shells' own exit code for a reader that went away (`| head`). */
const BROKEN_PIPE = 141;
const FAILURE = 1;

process.stdout.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(BROKEN_PIPE);
  process.stderr.write(`Expected to write the answer, got ${code}: look at where it goes.\n`);
  process.exit(FAILURE);
});
process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(BROKEN_PIPE);
  // Nobody can be told of it; the exit code says how the command has ended.
});

async function main(args: readonly string[]): Promise<number> {
  const [first, ...others] = args;
  if (first !== COMPLETE) return call(routes, args, process);
  for (const proposal of await completions(routes, others)) process.stdout.write(`${proposal}\n`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${printableError(error)}\n`);
    process.exitCode = FAILURE;
  },
);
