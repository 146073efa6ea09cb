import job from '#job';
import { invalidInput } from '../contract/errors';
import type { Job } from '../contract/job';

/** Name of the job of this function. */
export const OWN_JOB: string = job.name;

/**
 * The job of this function: it has exactly one, the file that its construct names, which the bundler puts in the place
 * of `#job`.
 *
 * @throws `Run.InvalidInput` where it is not the job of this name
 */
export function findJob(name: unknown): Job {
  if (name === job.name) return job;
  throw invalidInput(
    `Expected \`job\` to be ${JSON.stringify(job.name)}, the job of this state machine, got ${JSON.stringify(name) ?? 'nothing'}: start the execution in the state machine of that job.`,
  );
}
