import type { SFNClient } from '@aws-sdk/client-sfn';
import { counted } from '../../functions/contract/counted';
import type { Leftover } from '../../functions/contract/outcomes';
import { LEFTOVERS, type LeftoversPlan } from '../../functions/contract/source';
import { type ChainRecord, type RunRecord, reprocessingKey } from '../../functions/ledger/records';
import { usualRate } from '../../functions/ledger/usual-rate';
import { hasComeOut } from '../../functions/sources/leftovers';
import { rateLimitOf } from '../../page/rate-limit';
import type { Deployment } from '../deployment/find-deployment';
import { describe } from '../deployment/find-run';
import type { OpenDeployment } from '../deployment/open-deployment';
import { type Arguments, commandFor } from '../recommended-command';
import type { KnownRun } from './known-run';

/** What can be done with a run. */
export type Standing =
  /** Nothing: its execution is on. */
  | { readonly is: 'at-work' }
  /** It goes on by another rate: its own, or that of a provider. */
  | { readonly is: 'paused'; readonly provider?: string }
  /** It goes on by a resumption, and may leave more behind until it is through. */
  | { readonly is: 'unfinished' }
  /** Its items have come out for good: those of either kind may be taken up once. */
  | { readonly is: 'through'; readonly left: Readonly<Record<Leftover, Left>> };

/** Items that a run left over. */
export interface Left {
  readonly items: number;
  /** The run that has them now. */
  readonly takenUpBy?: string;
}

type Clients = Pick<OpenDeployment, 'ledger' | 'sfn'>;

/** How a run stands: `show`, `resume` and `retry` say and do what follows from it. */
export async function standingOf(known: KnownRun, clients: Clients): Promise<Standing> {
  const { run, chains, execution, counts } = known;
  if (execution?.status === 'RUNNING' && execution.redriveStatus !== 'REDRIVABLE') {
    if (run.rate === 0) return { is: 'paused' };
    const { pausedProvider: provider } = await rateLimitOf(run, clients.ledger, Date.now());
    return provider === undefined ? { is: 'at-work' } : { is: 'paused', provider };
  }
  if (!hasComeOut(run, chains)) return { is: 'unfinished' };
  const [unprocessed, inDoubt] = await Promise.all([
    leftOf(run, 'unprocessed', counts.unprocessed, clients),
    leftOf(run, 'in-doubt', counts.inDoubt, clients),
  ]);
  return { is: 'through', left: { unprocessed, 'in-doubt': inDoubt } };
}

async function leftOf({ runId }: RunRecord, outcome: Leftover, items: number, clients: Clients): Promise<Left> {
  const takenUpBy = items > 0 ? await holderOf(runId, outcome, clients) : undefined;
  return { items, ...(takenUpBy !== undefined && { takenUpBy }) };
}

/**
 * The run that has taken up what a run left over. A claim of an execution that ended without such a run counts for nothing,
 * as for CreateWorkers.
 */
export async function holderOf(
  runId: string,
  outcome: Leftover,
  { ledger, sfn }: Pick<OpenDeployment, 'ledger'> & { readonly sfn: Pick<SFNClient, 'send'> },
): Promise<string | undefined> {
  const holder = await ledger.claims.read(reprocessingKey(runId, outcome));
  if (holder === undefined) return undefined;
  const { source, plan } = (await ledger.readRun(holder.runId)) ?? {};
  const { of, outcome: taken } = (plan ?? {}) as Partial<LeftoversPlan>;
  if (source === LEFTOVERS && of === runId && taken === outcome) return holder.runId;
  const execution = holder.executionArn === undefined ? undefined : await describe(holder.executionArn, sfn);
  return execution?.status === 'RUNNING' ? holder.runId : undefined;
}

/** What goes on with a run, and with what it left: in clauses, the command first. None where there is nothing to do. */
export function stepsOf(
  standing: Standing,
  { run }: { readonly run: RunRecord; readonly chains: readonly ChainRecord[] },
  deployment: Pick<Deployment, 'choice'>,
): readonly string[] {
  const { runId, dryRun } = run;
  const called = (command: string, options: Arguments['options'] = {}, of = runId) =>
    commandFor(deployment, command, { operands: [of], options });
  if (standing.is === 'at-work') return [];
  if (standing.is === 'paused' && standing.provider !== undefined) {
    const { provider } = standing;
    const tunes = commandFor(deployment, 'tune', { options: { provider, rate: 'default' } });
    return [`${tunes} goes on, with all runs at ${provider}`];
  }
  if (standing.is === 'paused') return [`${called('tune', { rate: usualRate(run) })} goes on`];
  if (standing.is === 'unfinished') return [`${called('resume')} goes on`];
  const steps: string[] = [];
  const dry: Arguments['options'] = dryRun ? { 'dry-run': true } : {};
  const { unprocessed, 'in-doubt': inDoubt } = standing.left;
  for (const [kind, { items, takenUpBy }] of [
    ['unprocessed', unprocessed],
    ['in doubt', inDoubt],
  ] as const) {
    if (items === 0) continue;
    const which = `the ${counted(items, 'item')} that it left ${kind}`;
    if (takenUpBy !== undefined && !dryRun) {
      steps.push(`${called('show', {}, takenUpBy)} tells of ${takenUpBy}, which has taken up ${which}`);
    } else if (kind === 'unprocessed') steps.push(`${called('retry', dry)} takes up ${which}`);
    else {
      steps.push(
        `${called('retry', { 'in-doubt': true, ...dry })} takes up ${which}, after a look at them with ${called('leftovers')}: they may have been processed once`,
      );
    }
  }
  // What does not add up may do so once the cause is mended, and is asked for again then.
  if (steps.length === 0 && run.status !== 'reconciled') return [`${called('resume')} goes on`];
  return steps;
}
