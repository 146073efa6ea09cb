import { counted } from '../../functions/contract/counted';
import type { Leftover } from '../../functions/contract/outcomes';
import { Failure } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { type OpenDeployment, openDeployment } from '../deployment/open-deployment';
import { print } from '../output';
import { commandFor } from '../recommended-command';
import { type KnownRun, knownRun, statusOf } from './known-run';
import { standingOf, stepsOf } from './next-steps';
import { sayStarted, startedLine } from './start';
import { startTakingUp } from './start-execution';

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
  const outcome = inDoubt ? 'in-doubt' : 'unprocessed';
  const items = await itemsToRetry(known, outcome, dryRun ?? false, opened);
  const { runId, job } = known.run;
  const field = inDoubt ? 'inDoubtOf' : 'unprocessedOf';
  const started = await startTakingUp({ runId, field, job, rate, dryRun }, opened);
  const kind = inDoubt ? 'in doubt, which may have been processed once before' : 'unprocessed';
  const why = `it takes up ${counted(items, 'item')} that ${runId} left ${kind}`;
  if (json) print({ ...startedLine(started), why });
  else sayStarted(started, opened.deployment, why);
  return 0;
}

/**
 * How many items of the kind may be taken up. What CreateWorkers would refuse is refused before it is an execution that has
 * failed.
 */
async function itemsToRetry(
  known: KnownRun,
  outcome: Leftover,
  isDry: boolean,
  opened: OpenDeployment,
): Promise<number> {
  const { run } = known;
  const { runId } = run;
  const { deployment } = opened;
  const standing = await standingOf(known, opened);
  const steps = stepsOf(standing, known, deployment).join('; ');
  const kind = outcome === 'in-doubt' ? 'in doubt' : outcome;
  if (standing.is === 'at-work') {
    throw new Failure(`Expected ${runId} to have ended, got one that is RUNNING: retry what it leaves when it has.`);
  }
  if (standing.is === 'paused') {
    throw new Failure(`Expected ${runId} to have ended, got one that is paused: ${steps}; retry what it leaves then.`);
  }
  if (standing.is === 'unfinished') {
    throw new Failure(
      `Expected ${runId} to be through with all its items, got one that is ${statusOf(known)} before that: ${steps}; retry what it leaves then.`,
    );
  }
  const { items, takenUpBy } = standing.left[outcome];
  if (items === 0) {
    throw new Failure(
      `Expected ${runId} to have left items ${kind}, got none: ${steps || 'there is nothing to retry'}.`,
    );
  }
  if (run.dryRun && !isDry) {
    throw new Failure(
      `Expected ${runId} to be a run with effects, got a dry run, of which nothing was done: start a run over its items, or say --dry-run.`,
    );
  }
  if (takenUpBy !== undefined && !isDry) {
    const tells = commandFor(deployment, 'show', { operands: [takenUpBy] });
    throw new Failure(
      `Expected items that ${runId} left ${kind} and no run has taken up yet, got ${counted(items, 'item')} that ${takenUpBy} has: ${tells} tells what became of them.`,
    );
  }
  return items;
}
