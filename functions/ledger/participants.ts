import type { ProviderQuota } from '../contract/quota';
import type { Demand } from './shares';

/**
 * The runs that take part in a provider's budget, and what each may do next: rules, which look at records and write none.
 *
 * Invariant: whoever starts a call acts on a look at the participants, at most `LOOK_MILLISECONDS` old, in which its run
 * is not silent, and asks for no more than `uses` of it (for `wants` where no other run wants anything). Nobody's `uses`
 * exceeds the `wants` that all others have seen by then: `wants` is raised first and `uses` when that has stood for
 * `SETTLED_MILLISECONDS`; `uses` is lowered first, and `wants` when that has stood so long. So each
 * run at work is in the look of every other, with at least what it uses, and by the rule of `shares.ts` their sum is
 * within the budget. Only lengths of time are compared, of one process's clock; what the time of day decides is when a
 * run is taken for dead, and a wrong guess costs that run a pause.
 *
 * @see docs/decisions/0025-one-budget.md
 */

/** A look at the participants counts for so long, from when it was asked for: one that fails may be made up for. */
export const LOOK_MILLISECONDS = 4000;
/** What has stood for so long, from when it was seen, every run at work has seen: a look's time, and some to act on it. */
export const SETTLED_MILLISECONDS = 5000;

/** A run renews its participation three times in a heartbeat interval, … */
const BEATS_PER_HEARTBEAT = 3;
/** … is taken for dead after so many intervals without that, so that its share is used by others within two, … */
const SILENT_HEARTBEATS = 1.25;
/** … and is not even waited for where it has not been heard of for this long beyond two. */
const FORGOTTEN_MILLISECONDS = 20 * 60_000;
/** A run does not count on its own participation where that has not been renewed for this long beyond two intervals. */
const STALE_MILLISECONDS = 5 * 60_000;

/** What a run is to ask of a provider. */
export type Terms = Pick<Demand, 'weight' | 'priority' | 'wants'>;

/** A run that takes part in a provider's budget, as the ledger holds it. */
export interface Participant extends Demand {
  readonly job: string;
  /** Of the run: without a sign of it for two of these its share is the others'. */
  readonly heartbeatSeconds: number;
  /** Of `wants`, how much it counts on while other runs want something: what all of them have seen. Calls per second. */
  readonly uses: number;
  /** What the provider lets all runs do together, as far as this run knows: calls per second, production's reserve taken off. */
  readonly perSecond: number;
  /** Calls that it lets all runs make at a time, as this run knows it; null if there is no such limit. */
  readonly concurrency: number | null;
  /** Seconds for which it could do nothing, all in all, because others had their parts: half a second of each at half its wish. */
  readonly waitedSeconds: number;
  /** How often it was throttled, counted once per congestion. */
  readonly congestions: number;
  /** Counts the writes that others must have seen before something follows from them. */
  readonly revision: number;
  /** It was taken for dead; if it wants nothing either, it was dismissed. */
  readonly isSilent: boolean;
  /** When it took part first, and when it was last renewed, in milliseconds since the epoch. */
  readonly joinedAt: number;
  readonly seenAt: number;
  /** Seconds since the epoch: DynamoDB's time to live. */
  readonly expiresAt: number;
}

/** What an operator or the provider itself has set for all runs. */
export interface ProviderSettings {
  /** Calls per second for all runs together, set by an operator; 0 pauses them; null where that is lifted. @default - what the provider lets them do */
  readonly rate?: number | null;
  /** Nothing is started before: the provider has asked for that. Milliseconds since the epoch. */
  readonly closedUntil?: number;
  /** What was read last of its 24-hour quota, by whichever link; absent where it has none. */
  readonly quota?: QuotaReading;
}

/** A provider's 24-hour quota, as one link read it. */
export type QuotaReading = Pick<ProviderQuota, 'perSecond' | 'perDay' | 'usedToday'>;

const providerPartition = (provider: string) => `provider#${provider}`;

export const PARTICIPANTS = 'run#';
export const settingsKey = (provider: string) => ({ pk: providerPartition(provider), sk: 'provider' });
export const participantKey = (provider: string, runId: string) => ({
  pk: providerPartition(provider),
  sk: PARTICIPANTS + runId,
});

/** Calls per second of all runs together: what the one lets them do that knows the least, and what an operator has set. */
export function budgetOf(
  settings: ProviderSettings,
  knowing: readonly Pick<Participant, 'perSecond'>[],
): number | undefined {
  const known = knowing.map(({ perSecond }) => perSecond);
  if (typeof settings.rate === 'number') known.push(settings.rate);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/**
 * Whether a run counts no more: it was dismissed, or has not been heard of for so long that nothing of it can be at work.
 */
export function isGone({ isSilent, wants, seenAt, heartbeatSeconds }: Participant, now: number): boolean {
  const isForgotten = now - seenAt > 2000 * heartbeatSeconds + FORGOTTEN_MILLISECONDS;
  return isForgotten || (isSilent && wants === 0);
}

/** Whether a run must take part anew before it counts on its participation. */
export function isOver({ isSilent, seenAt, heartbeatSeconds }: Participant, now: number): boolean {
  return isSilent || now - seenAt > 2000 * heartbeatSeconds + STALE_MILLISECONDS;
}

/**
 * What a run may count on, in calls per second.
 *
 * @param isAlone whether no other run wants anything: whoever comes after that look sees what this one wants
 */
export function usableBy(own: Participant | undefined, isAlone: boolean, now: number): number {
  if (!own || isOver(own, now)) return 0;
  return isAlone ? own.wants : own.uses;
}

/** What a run writes that was taken for dead, or has to be taken for it. */
export function takePartAnew({ weight, priority, wants }: Terms): Partial<Participant> {
  return { isSilent: false, uses: 0, weight, priority, wants };
}

/** Whether the run's participation is to be renewed by the chain that has so many of its run before it. */
export function isBeatDue({ seenAt, heartbeatSeconds }: Participant, before: number, now: number): boolean {
  const interval = (1000 * heartbeatSeconds) / BEATS_PER_HEARTBEAT;
  return now - seenAt >= interval * (1 + Math.min(before, 3) / 3);
}

/**
 * The next change of a run's own participation on the way to its terms; undefined where there is none to be made now.
 *
 * @param seen.isSettled whether every run at work has seen the participation as it is
 */
export function nextStep(
  own: Participant,
  terms: Terms,
  { isAlone, isSettled }: { readonly isAlone: boolean; readonly isSettled: boolean },
  now: number,
): Partial<Participant> | undefined {
  if (isOver(own, now)) return takePartAnew(terms);
  if (own.weight !== terms.weight || own.priority !== terms.priority) {
    if (own.uses > 0) return { uses: 0 };
    return isSettled ? { ...terms } : undefined;
  }
  const most = Math.min(own.wants, terms.wants);
  if (terms.wants > own.wants) return { wants: terms.wants };
  if (own.uses > most) return { uses: most };
  if (own.uses < most) return isSettled || isAlone ? { uses: most } : undefined;
  return own.wants > terms.wants && isSettled ? { wants: terms.wants } : undefined;
}

/**
 * What is to be done about another run of which nothing is heard; undefined if nothing is.
 *
 * @param observedSilent milliseconds for which the caller has seen no sign of it, by its own clock
 * @param isSettled whether every run at work has seen the participation as it is
 */
export function verdictOn(
  other: Participant,
  observedSilent: number,
  isSettled: boolean,
  now: number,
): 'mark' | 'dismiss' | undefined {
  if (isGone(other, now)) return undefined;
  if (other.isSilent) return isSettled ? 'dismiss' : undefined;
  const heartbeat = 1000 * other.heartbeatSeconds;
  const silent = now - other.seenAt;
  // Whoever has watched it for longer than it takes to renew does not depend on the clock of whoever wrote it.
  const isWatched = observedSilent >= heartbeat / 2 || silent > 4 * heartbeat;
  return silent > SILENT_HEARTBEATS * heartbeat && isWatched ? 'mark' : undefined;
}
