import type { Clock } from '../contract/clock';
import { type BudgetState, type NewParticipant, newParticipant, type SharedBudgets } from '../ledger/budgets';
import type { Participant } from '../ledger/participants';

/**
 * The budgets of a run that asks no provider for anything: it has all that it wants, and no other run hears of it. Nothing
 * of them is written.
 */
export class LoneBudgets implements SharedBudgets {
  private readonly participants = new Map<string, Participant>();

  constructor(private readonly clock: Clock) {}

  async read(provider: string): Promise<BudgetState> {
    const own = this.participants.get(provider);
    // Nobody takes it for dead.
    return { settings: {}, participants: own ? [{ ...own, seenAt: this.clock.now() }] : [] };
  }

  async join(provider: string, run: NewParticipant): Promise<void> {
    this.participants.set(provider, newParticipant(run, this.clock.now()));
  }

  async change(provider: string, before: Participant, step: Partial<Participant>): Promise<boolean> {
    this.participants.set(provider, { ...before, ...step, revision: before.revision + 1 });
    return true;
  }

  async renew(): Promise<boolean> {
    return true;
  }

  async markSilent(): Promise<void> {}
  async dismiss(): Promise<void> {}
  async noteCongestion(): Promise<void> {}
  async close(): Promise<void> {}
  async noteQuota(): Promise<void> {}
}
