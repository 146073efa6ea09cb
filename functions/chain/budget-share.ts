import type { Clock } from '../contract/clock';
import { LONGEST_RETRY_AFTER_SECONDS } from '../contract/verdicts';
import type { BudgetState, NewParticipant, SharedBudgets } from '../ledger/budgets';
import {
  budgetOf,
  isBeatDue,
  isGone,
  isOver,
  LOOK_MILLISECONDS,
  nextStep,
  type Participant,
  type QuotaReading,
  SETTLED_MILLISECONDS,
  takePartAnew,
  usableBy,
  verdictOn,
} from '../ledger/participants';
import { sharesOf, slotsOf } from '../ledger/shares';
import type { Asked } from '../run/budget';
import { Sightings } from './sightings';

/** Throttles within this time belong to one congestion, of which the other runs hear once. */
const NEWS_MILLISECONDS = 10_000;
/** The chains of a run tend its participation in turn: each lets those before it have so long. */
const TURN_MILLISECONDS = 2000;
const MOST_TURNS = 5;
/** Writes that may follow on each other at once, where nobody else must see the one before. */
const STEPS_AT_ONCE = 3;

export interface BudgetShareOptions {
  /** Name under which the ledger keeps the budget. */
  readonly provider: string;
  readonly budgets: SharedBudgets;
  readonly clock: Clock;
  readonly run: Pick<NewParticipant, 'runId' | 'job' | 'heartbeatSeconds'>;
  /** Milliseconds for which a call may go on, where the provider counts those that are under way; 0 where it does not. */
  readonly callMilliseconds: number;
  /** Whether the run's own chains hear of each other's throttles here: those of the items' provider do in their records. */
  readonly hearsOwnRun: boolean;
}

/** What a run may do at a provider. */
export interface Given {
  /** Calls per second of all its chains. */
  readonly perSecond: number;
  /** Calls of all its chains at a time; undefined if there is no such limit. */
  readonly slots: number | undefined;
  /** It counts until then, in milliseconds since the epoch by this process's clock. */
  readonly until: number;
  /** Nothing is started before, in milliseconds since the epoch; 0 if the provider is open. */
  readonly closedUntil: number;
}

/**
 * A run's share of one provider's budget, as one of its links sees it: looks at the runs that take part, says what this
 * one may do, and takes the steps of its participation. The rules are in `ledger/participants.ts` and `ledger/shares.ts`.
 *
 * @see docs/decisions/0025-one-budget.md
 */
export class BudgetShare {
  private state: BudgetState = { settings: {}, participants: [] };
  /** When the look was asked for. */
  private lookedAt = Number.NEGATIVE_INFINITY;
  private readonly sightings = new Sightings();
  /** Congestions that this process knows of, by run. */
  private congestions = new Map<string, number>();
  private notedAt = Number.NEGATIVE_INFINITY;
  private closed = 0;
  private knownQuota = '';

  constructor(private readonly options: BudgetShareOptions) {}

  /** Runs that take part and want something, this one included. */
  get runs(): number {
    return 1 + this.others().filter(({ wants }) => wants > 0).length;
  }

  /** Seconds that the run has waited, all in all, because others had their parts. */
  get waitedSeconds(): number {
    return this.own()?.waitedSeconds ?? 0;
  }

  /**
   * Looks at the runs that take part. Answers whether one of them has met a congestion since the look before, of which this
   * process did not know.
   *
   * @throws Error of the SDK where the ledger did not answer for ten minutes
   */
  async look(): Promise<{ readonly isCongested: boolean }> {
    const { clock, provider, budgets } = this.options;
    const askedAt = clock.now();
    const state = await budgets.read(provider);
    if (askedAt < this.lookedAt) return { isCongested: false };
    this.lookedAt = askedAt;
    this.state = state;
    this.sightings.note(state.participants, clock.now());
    return { isCongested: this.hearCongestions() };
  }

  /** Takes part, where the run does not yet or no longer, and looks again. */
  async join(asked: Asked): Promise<void> {
    const { clock, provider, budgets, run } = this.options;
    const own = this.own();
    if (own && !isOver(own, clock.now())) return;
    if (own) await budgets.change(provider, own, takePartAnew(asked));
    else
      await budgets.join(provider, {
        runId: run.runId,
        job: run.job,
        heartbeatSeconds: run.heartbeatSeconds,
        ...asked,
      });
    await this.look();
  }

  /** Says that nothing of the run is at work any more: the others need not wait until it was silent for long. */
  async retire(): Promise<void> {
    const { provider, budgets } = this.options;
    await this.look();
    const own = this.own();
    if (own && !own.isSilent) await budgets.markSilent(provider, own);
  }

  /** What the run may do, as of the last look. */
  given({ wants, perSecond, concurrency }: Asked): Given {
    const { clock, run } = this.options;
    const { settings } = this.state;
    const now = clock.now();
    const own = this.own();
    const others = this.others();
    const usable = Math.min(wants, usableBy(own, this.isAlone(), now));
    const budget = budgetOf(settings, [{ perSecond }, ...others]) ?? 0;
    const demands = this.state.participants
      .filter((one) => one === own || others.includes(one))
      .map((one) => (one === own ? { ...one, wants: usable } : one));
    const limits = [concurrency, ...others.map((other) => other.concurrency)].filter((limit) => limit !== null);
    return {
      perSecond: sharesOf(demands, budget).get(run.runId) ?? 0,
      slots: limits.length > 0 ? (slotsOf(demands, Math.min(...limits)).get(run.runId) ?? 0) : undefined,
      until: this.lookedAt + LOOK_MILLISECONDS,
      // By the clock of whoever wrote it, which may be wrong: never for longer than any provider is left alone.
      closedUntil: Math.min(settings.closedUntil ?? 0, now + 1000 * LONGEST_RETRY_AFTER_SECONDS),
    };
  }

  /**
   * Takes the next step of the run's participation, renews it, and takes those for dead of whom nothing is heard: the chain
   * that has `before` others of its run before it waits for them to do it.
   */
  async tend(asked: Asked, before: number): Promise<void> {
    for (let steps = 0; steps < STEPS_AT_ONCE; steps++) {
      await this.join(asked);
      if (!(await this.step(asked, before))) break;
      await this.look();
    }
    await this.renew(asked, before);
    // From now on it is known for how long the others can have seen it.
    if (await this.buryOthers(before)) await this.look();
  }

  /** What another link has read of the provider's 24-hour quota since this one asked last; undefined if it is known. */
  newQuota(): QuotaReading | undefined {
    const { quota } = this.state.settings;
    const isKnown = quota === undefined || keyOf(quota) === this.knownQuota;
    if (quota) this.knownQuota = keyOf(quota);
    return isKnown ? undefined : quota;
  }

  /** Lets the others know what this link has read of the 24-hour quota. */
  noteQuota(quota: QuotaReading): void {
    const { budgets, provider } = this.options;
    this.knownQuota = keyOf(quota);
    // Who does not hear of it reads it when its own part is used up.
    if (Number.isFinite(quota.perDay)) void budgets.noteQuota(provider, quota).catch(() => {});
  }

  /** Milliseconds until something is due that waits for others to have seen what came before; undefined where nothing does. */
  untilSettled({ wants }: Asked): number | undefined {
    const waiting = this.state.participants.filter((one) =>
      one === this.own() ? one.uses < Math.min(one.wants, wants) : one.isSilent && one.wants > 0,
    );
    if (waiting.length === 0) return undefined;
    const now = this.options.clock.now();
    const longest = Math.max(...waiting.map((one) => this.sightings.unchanged(one, now)));
    return Math.max(0, this.settledMilliseconds() - longest);
  }

  /** The run was throttled: the others use the same quota, and hear of it once per congestion. */
  noteThrottle(closedUntil?: number): void {
    const { clock, provider, budgets } = this.options;
    const now = clock.now();
    if (closedUntil !== undefined && closedUntil > this.closed) {
      this.closed = closedUntil;
      // Who does not hear of it meets the same answer.
      void budgets.close(provider, closedUntil).catch(() => {});
    }
    const own = this.own();
    const { hearsOwnRun } = this.options;
    if (!own || now - this.notedAt < NEWS_MILLISECONDS || (this.isAlone() && !hearsOwnRun)) return;
    this.notedAt = now;
    if (hearsOwnRun) this.congestions.set(own.runId, own.congestions + 1);
    void budgets.noteCongestion(provider, own).catch(() => {});
  }

  private own(): Participant | undefined {
    return this.state.participants.find(({ runId }) => runId === this.options.run.runId);
  }

  private others(): readonly Participant[] {
    const now = this.options.clock.now();
    return this.state.participants.filter((one) => one.runId !== this.options.run.runId && !isGone(one, now));
  }

  private isAlone(): boolean {
    return this.runs === 1;
  }

  private settledMilliseconds(): number {
    return SETTLED_MILLISECONDS + this.options.callMilliseconds;
  }

  private async step(asked: Asked, before: number): Promise<boolean> {
    const { clock, provider, budgets } = this.options;
    const own = this.own();
    if (!own) return false;
    const turn = TURN_MILLISECONDS * Math.min(before, MOST_TURNS);
    const unchanged = this.sightings.unchanged(own, clock.now());
    if (unchanged < turn) return false;
    const isSettled = unchanged - turn >= this.settledMilliseconds();
    const { weight, priority, wants, perSecond, concurrency } = asked;
    const terms = { weight, priority, wants };
    const step = nextStep(own, terms, { isAlone: this.isAlone(), isSettled }, clock.now());
    if (!step) return false;
    const waitedSeconds = this.waitedUntilNow(own, asked);
    return budgets.change(provider, own, { ...step, perSecond, concurrency, waitedSeconds });
  }

  private async renew(asked: Asked, before: number): Promise<void> {
    const { clock, provider, budgets } = this.options;
    const { perSecond, concurrency } = asked;
    const own = this.own();
    if (!own) return;
    const isNews = before === 0 && (own.perSecond !== perSecond || own.concurrency !== concurrency);
    if (!isNews && !isBeatDue(own, before, clock.now())) return;
    await budgets.renew(provider, own, { perSecond, concurrency, waitedSeconds: this.waitedUntilNow(own, asked) });
  }

  /** Answers whether anything was written. */
  private async buryOthers(before: number): Promise<boolean> {
    const { clock, provider, budgets, run } = this.options;
    const now = clock.now();
    let hasWritten = false;
    for (const other of this.state.participants.filter(({ runId }) => runId !== run.runId)) {
      const unchanged = this.sightings.unchanged(other, now);
      if (unchanged < TURN_MILLISECONDS * Math.min(before, MOST_TURNS)) continue;
      const isSettled = unchanged >= this.settledMilliseconds();
      const verdict = verdictOn(other, this.sightings.silent(other, now), isSettled, now);
      if (verdict === 'mark') await budgets.markSilent(provider, other);
      if (verdict === 'dismiss') await budgets.dismiss(provider, other);
      hasWritten ||= verdict !== undefined;
    }
    return hasWritten;
  }

  /** What was waited before, and since then as long as this look's share says: the look is one of many. */
  private waitedUntilNow({ waitedSeconds, seenAt, heartbeatSeconds, wants }: Participant, asked: Asked): number {
    const least = Math.min(wants, asked.wants);
    if (least === 0) return waitedSeconds;
    const seconds = Math.min(heartbeatSeconds, Math.max(0, (this.options.clock.now() - seenAt) / 1000));
    return waitedSeconds + seconds * (1 - this.given(asked).perSecond / least);
  }

  /** Whether there is a congestion that there was not at the look before. */
  private hearCongestions(): boolean {
    const before = this.congestions;
    const own = this.options.hearsOwnRun ? this.own() : undefined;
    const heard = own ? [...this.others(), own] : this.others();
    this.congestions = new Map(
      heard.map(({ runId, congestions }) => [
        runId,
        Math.max(congestions, runId === own?.runId ? (before.get(runId) ?? 0) : 0),
      ]),
    );
    return heard.some(({ runId, congestions }) => congestions > (before.get(runId) ?? congestions));
  }
}

function keyOf({ perSecond, perDay, usedToday }: QuotaReading): string {
  return `${perSecond} ${perDay} ${usedToday}`;
}
