import 'aws-sdk-client-mock-jest';
import { METRICS, METRICS_NAMESPACE } from '../../functions/contract/names';
import type { Ledger } from '../../functions/ledger/ledger';
import { handler } from '../../functions/reconcile-run';
import { storeRun } from './chain/fixture';
import { freshTables, lambda, Output, ses, sfn } from './handler-world';

const output = new Output();
let ledger: Ledger;

beforeEach(async () => {
  ({ ledger } = freshTables());
  await storeRun(ledger, {
    job: 'weekly-digest',
    plan: { start: 1, end: 51, items: 50 },
    partitions: [{ start: 1, end: 51, items: 50 }],
    createdAt: Date.now() - 12_340,
  });
  output.listen();
});
afterEach(() => jest.restoreAllMocks());

async function finishChain(): Promise<void> {
  const claim = await ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 0, link: 0, owner: 'finisher' });
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const { chain } = claim;
  const counts = { ...chain, done: 47, skipped: 2, unprocessed: 1, skippedBecause: { unsubscribed: 2 } };
  await ledger.recordItem({
    ...{ runId: 'run-1', id: 8, outcome: 'unprocessed', chainId: 0, chunk: 1, index: 7, link: 0, at: 0, expiresAt: 0 },
    ...{ code: 'MessageRejected', message: 'Email address is not verified: user.8@example.com' },
  });
  await ledger.settle(chain, { ...chain, cursor: 51, given: 50, counts, underWay: [] }, 'finished');
}

describe('ReconcileRun', () => {
  it('answers the report of a run that adds up, asking nobody but the ledger', async () => {
    await finishChain();

    expect(await handler({ runId: 'run-1' })).toMatchObject({
      runId: 'run-1',
      job: 'weekly-digest',
      ...{ planned: 50, done: 47, skipped: 2, unprocessed: 1, inDoubt: 0, chains: 1, links: 1 },
      topErrors: [{ code: 'MessageRejected', count: 1, exampleIds: [8] }],
    });
    expect([...sfn.calls(), ...lambda.calls(), ...ses.calls()]).toEqual([]);
    expect((await ledger.readRun('run-1'))?.status).toBe('reconciled');
  });

  it('prints the report and the metrics of the run, without a mail address', async () => {
    await finishChain();

    const report = await handler({ runId: 'run-1' });

    expect(output.logs).toEqual([expect.objectContaining({ level: 'INFO', message: 'run reconciled', report })]);
    expect(output.metrics).toMatchObject([
      {
        namespaces: [METRICS_NAMESPACE],
        dimensions: [{ service: 'worker-chains', job: 'weekly-digest' }],
        values: { [METRICS.runsReconciled]: 1, [METRICS.runSeconds]: report.elapsedSeconds },
      },
    ]);
    expect(report.elapsedSeconds).toBeGreaterThanOrEqual(12.3);
    expect(output.raw).not.toContain('@');
  });

  it('throws Run.Unreconciled by that name, with what does not add up, and reports no success', async () => {
    await expect(handler({ runId: 'run-1' })).rejects.toMatchObject({
      name: 'Run.Unreconciled',
      message: 'Run run-1 does not add up: chain 0 is planned at 1 of 51.',
    });
    expect(output.raw).toBe('');
  });
});
