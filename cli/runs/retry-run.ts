import { Failure } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { openDeployment } from '../deployment/open-deployment';
import { type KnownRun, knownRun, statusOf } from './known-run';
import { sayStarted } from './start';
import { startRun } from './start-execution';

interface RetryFlags extends DeployedFlags, JsonFlag {
  readonly inDoubt?: boolean | undefined;
  readonly rate?: number | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * `worker-chains retry`: a new run over what a run left unprocessed, or in doubt where that is asked for. Answers the exit
 * code.
 *
 * @throws UsageError where there is no such run, Failure where nothing is left of the kind, or the run is refused
 */
export async function retry({ inDoubt = false, rate, dryRun, json, ...choice }: RetryFlags, reference: string) {
  const opened = await openDeployment(choice);
  const known = await knownRun(reference, opened);
  const items = itemsToRetry(known, inDoubt);
  const { runId, job } = known.run;
  const started = await startRun(
    {
      job,
      ...(inDoubt ? { inDoubtOf: runId } : { unprocessedOf: runId }),
      ...(rate !== undefined && { rate }),
      ...(dryRun && { dryRun }),
    },
    opened,
  );
  const kind = inDoubt ? 'in doubt, which may have been processed once before' : 'unprocessed';
  sayStarted(started, json, `it takes up ${items} items that ${runId} left ${kind}`);
  return 0;
}

function itemsToRetry(known: KnownRun, inDoubt: boolean): number {
  const { run, counts } = known;
  const { runId } = run;
  if (statusOf(known) === 'RUNNING') {
    throw new Failure(`Expected ${runId} to have ended, got one that is RUNNING: retry what it leaves when it has.`);
  }
  const items = inDoubt ? counts.inDoubt : counts.unprocessed;
  if (items > 0) return items;
  if (!inDoubt && counts.inDoubt > 0) {
    throw new Failure(
      `Expected ${runId} to have left items unprocessed, got ${counts.inDoubt} in doubt and none else, which may have been processed once: look at them with worker-chains leftovers ${runId}, then say --in-doubt.`,
    );
  }
  throw new Failure(
    `Expected ${runId} to have left items ${inDoubt ? 'in doubt' : 'unprocessed'}, got none: there is nothing to retry.`,
  );
}
