/** A mistake on the command line: its message is all that is shown. */
export class UsageError extends Error {}

/** Something outside of the command failed: the message, on one line, is all that is shown. */
export class Failure extends Error {}

/** One that tells what the user's app has printed: its message has several lines, and is shown as they are. */
export class FailureInLines extends Failure {}

/** Exit code of a process that Ctrl-C ended, as shells give it. */
export const INTERRUPTED = 130;

/** How a person calls this program here: in its own repository it is not installed. */
export function programName(): string {
  return process.argv[1]?.endsWith('.ts') ? 'npm run cli --' : 'npx worker-chains';
}
