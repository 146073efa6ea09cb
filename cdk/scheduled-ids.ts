import { WorkerChainsError } from '../functions/contract/errors';
import type { RunInput } from '../functions/contract/payloads';
import { findJob } from '../functions/jobs/find-job';
import { rangeOfIds } from '../functions/sources/id-range';
import { listedIds } from '../functions/sources/list';
import { UnexpectedValue } from './validation';

/** Kind of the source of a job, undefined for a job that `functions/jobs` does not know. */
export function sourceKindOf(job: string): string | undefined {
  try {
    return findJob(job).source.kind;
  } catch {
    return undefined;
  }
}

/** Throws one sentence for ids that every scheduled run would refuse; `kind` is that of the job's source. */
export function expectIds(ids: RunInput['ids'], kind: string | undefined): void {
  if (ids === undefined) return;
  try {
    if (Array.isArray(ids) || kind === 'list') listedIds(ids, kind === 'id-range');
    else rangeOfIds(ids);
  } catch (error) {
    if (!(error instanceof WorkerChainsError)) throw error;
    throw new UnexpectedValue(error.message, { cause: error });
  }
}
