import type { Job } from '../contract/job';
import type { CreateWorkersEvent, CreateWorkersResult } from '../contract/payloads';
import { parseInput } from './input';
import { type ResumeRunDependencies, resumeRun } from './resume-run';
import { mostChains } from './run-settings';
import { type StartRunDependencies, startRun } from './start-run';

export interface CreateRunDependencies extends StartRunDependencies, ResumeRunDependencies {
  /** @throws `Run.InvalidInput` where there is no such job. */
  readonly findJob: (name: string) => Job;
}

/**
 * Creates the run of an execution, or takes up the one it resumes. Nothing is written before everything is validated,
 * and every write is idempotent by execution: asking again gives the same answer.
 *
 * @throws `Run.InvalidInput`, `Run.QuotaExceeded`, `Run.AlreadyServed` or `Run.Overlapping` where the run is refused.
 */
export async function createRun(
  event: CreateWorkersEvent,
  dependencies: CreateRunDependencies,
): Promise<CreateWorkersResult> {
  const input = parseInput(event.input, mostChains(dependencies.settings));
  const job = dependencies.findJob(input.job);
  return input.resume === undefined
    ? startRun(event, input, job, dependencies)
    : resumeRun(event, input, input.resume, job, dependencies);
}
