import { expectedItems } from '../functions/contract/source';
import { budgetOf, isGone, type Participant } from '../functions/ledger/participants';
import { sharesOf } from '../functions/ledger/shares';
import { durationFault, itemsLeft, secondsNeeded } from '../functions/run/time-limits';
import { readCommandLine, UsageError } from './command-line';
import type { DeploymentChoice } from './deployment/find-deployment';
import { openDeployment } from './deployment/open-deployment';
import { DEPLOYED, find, help, number, print, TEXT, USUAL, WHERE } from './ledger-access';

const RATE_HELP = `Changes the items per second of a run while it is on; 0 pauses it. An execution
ends after seven days, paused or not: a rate at which what is left needs longer
is refused.

  worker-chains rate RUN ITEMS_PER_SECOND

Or the calls per second of all runs together at a provider: 0 pauses every run
that uses it, default leaves it to the provider again. PROVIDER is its name in
the jobs; Amazon SES is ses, whatever jobs call it.

  worker-chains rate --provider PROVIDER CALLS_PER_SECOND
  worker-chains rate --provider PROVIDER default

${DEPLOYED}
${WHERE}`;

const BUDGET_HELP = `Shows a provider's budget, and which runs take part in it with which share: one
JSON line each. PROVIDER is its name in the jobs; Amazon SES is ses.

  worker-chains budget PROVIDER

${DEPLOYED}
The usual AWS settings say where the stack is.
`;

/** Most items and calls per second that anybody may ask for. */
const MOST_PER_SECOND = 1_000_000;

/**
 * `worker-chains rate`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or the ledger does not know the run or the provider
 */
export async function rate(args: readonly string[]): Promise<number> {
  const options = { ...USUAL, provider: TEXT };
  const { values, words } = readCommandLine(args, { command: 'rate', options, words: 2 });
  if (values.help) return help(RATE_HELP);
  if (values.provider !== undefined) return rateOfProvider(values.provider, words, values);
  return rateOfRun(words, values);
}

async function rateOfRun(words: readonly string[], choice: DeploymentChoice): Promise<number> {
  const { ledger, run } = await find('rate', words[0], choice);
  const permitsPerSecond = number('the items per second', words[1] ?? '', MOST_PER_SECOND);
  const itemsPerSecond = permitsPerSecond * (run.itemsPerPermit ?? 1);
  const left = itemsLeft(await ledger.readChains(run.runId));
  const fault = itemsPerSecond > 0 ? durationFault(left, itemsPerSecond) : undefined;
  if (fault !== undefined) throw new UsageError(fault);
  await ledger.setRate(run.runId, permitsPerSecond);
  const items = expectedItems(left) ?? 0;
  const hoursNeeded = Math.round(secondsNeeded(items, itemsPerSecond) / 36) / 100;
  print({
    runId: run.runId,
    before: run.rate,
    rate: permitsPerSecond,
    itemsLeft: items,
    ...(left.items === undefined && { isEstimate: true }),
    ...(itemsPerSecond > 0 && { hoursNeeded }),
  });
  return 0;
}

async function rateOfProvider(provider: string, words: readonly string[], choice: DeploymentChoice): Promise<number> {
  const [value = '', stray] = words;
  if (stray !== undefined) {
    throw new UsageError(`Expected --provider or a run, got both: see worker-chains rate --help.`);
  }
  const { ledger } = await openDeployment(choice);
  const wanted = value === 'default' ? undefined : number('the calls per second', value, MOST_PER_SECOND);
  const { settings, participants } = await ledger.budgets.read(provider);
  await ledger.budgets.setRate(provider, wanted);
  // None may be right, or a name that no job uses.
  const runs = participants.filter((one) => !isGone(one, Date.now())).length;
  print({ provider, before: settings.rate ?? 'default', rate: wanted ?? 'default', runs });
  return 0;
}

/**
 * `worker-chains budget`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong
 */
export async function budget(args: readonly string[]): Promise<number> {
  const { values, words } = readCommandLine(args, { command: 'budget', options: USUAL, words: 1 });
  if (values.help) return help(BUDGET_HELP);
  const [provider] = words;
  if (provider === undefined) {
    throw new UsageError('Expected budget to be followed by a provider, got nothing: see worker-chains budget --help.');
  }
  const { settings, participants: all } = await (await openDeployment(values)).ledger.budgets.read(provider);
  const participants = all.filter((one) => !isGone(one, Date.now()));
  const perSecond = budgetOf(settings, participants);
  const { closedUntil = 0 } = settings;
  print({
    provider,
    rate: settings.rate ?? 'default',
    ...(perSecond !== undefined && { perSecond }),
    ...(closedUntil > Date.now() && { closedUntil: new Date(closedUntil).toISOString() }),
    runs: participants.length,
  });
  const shares = sharesOf(participants, perSecond ?? 0);
  for (const participant of participants) print(lineOf(participant, shares.get(participant.runId) ?? 0));
  return 0;
}

function lineOf(participant: Participant, share: number): object {
  const { runId, job, weight, priority, wants, isSilent, seenAt } = participant;
  return {
    ...{ runId, job, weight, priority, wants },
    perSecond: Math.round(share * 100) / 100,
    ...(isSilent && { isSilent }),
    seenAt: new Date(seenAt).toISOString(),
  };
}
