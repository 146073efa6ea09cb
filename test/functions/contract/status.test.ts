import {
  CHAIN_EDGES,
  CHAIN_STATUSES,
  type ChainStatus,
  chainStatusesBefore,
  RUN_EDGES,
  RUN_STATUSES,
  type RunStatus,
  runStatusesBefore,
} from '../../../functions/contract/status';
import { Ledger } from '../../../functions/ledger/ledger';
import { runKey } from '../../../functions/ledger/records';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { VirtualClock } from '../../support/virtual-clock';
import { aChain, aRun, LEDGER_TABLE, memoryTable } from '../chain/fixture';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

const TABLES: readonly [string, readonly string[], readonly Edge[]][] = [
  ['chain', CHAIN_STATUSES, CHAIN_EDGES],
  ['run', RUN_STATUSES, RUN_EDGES],
];

function reachableFrom(start: string, edges: readonly Edge[]): Set<string> {
  const reached = new Set([start]);
  // A Set yields what is added while it is walked.
  for (const status of reached) for (const { from, to } of edges) if (from === status) reached.add(to);
  return reached;
}

describe.each(TABLES)('the statuses of a %s', (_, statuses, edges) => {
  it('have a reason for every edge, and every edge once', () => {
    for (const { because } of edges) expect(because.length).toBeGreaterThan(15);
    expect(new Set(edges.map(({ from, to }) => `${from} → ${to}`)).size).toBe(edges.length);
  });

  it('can all be reached from the first', () => {
    expect(reachableFrom(statuses[0] as string, edges)).toEqual(new Set(statuses));
  });
});

describe('what begins', () => {
  it('begins once: to a planned chain leads only the way back from a canary, and nothing to a run that is being created', () => {
    expect(chainStatusesBefore('planned')).toEqual(['finished']);
    expect(runStatusesBefore('creating')).toEqual([]);
  });
});

describe('what has ended', () => {
  it('stays: nothing leads out of a finished chain, but that it goes on after its canary, or of a reconciled run', () => {
    expect(CHAIN_EDGES.filter(({ from }) => from === 'finished').map(({ to }) => to)).toEqual(['planned']);
    expect(RUN_EDGES.filter(({ from, to }) => from === 'reconciled' && to !== 'reconciled')).toEqual([]);
  });

  it('can be reached from every status before it', () => {
    for (const status of CHAIN_STATUSES) expect(reachableFrom(status, CHAIN_EDGES)).toContain('finished');
    for (const status of RUN_STATUSES) expect(reachableFrom(status, RUN_EDGES)).toContain('reconciled');
  });
});

/** A ledger whose one chain and run stand in the given statuses, written past the ledger. */
async function ledgerIn(chainStatus: ChainStatus, runStatus: RunStatus) {
  const clock = new VirtualClock();
  const table = memoryTable();
  const client = documentClientOver(table) as never;
  const ledger = new Ledger({ client, tableName: LEDGER_TABLE, clock, random: () => 0 });
  await table.handle('Put', { TableName: LEDGER_TABLE, Item: { ...aRun({ status: runStatus }), ...runKey('run-1') } });
  const chain = aChain({ status: chainStatus });
  await table.handle('Put', { TableName: LEDGER_TABLE, Item: { ...chain, pk: 'run#run-1', sk: 'chain#0000' } });
  return { ledger, chain };
}

const PROGRESS = {
  ...{ cursor: 11, given: 10, carry: [], underWay: [], counts: aChain() },
  ...{ failures: 0, unseenInDoubt: 0, throttles: 0 },
};
const pairs = <From, To>(from: readonly From[], to: readonly To[]) =>
  from.flatMap((a) => to.map((b) => [a, b] as const));

describe('the ledger', () => {
  test.each(pairs(RUN_STATUSES, ['running', 'reconciled', 'unreconciled'] as const))(
    'moves a run from %s to %s only if the table has that edge',
    async (from, to) => {
      const { ledger } = await ledgerIn('planned', from);

      await ledger.setRunStatus('run-1', to);

      const exists = runStatusesBefore(to).includes(from);
      expect((await ledger.readRun('run-1'))?.status).toBe(exists ? to : from);
    },
  );

  const settled = ['running', 'handed-off', 'parked', 'interrupted', 'finished'] as const;
  test.each(pairs(CHAIN_STATUSES, settled))(
    'lets the owner settle a chain from %s to %s only if the table has that edge',
    async (from, to) => {
      const { ledger, chain } = await ledgerIn(from, 'running');

      const stored = await ledger.settle(chain, PROGRESS, to);

      const exists = chainStatusesBefore(to).includes(from);
      expect(stored?.status).toBe(exists ? to : undefined);
      expect((await ledger.readChain('run-1', 0))?.status).toBe(exists ? to : from);
    },
  );

  test.each(CHAIN_STATUSES)(
    'gives link 0 of a later epoch a chain that is %s only if the table has that edge',
    async (from) => {
      const { ledger } = await ledgerIn(from, 'running');

      const claim = await ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 1, link: 0, owner: 'next' });

      expect(claim.kind).toBe(chainStatusesBefore('running').includes(from) ? 'claimed' : from);
    },
  );

  test.each(CHAIN_STATUSES)(
    'notes the death of the link of a chain that is %s only if the table has that edge',
    async (from) => {
      const { ledger, chain } = await ledgerIn(from, 'running');

      await ledger.interruptChain(chain, 'out of memory');

      const exists = chainStatusesBefore('interrupted').includes(from);
      expect((await ledger.readChain('run-1', 0))?.status).toBe(exists ? 'interrupted' : from);
    },
  );

  it('adopts a run only in a status that may go to running', async () => {
    for (const from of RUN_STATUSES) {
      const { ledger } = await ledgerIn('planned', from);

      const adopted = await ledger.adoptRun(aRun({ status: from }), 'another execution', {});

      expect(adopted?.status).toBe(runStatusesBefore('running').includes(from) ? 'running' : undefined);
    }
  });
});
