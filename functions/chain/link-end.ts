import type { Clock } from '../contract/clock';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import { outcomesOf } from '../contract/outcomes';
import type { ChainResult, LinkEvent } from '../contract/payloads';
import { guardParks } from '../ledger/attempts';
import type { ChainRecord, RunRecord } from '../ledger/records';
import type { Callbacks } from './callbacks';
import type { Handoff } from './handoff';
import type { Lease } from './lease';
import type { LinkReport } from './link-report';
import type { LinkWork } from './link-work';

/** How a link ended, how long its handoff took, and until when it has parked its chain. */
export type Ending = Pick<LinkReport, 'end' | 'handoffMilliseconds' | 'parkedUntil'>;

/**
 * A chain is parked for so long at least: the clock that ends its wait may be ahead of the one that says whether its hour
 * has come.
 */
const SHORTEST_PARK_MILLISECONDS = 10_000;

export interface EndDependencies {
  readonly callbacks: Pick<Callbacks, 'succeed' | 'fail'>;
  readonly handoff: Pick<Handoff, 'invoke'>;
  readonly clock: Clock;
}

/** A link whose loop has come to its end. */
export interface EndingLink {
  readonly event: LinkEvent;
  readonly run: Pick<RunRecord, 'linkSeconds'>;
  readonly work: Pick<LinkWork, 'chain' | 'reader' | 'pace' | 'stop'>;
  readonly lease: Lease;
  /** When the link began, in milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * Settles, and does what follows from why the link stopped.
 *
 * @throws ChainTaken where another attempt has the chain
 * @throws `Chain.QuotaExhausted` where the link stopped for the provider's 24-hour quota
 * @throws `Chain.HandoffFailed` where the successor could not be invoked
 * @throws `Chain.Runaway` where the chain has parked too often
 */
export async function endLink(link: EndingLink, dependencies: EndDependencies): Promise<Ending> {
  const { event, work, lease } = link;
  const { chain, reader, stop } = work;
  if (reader.isAtEnd()) return answerTask(event, await chain.settle('finished'), dependencies);
  const hasLease = stop.reason !== 'lease-lost' && lease.held();
  if (!hasLease || stop.reason === 'awaited') {
    await chain.settle('interrupted');
    return { end: hasLease ? 'superseded' : 'lease-lost' };
  }
  if (stop.reason === 'quota-exhausted') {
    throw new WorkerChainsError(
      ERROR_CODES.quotaExhausted,
      'What a run may take of the 24-hour quota is spent, or sending is paused: redrive the execution when there is quota again.',
    );
  }
  const opensAt = stop.parkedUntil ?? reader.waitsUntil() ?? Number.NEGATIVE_INFINITY;
  // What is due already only needs a link that has time left.
  return opensAt > dependencies.clock.now() ? park(link, opensAt, dependencies) : handOver(link, dependencies);
}

/** Ends the chain's task with its result. */
export async function answerTask(
  { taskToken }: LinkEvent,
  chain: ChainRecord,
  { callbacks }: Pick<EndDependencies, 'callbacks'>,
): Promise<Ending> {
  const { chainId, links } = chain;
  const result: ChainResult = { chainId, links, ...outcomesOf(chain) };
  return { end: (await callbacks.succeed(taskToken, result)) ? 'finished' : 'lease-lost' };
}

/**
 * Lets the chain wait until then, without any function: the execution waits, and starts it again.
 *
 * @param opensAt milliseconds since the epoch
 */
async function park(link: EndingLink, opensAt: number, { callbacks, clock }: EndDependencies): Promise<Ending> {
  const { event, work } = link;
  const { chain, pace } = work;
  guardParks(chain.record);
  const parkedUntil = Math.max(opensAt, clock.now() + SHORTEST_PARK_MILLISECONDS);
  // Such a link is not held against the chain, however short it was: how often it may park is bounded by itself.
  const fullLinks = chain.record.fullLinks + 1;
  await chain.settle('parked', { fullLinks, parkedUntil, backOff: pace.backOff() ?? null });
  // The state machine waits by this text, and numbers the next attempt by it.
  const cause = JSON.stringify({ until: timestamp(parkedUntil), epoch: event.epoch });
  const isTold = await callbacks.fail(event.taskToken, new WorkerChainsError(ERROR_CODES.parked, cause));
  return isTold ? { end: 'parked', parkedUntil } : { end: 'lease-lost' };
}

/** RFC 3339 in whole seconds, not before that time. */
function timestamp(milliseconds: number): string {
  return new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

async function handOver(link: EndingLink, { handoff, clock }: EndDependencies): Promise<Ending> {
  const { event, work, lease } = link;
  const { chain, pace } = work;
  const decidedAt = clock.now();
  const full = hasUsedItsTime(link, decidedAt) ? { fullLinks: chain.record.fullLinks + 1 } : {};
  await chain.settle('handed-off', { ...full, backOff: pace.backOff() ?? null });
  if (!(await lease.check())) {
    await chain.settle('interrupted');
    return { end: 'lease-lost' };
  }
  await handoff.invoke({ ...event, link: event.link + 1 });
  return { end: 'handed-off', handoffMilliseconds: clock.now() - decidedAt };
}

/**
 * Whether the link worked for at least half of its time, however few items the pace let it start: such links do not count
 * against the link budget.
 */
function hasUsedItsTime({ run, startedAt }: EndingLink, now: number): boolean {
  return now - startedAt >= run.linkSeconds * 500;
}
