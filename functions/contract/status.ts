/**
 * Every status that the ledger knows and every edge between two of them, with its reason. The ledger takes the
 * conditions of its writes from here: a write that would lead along no edge changes nothing.
 */

export const CHAIN_STATUSES = ['planned', 'running', 'handed-off', 'parked', 'interrupted', 'finished'] as const;
export type ChainStatus = (typeof CHAIN_STATUSES)[number];

export const RUN_STATUSES = ['creating', 'running', 'reconciled', 'unreconciled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

interface Edge<Status> {
  readonly from: Status;
  readonly to: Status;
  readonly because: string;
}

export const CHAIN_EDGES: readonly Edge<ChainStatus>[] = [
  { from: 'planned', to: 'running', because: 'link 0 of the first attempt claimed the chain' },
  { from: 'running', to: 'running', because: 'the link claimed its next chunk, or a later epoch fenced it out' },
  { from: 'running', to: 'handed-off', because: 'the link settled, and is about to invoke its successor' },
  { from: 'handed-off', to: 'running', because: 'the successor claimed the chain, or a later epoch did' },
  { from: 'running', to: 'interrupted', because: 'the link lost its lease, failed, or died' },
  { from: 'handed-off', to: 'interrupted', because: 'the successor could not be invoked, or its event expired' },
  { from: 'interrupted', to: 'running', because: 'link 0 of a later epoch resumes from the cursor' },
  { from: 'running', to: 'parked', because: 'none of its items may be started at this hour' },
  { from: 'parked', to: 'running', because: 'link 0 of a later epoch looks whether its hour has come' },
  { from: 'running', to: 'finished', because: 'every item of the partition is settled' },
  {
    from: 'finished',
    to: 'planned',
    because: 'its canary is judged: it goes through its partition for everybody else',
  },
];

export const RUN_EDGES: readonly Edge<RunStatus>[] = [
  { from: 'creating', to: 'running', because: 'every chain is in the ledger' },
  { from: 'running', to: 'running', because: 'another execution resumes the run' },
  { from: 'unreconciled', to: 'running', because: 'another execution resumes the run' },
  {
    from: 'running',
    to: 'reconciled',
    because: 'the partitions tile the source and the outcomes add up to what was given',
  },
  { from: 'running', to: 'unreconciled', because: 'the proof failed' },
  { from: 'unreconciled', to: 'reconciled', because: 'a redrive proved it after all' },
  { from: 'unreconciled', to: 'unreconciled', because: 'a redrive failed to prove it again' },
  { from: 'reconciled', to: 'reconciled', because: 'the same proof was asked for again' },
];

/** The statuses from which a chain may go to `to`. */
export function chainStatusesBefore(to: ChainStatus): readonly ChainStatus[] {
  return CHAIN_EDGES.filter((edge) => edge.to === to).map((edge) => edge.from);
}

/** The statuses from which a run may go to `to`. */
export function runStatusesBefore(to: RunStatus): readonly RunStatus[] {
  return RUN_EDGES.filter((edge) => edge.to === to).map((edge) => edge.from);
}

/** Whether a link has the chain, or is about to. */
export function isAtWork({ status }: { readonly status: ChainStatus }): boolean {
  return status === 'running' || status === 'handed-off';
}
