/** A mistake on the command line: its message is all that is shown. */
export class UsageError extends Error {}

/**
 * Something outside of the command failed, the user's app for instance: the message, of one line or more, is all that
 * is shown.
 */
export class Failure extends Error {}

/** Exit code of a process that Ctrl-C ended, as shells give it. */
export const INTERRUPTED = 130;

/** How a person calls this program here: in its own repository it is not installed. */
export function programName(): string {
  return process.argv[1]?.endsWith('.ts') ? 'npm run cli --' : 'npx worker-chains';
}
