import { invalidInput } from '../contract/errors';
import type { Job } from '../contract/job';
import type { RunInput } from '../contract/payloads';
import { LEFTOVERS, type Source } from '../contract/source';
import type { Ledger } from '../ledger/ledger';
import { leftovers } from './leftovers';
import { list } from './list';

/** The sources that a run may have: its job's own, and those that every job has beside it. */
export interface KnownSources {
  /**
   * The source of a run, by the kind that the ledger remembers.
   *
   * @throws Error where the job has none of this kind
   */
  readonly findSource: (kind: string, job: Job) => Source;
  /**
   * The source that an input asks for: a list of ids, what an earlier run left over, or the job's own.
   *
   * @throws `Run.InvalidInput` where the input lists ids by which the job cannot find its items
   */
  readonly sourceFor: (input: RunInput, job: Job) => Source;
}

export function knownSources(ledger: Ledger): KnownSources {
  const findSource = (kind: string, job: Job): Source => {
    const own = job.source;
    const known = [own, list({ own }), leftovers(ledger, own)];
    const source = known.find((candidate) => candidate.kind === kind);
    if (source) return source;
    throw new Error(`The job ${job.name} has no source of the kind ${kind}: was it replaced during a run?`);
  };
  const sourceFor = (input: RunInput, job: Job): Source => {
    if (input.unprocessedOf !== undefined || input.inDoubtOf !== undefined) return findSource(LEFTOVERS, job);
    if (!Array.isArray(input.ids)) return job.source;
    requireListable(input.ids, job);
    // Ids of a range are numbers: the same digits as text are the id of no item.
    return job.source.kind === 'id-range' ? list({ numbersOnly: true, own: job.source }) : findSource('list', job);
  };
  return { findSource, sourceFor };
}

/**
 * Refuses a list of ids by which a job cannot find its items.
 *
 * @throws `Run.InvalidInput` where it cannot
 */
export function requireListable(ids: readonly unknown[], job: Pick<Job, 'name' | 'source' | 'load'>): void {
  if (!job.source.findsByPlace || job.load) return;
  throw invalidInput(
    `Expected no list of \`ids\` for the job ${job.name}, whose source finds items by their place alone, got ` +
      `${ids.length}: leave \`ids\` out, or give the job a \`load\` that finds items by their ids.`,
  );
}
