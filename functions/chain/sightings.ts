import type { Participant } from '../ledger/participants';

/** What was seen of one run, and since when: milliseconds by this process's clock. */
interface Sighting {
  readonly revision: number;
  readonly revisionSince: number;
  readonly seenAt: number;
  readonly seenAtSince: number;
}

/** For how long one process has seen the runs that take part in a budget as they are. */
export class Sightings {
  private byRun = new Map<string, Sighting>();

  /** Takes in what a look has found, which was answered `now`. */
  note(participants: readonly Participant[], now: number): void {
    this.byRun = new Map(
      participants.map(({ runId, revision, seenAt }) => {
        const before = this.byRun.get(runId);
        const revisionSince = before?.revision === revision ? before.revisionSince : now;
        const seenAtSince = before?.seenAt === seenAt ? before.seenAtSince : now;
        return [runId, { revision, revisionSince, seenAt, seenAtSince }];
      }),
    );
  }

  /** Milliseconds without a change that the others must see. */
  unchanged({ runId }: Participant, now: number): number {
    return now - (this.byRun.get(runId)?.revisionSince ?? now);
  }

  /** Milliseconds without a sign of life. */
  silent({ runId }: Participant, now: number): number {
    return now - (this.byRun.get(runId)?.seenAtSince ?? now);
  }
}
