import { counted, nounFor } from '../functions/contract/counted';
import { roundedRate } from '../functions/contract/rounded-rate';
import { expectedItems } from '../functions/contract/source';
import { budgetOf, isGone, type Participant } from '../functions/ledger/participants';
import { permitsForItems } from '../functions/ledger/permits';
import { sharesOf } from '../functions/ledger/shares';
import { durationFault, itemsLeft, secondsNeeded } from '../functions/run/time-limits';
import { rateLimitOf } from '../page/rate-limit';
import { Failure, UsageError } from './command-line';
import { type DeployedFlags, type JsonFlag, number } from './command-parts';
import { openDeployment } from './deployment/open-deployment';
import { durationOf, moment, print, printTable, say } from './output';
import { commandFor, helpOf } from './recommended-command';
import { isFinished, itemRateOf, knownRun, statusOf } from './runs/known-run';

/** Most items and calls per second that anybody may ask for. */
const MOST_PER_SECOND = 1_000_000;

interface TuneFlags extends DeployedFlags, JsonFlag {
  readonly rate?: string | undefined;
  readonly provider?: string | undefined;
}

/**
 * `worker-chains tune`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or the ledger does not know the run or the provider
 */
export async function tune({ rate, provider, ...flags }: TuneFlags, reference?: string): Promise<number> {
  if ((provider === undefined) === (reference === undefined)) {
    const got = provider === undefined ? 'neither' : 'both';
    throw new UsageError(`Expected tune to be followed by RUN or by --provider, got ${got}: ${helpOf('tune')}.`);
  }
  if (rate === undefined) {
    throw new UsageError('Expected --rate to say the items per second, got nothing: for example --rate 20.');
  }
  if (provider !== undefined) return tuneProvider(provider, rate, flags);
  return tuneRun(reference as string, number('--rate', rate, MOST_PER_SECOND), flags);
}

async function tuneRun(reference: string, itemsPerSecond: number, flags: DeployedFlags & JsonFlag): Promise<number> {
  const opened = await openDeployment(flags);
  const { ledger } = opened;
  const known = await knownRun(reference, opened);
  const { run } = known;
  if (isFinished(known)) {
    throw new Failure(
      `Expected ${run.runId} to be unfinished, got one that is through with all its items: there is nothing to tune.`,
    );
  }
  const left = itemsLeft(known.chains);
  const fault = itemsPerSecond > 0 ? durationFault(left, itemsPerSecond) : undefined;
  if (fault !== undefined) throw new UsageError(fault);
  const permitsPerSecond = permitsForItems(itemsPerSecond, run);
  await ledger.setRate(run.runId, permitsPerSecond);
  const items = expectedItems(left) ?? 0;
  const tunedRun = { ...run, rate: permitsPerSecond };
  const { itemsPerSecond: allowed } = await rateLimitOf(tunedRun, ledger, Date.now());
  // A provider that is paused for now tells nothing of how long it takes.
  const pace = allowed > 0 ? Math.min(itemsPerSecond, allowed) : itemsPerSecond;
  const isBounded = roundedRate(pace) < roundedRate(itemsPerSecond);
  const hoursNeeded = Math.round(secondsNeeded(items, pace) / 36) / 100;
  const tuned = {
    runId: run.runId,
    before: itemRateOf(run),
    rate: itemsPerSecond,
    itemsLeft: items,
    ...(left.items === undefined && { isEstimate: true }),
    ...(isBounded && { allowed: roundedRate(pace) }),
    ...(itemsPerSecond > 0 && { hoursNeeded }),
  };
  if (flags.json) print(tuned);
  else {
    const bound = isBounded ? ` at the ${tuned.allowed}/s that its provider allows it` : '';
    const needs = itemsPerSecond > 0 ? `, about ${durationOf(secondsNeeded(items, pace))}${bound}` : '';
    say(
      `${run.runId}: ${tuned.rate}/s instead of ${tuned.before}/s; ${counted(items, 'item')} ${nounFor(items, 'is', 'are')} left${needs}.`,
    );
    if (statusOf(known) !== 'RUNNING') {
      const goOn = commandFor(opened.deployment, 'resume', { operands: [run.runId] });
      say(`It is ${statusOf(known)}: ${goOn} goes on.`);
    }
  }
  return 0;
}

async function tuneProvider(provider: string, rate: string, flags: DeployedFlags & JsonFlag): Promise<number> {
  const wanted = rate === 'default' ? undefined : number('--rate', rate, MOST_PER_SECOND);
  const { ledger } = await openDeployment(flags);
  const { settings, participants } = await ledger.budgets.read(provider);
  await ledger.budgets.setRate(provider, wanted);
  // None may be right, or a name that no job uses.
  const runs = participants.filter((one) => !isGone(one, Date.now())).length;
  const tuned = { provider, before: settings.rate ?? 'default', rate: wanted ?? 'default', runs };
  if (flags.json) print(tuned);
  else
    say(
      `${provider}: ${tuned.rate} instead of ${tuned.before}, for ${counted(runs, 'run')} that ${nounFor(runs, 'takes', 'take')} part now.`,
    );
  return 0;
}

/** `worker-chains budget`. Answers the exit code. */
export async function budget({ json, ...flags }: DeployedFlags & JsonFlag, provider: string): Promise<number> {
  const { ledger } = await openDeployment(flags);
  const { settings, participants: all } = await ledger.budgets.read(provider);
  const participants = all.filter((one) => !isGone(one, Date.now()));
  const perSecond = budgetOf(settings, participants);
  const { closedUntil = 0 } = settings;
  const isClosed = closedUntil > Date.now();
  const shares = sharesOf(participants, perSecond ?? 0);
  const lines = participants.map((participant) => lineOf(participant, shares.get(participant.runId) ?? 0));
  if (json) {
    print({
      provider,
      rate: settings.rate ?? 'default',
      ...(perSecond !== undefined && { perSecond: roundedRate(perSecond) }),
      ...(isClosed && { closedUntil: new Date(closedUntil).toISOString() }),
      runs: participants.length,
    });
    for (const line of lines) print(line);
    return 0;
  }
  const together =
    perSecond === undefined ? 'nobody says how many a second' : `${roundedRate(perSecond)}/s for all runs together`;
  say(
    `${provider}: rate ${settings.rate ?? 'default'}, ${together}${isClosed ? `, closed until ${moment(closedUntil)}` : ''}.`,
  );
  if (lines.length === 0) say('No run takes part now.');
  else {
    printTable(
      ['run', 'job', 'weight', 'priority', 'wants', 'has', 'seen at'],
      lines.map((line) => [line.runId, line.job, line.weight, line.priority, line.wants, line.perSecond, line.seenAt]),
    );
  }
  return 0;
}

function lineOf(participant: Participant, share: number) {
  const { runId, job, weight, priority, wants, isSilent, seenAt } = participant;
  return {
    ...{ runId, job, weight, priority, wants: roundedRate(wants) },
    perSecond: roundedRate(share),
    ...(isSilent && { isSilent }),
    seenAt: new Date(seenAt).toISOString(),
  };
}
