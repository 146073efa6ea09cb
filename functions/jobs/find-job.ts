import weeklyDigest from '../../examples/weekly-digest/job';
import { invalidInput } from '../contract/errors';
import type { Job } from '../contract/job';

/** Every job that a run may name. A new job is its file and one line here. */
const JOBS: readonly Job[] = [weeklyDigest as Job];

/** @throws Run.InvalidInput if there is no job of this name. */
export function findJob(name: unknown): Job {
  const job = JOBS.find((known) => known.name === name);
  if (job) return job;
  const names = JOBS.map((known) => known.name).join(', ');
  throw invalidInput(
    `Expected \`job\` to be one of ${names}, got ${JSON.stringify(name) ?? 'nothing'}: name a job of functions/jobs.`,
  );
}
