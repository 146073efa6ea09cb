import { counted, nounFor } from '../../functions/contract/counted';
import { usualRate } from '../../functions/ledger/usual-rate';
import { Failure } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { openDeployment } from '../deployment/open-deployment';
import { print, say } from '../output';
import { PRICES } from '../plan/prices';
import { commandFor } from '../recommended-command';
import { itemRateOf, type KnownRun, knownRun, statusOf } from './known-run';

const SECONDS_PER_HOUR = 3600;

/**
 * `worker-chains pause`: a rate of 0 while the execution stays. Answers the exit code.
 *
 * @throws UsageError where there is no such run, Failure where it is not running
 */
export async function pause({ json, ...choice }: DeployedFlags & JsonFlag, reference: string): Promise<number> {
  const opened = await openDeployment(choice);
  const known = await knownRun(reference, opened);
  requireRunning(known, 'there is nothing to pause');
  const { runId } = known.run;
  const rate = itemRateOf(known.run);
  await opened.ledger.setRate(runId, 0);
  const waiting = known.chains.filter(({ status }) => status !== 'finished').length;
  const dollarsPerHour = waiting * SECONDS_PER_HOUR * PRICES.lambdaGigabyteSecond;
  if (json) print({ runId, before: rate, rate: 0, chains: waiting });
  else {
    const options = { rate: rate > 0 ? rate : usualRate(known.run) };
    const goOn = commandFor(opened.deployment, 'tune', { operands: [runId], options });
    const stop = commandFor(opened.deployment, 'stop', { operands: [runId] });
    say(`${runId} is paused: ${goOn} goes on.`);
    say(
      `Its ${counted(waiting, 'chain')} ${nounFor(waiting, 'waits', 'wait')} in Lambda, at $${dollarsPerHour.toFixed(2)} an hour for each GB of the function's memory, and its execution ends after seven days: to leave it for longer, ${stop}.`,
    );
  }
  return 0;
}

/** @throws Failure where the run's execution has ended */
export function requireRunning(known: KnownRun, what: string): void {
  if (statusOf(known) === 'RUNNING') return;
  throw new Failure(`Expected ${known.run.runId} to be running, got one that is ${statusOf(known)}: ${what}.`);
}
