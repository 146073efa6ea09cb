#!/usr/bin/env node
import { Failure, readCommandLine, UsageError } from './command-line';
import { printable, printableError } from './printable';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const HELP = `Scheduled mass work on AWS, with nothing running in between.

  worker-chains dev [JOB]         runs a job of the app in this directory, on
                                  this machine
  worker-chains plan [JOB]        says what a run would be, before it is one
  worker-chains preview [JOB]     shows the mail of one item
  worker-chains templates DIR     compiles the templates of a mail to a module
                                  that its job imports
  worker-chains page [RUN]        shows the runs of a stack in a browser
  worker-chains watch RUN         follows a run to its end
  worker-chains leftovers RUN     lists items that are unprocessed or in doubt
  worker-chains chains RUN        lists the chains of a run
  worker-chains feedback RUN      lists bounces and complaints of a run's mails
  worker-chains rate RUN NUMBER   changes a run's items per second, or those of
                                  all runs at a provider
  worker-chains budget PROVIDER   shows who shares a provider's rate

Each of them explains itself with --help.
`;

/** Exit codes: shells' own for a reader that went away (`| head`); a wrong command line; anything else. */
const BROKEN_PIPE = 141;
const USAGE = 2;
const FAILURE = 1;

/** Each command is loaded when it is called: those that read a ledger need not load the engine. */
const COMMANDS: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<number>>>> = {
  dev: async () => (await import('./dev/dev')).dev,
  plan: async () => (await import('./plan/plan')).plan,
  preview: async () => (await import('./plan/preview')).preview,
  templates: async () => (await import('./templates/templates')).templates,
  page: async () => (await import('./live/page-command')).page,
  watch: async () => (await import('./live/watch-command')).watch,
  leftovers: async () => (await import('./ledger-commands')).leftovers,
  chains: async () => (await import('./ledger-commands')).chains,
  feedback: async () => (await import('./feedback-command')).feedback,
  rate: async () => (await import('./budget-commands')).rate,
  budget: async () => (await import('./budget-commands')).budget,
};

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(BROKEN_PIPE);
  });
}

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...others] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return (await command())(others);
  if (name !== '' && !name.startsWith('-')) {
    throw new UsageError(`Expected ${Object.keys(COMMANDS).join(', ')}, got ${name}: see worker-chains --help.`);
  }
  readCommandLine(args, { command: '', options: { help: { type: 'boolean' } }, words: 0 });
  process.stdout.write(HELP);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  async (thrown: unknown) => {
    const { awsFailure } = await import('./deployment/aws-failure');
    const error = awsFailure(thrown) ?? thrown;
    const isExpected = error instanceof UsageError || error instanceof Failure;
    // Only the breaks between lines are breaks: what stands on them may come from outside.
    const text = isExpected ? error.message.split('\n').map(printable).join('\n') : printableError(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = error instanceof UsageError ? USAGE : FAILURE;
  },
);
