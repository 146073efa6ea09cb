import { counted } from '../../functions/contract/counted';
import { outcomesOf } from '../../functions/contract/outcomes';
import { type ChainRecord, claimedItems } from '../../functions/ledger/records';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import type { Deployment } from '../deployment/find-deployment';
import { openDeployment } from '../deployment/open-deployment';
import { moment, print, printTable, say } from '../output';
import { commandFor } from '../recommended-command';
import { causeOf, itemRateOf, type KnownRun, knownRun, statusOf } from './known-run';
import { type Standing, standingOf, stepsOf } from './next-steps';

/**
 * `worker-chains show`: a run, how its items came out, and each of its chains. Answers the exit code.
 *
 * @throws UsageError where the deployment does not know the run
 */
export async function show({ json, ...choice }: DeployedFlags & JsonFlag, reference: string): Promise<number> {
  const opened = await openDeployment(choice);
  const known = await knownRun(reference, opened);
  if (json) {
    print(lineOf(known));
    for (const chain of known.chains) print(chainLineOf(chain));
    return 0;
  }
  sayRun(known);
  for (const hint of hintsOf(await standingOf(known, opened), known, opened.deployment)) say(hint);
  say('');
  printTable(
    [
      'chain',
      'status',
      'from',
      'to',
      'cursor',
      'link',
      'done',
      'skipped',
      'unprocessed',
      'in doubt',
      'claimed',
      'note',
    ],
    known.chains.map((chain) => [
      ...[chain.chainId, chain.status, chain.start, chain.end, chain.cursor, `${chain.epoch}.${chain.link}`],
      ...[chain.done, chain.skipped, chain.unprocessed, chain.inDoubt, claimedItems(chain).length, noteOf(chain)],
    ]),
  );
  return 0;
}

function lineOf(known: KnownRun): object {
  const { run, execution, counts, items, left, seconds, isEstimate } = known;
  const { status, executionArn, job, source, generation, createdAt, dryRun } = run;
  return {
    ...{ runId: run.runId, job, status: statusOf(known), ledgerStatus: status, executionArn, generation },
    ...(dryRun && { dryRun }),
    ...(execution?.error !== undefined && { error: execution.error, cause: causeOf(execution) }),
    ...{ source, rate: itemRateOf(run), createdAt: new Date(createdAt).toISOString(), seconds },
    ...{ items, ...(isEstimate && { isEstimate }), ...counts, left, chains: known.chains.length },
    throttles: sumOf(known.chains, 'throttles'),
    links: sumOf(known.chains, 'links'),
  };
}

function chainLineOf(chain: ChainRecord): object {
  const { claim: _claim, carry, parkedUntil, ...rest } = chain;
  return {
    ...rest,
    claimed: claimedItems(chain).length,
    carried: carry.length,
    updatedAt: new Date(chain.updatedAt).toISOString(),
    ...(chain.status === 'parked' && parkedUntil !== undefined && { parkedUntil: new Date(parkedUntil).toISOString() }),
  };
}

function sayRun(known: KnownRun): void {
  const { run, execution, counts, items, left, isEstimate, seconds, chains } = known;
  say(
    `${run.runId}: ${statusOf(known)}, ${seconds} s since ${moment(run.createdAt)}${run.dryRun ? ', a dry run' : ''}`,
  );
  say(run.executionArn);
  if (execution?.error !== undefined) say(`${execution.error}: ${causeOf(execution)}`);
  if (run.reaction) say(`It reacted to feedback: ${JSON.stringify(run.reaction)}`);
  say('');
  const reasons = Object.entries(counts.skippedBecause).map(([reason, count]) => `${count} ${reason}`);
  const outcomes = outcomesOf(counts);
  const rows: [string, number, string?][] = [
    ['done', outcomes.done],
    ['skipped', outcomes.skipped, reasons.join(', ')],
    ['unprocessed', outcomes.unprocessed],
    ['in doubt', outcomes.inDoubt],
    ['left', left, isEstimate ? 'about' : ''],
    ['items', items, isEstimate ? 'about' : ''],
  ];
  const width = Math.max(...rows.map(([, count]) => String(count).length));
  for (const [name, count, note = ''] of rows) {
    say(`  ${name.padEnd(12)} ${String(count).padStart(width)}  ${note}`.trimEnd());
  }
  say('');
  const [links, throttles] = [sumOf(chains, 'links'), sumOf(chains, 'throttles')];
  say(`${itemRateOf(run)} items/s, ${counted(links, 'link')}, ${counted(throttles, 'throttle')}`);
}

/** What goes on with it, and with what it left. */
function hintsOf(standing: Standing, known: KnownRun, deployment: Deployment): readonly string[] {
  const steps = stepsOf(standing, known, deployment);
  if (standing.is === 'paused') return steps.map((step) => `It is paused: ${step}.`);
  if (standing.is !== 'through') return steps.map((step) => `It is not finished: ${step}.`);
  const { counts, run } = known;
  const list = commandFor(deployment, 'leftovers', { operands: [run.runId] });
  const lists = counts.unprocessed + counts.inDoubt > 0 ? [`${list} lists what is left`] : [];
  return [...lists, ...steps].map((step) => `${step}.`);
}

function noteOf({ status, parkedUntil, lastError, carry, postponed = 0 }: ChainRecord): string {
  return [
    ...(status === 'parked' && parkedUntil !== undefined ? [`until ${moment(parkedUntil)}`] : []),
    ...(carry.length > 0 ? [`${carry.length} carried`] : []),
    ...(postponed > 0 ? [`${postponed} postponed`] : []),
    ...(status !== 'finished' && lastError !== undefined ? [lastError] : []),
  ].join(', ');
}

export function sumOf(chains: readonly ChainRecord[], field: 'throttles' | 'links'): number {
  return chains.reduce((sum, chain) => sum + chain[field], 0);
}
