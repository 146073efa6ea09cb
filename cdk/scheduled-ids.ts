import type { RunInput } from '../functions/chain/contract';
import { findJob } from '../functions/jobs';
import { listedIds } from '../functions/sources/list';
import { expectInteger, UnexpectedValue } from './expect';

/** The position after the last id of a range must be a safe integer, too. */
const LARGEST_ID = Number.MAX_SAFE_INTEGER - 1;

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
  if (isRange(ids)) {
    if (kind === 'list') {
      throw new UnexpectedValue(
        `Expected \`ids\` to be a list like [17, 42], as the job's source takes, got a range: list the ids.`,
      );
    }
    expectInteger('ids.first', ids.first, 0, LARGEST_ID);
    expectInteger('ids.last', ids.last, ids.first - 1, LARGEST_ID);
    return;
  }
  try {
    listedIds(ids, kind === 'id-range');
  } catch (error) {
    throw new UnexpectedValue(error instanceof Error ? error.message : String(error));
  }
}

function isRange(ids: NonNullable<RunInput['ids']>): ids is Extract<RunInput['ids'], { first: number }> {
  return 'first' in ids;
}
