import type { Clock } from '../contract/clock';
import type { LedgerTable } from './ledger-table';
import {
  PARTICIPANTS,
  type Participant,
  type ProviderSettings,
  participantKey,
  type QuotaReading,
  settingsKey,
  type Terms,
} from './participants';
import { ABSENT, has } from './write-conditions';

/** A participation that nobody renews is kept for so long. */
const KEPT_SECONDS = 86_400;
/** What a provider has asked for is written again only if it asks for so much longer. */
const LONGER_MILLISECONDS = 1000;

const ALWAYS = { expression: 'attribute_exists(#pk) OR attribute_not_exists(#pk)' };

/** Everything that the ledger knows of a provider's budget. */
export interface BudgetState {
  readonly settings: ProviderSettings;
  /** In the order in which they joined. */
  readonly participants: readonly Participant[];
}

/** What a run says of itself when it begins to take part. */
export type NewParticipant = Terms &
  Pick<Participant, 'runId' | 'job' | 'heartbeatSeconds' | 'perSecond' | 'concurrency'>;

/** What a link needs of the budgets of its providers. */
export type SharedBudgets = Pick<
  Budgets,
  'read' | 'join' | 'change' | 'renew' | 'markSilent' | 'dismiss' | 'noteCongestion' | 'close' | 'noteQuota'
>;

/** The records of budgets. What may follow on what is decided in `participants.ts`; here it is written. */
export class Budgets {
  constructor(
    private readonly table: LedgerTable,
    private readonly clock: Clock,
  ) {}

  async read(provider: string): Promise<BudgetState> {
    const { pk } = settingsKey(provider);
    let settings: ProviderSettings = {};
    const participants: Participant[] = [];
    for await (const stored of this.table.scan(pk, '')) {
      const { pk: _pk, sk, ...record } = stored;
      if (String(sk).startsWith(PARTICIPANTS)) participants.push(record as unknown as Participant);
      else settings = record;
    }
    participants.sort((a, b) => a.joinedAt - b.joinedAt || (a.runId < b.runId ? -1 : 1));
    return { settings, participants };
  }

  /** Lets the others know of a run, which may use nothing yet. One that takes part already is left as it is. */
  async join(provider: string, run: NewParticipant): Promise<void> {
    const participant = newParticipant(run, this.clock.now());
    await this.table.put(participantKey(provider, run.runId), { ...participant }, ABSENT, () => true);
  }

  /** Changes a participation that is still as it was read, and renews it. False if somebody else was first. */
  async change(provider: string, before: Participant, step: Partial<Participant>): Promise<boolean> {
    const { revision } = before;
    return this.renewWith(provider, before, { ...step, revision: revision + 1 });
  }

  /** Renews a participation, with what the run knows of the provider. False if it has changed since it was read. */
  async renew(
    provider: string,
    before: Participant,
    known: Pick<Participant, 'perSecond' | 'concurrency' | 'waitedSeconds'>,
  ): Promise<boolean> {
    return this.renewWith(provider, before, known);
  }

  /** Takes a run for dead, or says that it has stopped, where it is still as it was read: it uses nothing until it takes part anew. */
  markSilent(provider: string, before: Participant): Promise<void> {
    return this.silence(provider, before, { isSilent: true, uses: 0 });
  }

  /** Counts a silent run no more, where it is still as it was read. */
  dismiss(provider: string, before: Participant): Promise<void> {
    return this.silence(provider, before, { isSilent: true, uses: 0, wants: 0 });
  }

  /** The run has come to its end: nothing of it can be at work. */
  async leave(provider: string, runId: string): Promise<void> {
    await this.table.delete(participantKey(provider, runId), has({ runId }));
  }

  /** Lets the other runs know of one more congestion, where nobody has since the record was read. */
  async noteCongestion(provider: string, { runId, congestions }: Participant): Promise<void> {
    await this.table.update(
      participantKey(provider, runId),
      { congestions: congestions + 1 },
      has({ congestions }),
      () => true,
    );
  }

  /** Closes the provider for all runs until then, in milliseconds since the epoch. One that is closed for about as long is left as it is. */
  async close(provider: string, closedUntil: number): Promise<void> {
    await this.table.update(
      settingsKey(provider),
      { closedUntil },
      {
        expression: 'attribute_not_exists(#closedUntil) OR #closedUntil < :least',
        values: { least: closedUntil - LONGER_MILLISECONDS },
      },
      () => true,
    );
  }

  /** Lets all runs know what was read of the provider's 24-hour quota. */
  async noteQuota(provider: string, { perSecond, perDay, usedToday }: QuotaReading): Promise<void> {
    const quota = { perSecond, perDay, usedToday };
    await this.table.update(settingsKey(provider), { quota }, ALWAYS, () => true);
  }

  /** Sets the calls per second of all runs together, below what the provider lets them do; 0 pauses them. Undefined lifts it. */
  async setRate(provider: string, rate: number | undefined): Promise<void> {
    await this.table.update(settingsKey(provider), { rate: rate ?? null }, ALWAYS, () => true);
  }

  private async silence(provider: string, before: Participant, values: Partial<Participant>): Promise<void> {
    const { runId, revision, seenAt } = before;
    const changed = { ...values, revision: revision + 1 };
    await this.table.update(participantKey(provider, runId), changed, has({ revision, seenAt }), () => true);
  }

  private async renewWith(provider: string, before: Participant, values: Partial<Participant>): Promise<boolean> {
    const { runId, revision, seenAt } = before;
    const now = this.clock.now();
    const { written } = await this.table.update(
      participantKey(provider, runId),
      { ...values, seenAt: Math.max(seenAt, now), expiresAt: keptUntil(now) },
      has({ revision }),
      () => false,
    );
    return written;
  }
}

/** A run that begins to take part now, in milliseconds since the epoch. */
export function newParticipant(run: NewParticipant, now: number): Participant {
  return {
    ...run,
    uses: 0,
    congestions: 0,
    waitedSeconds: 0,
    // Not one that an earlier participation of the run had: whoever saw that has not seen this.
    revision: now,
    isSilent: false,
    joinedAt: now,
    seenAt: now,
    expiresAt: keptUntil(now),
  };
}

function keptUntil(now: number): number {
  return Math.floor(now / 1000) + KEPT_SECONDS;
}
