import type { LedgerTable } from './ledger-table';

/** What counts against a run of its mails, since it last reacted. */
export interface RoundCounts {
  readonly bounced: number;
  readonly complained: number;
}

/** What counts against runs, by round: a record for each round of a run. */
export class JudgedFeedback {
  constructor(private readonly table: LedgerTable) {}

  /** Counts one more. Of a writer that dies right before this, one is missing: a limit is met a mail later. */
  async count(runId: string, round: number, kind: keyof RoundCounts, expiresAt: number): Promise<void> {
    await this.table.add(roundKey(runId, round), { [kind]: 1 }, { expiresAt });
  }

  async read(runId: string, round: number): Promise<RoundCounts> {
    const { bounced = 0, complained = 0 } = ((await this.table.get(roundKey(runId, round))) ??
      {}) as Partial<RoundCounts>;
    return { bounced, complained };
  }
}

function roundKey(runId: string, round: number) {
  return { pk: `feedback#${runId}`, sk: `round#${String(round).padStart(4, '0')}` };
}
