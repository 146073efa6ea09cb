import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { RunRecord } from '../../../functions/ledger/records';
import { ChainWorld, comeOut, idsOf, type LinkHands, nextOf, UNPROCESSED } from './chain-world';
import { storeRun } from './fixture';

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

describe('a chain guards the tolerance of the run', () => {
  async function withFailures(own: number, others: number, run: Partial<RunRecord>): Promise<LinkHands> {
    await storeRun(world.ledger, run);
    const claim = await world.ledger.claimLink({ runId: 'run-1', chainId: 1, epoch: 0, link: 0, owner: 'other' });
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    await world.ledger.settle(
      claim.chain,
      { ...claim.chain, counts: NO_COUNTS, failures: others, underWay: [] },
      'running',
    );
    const link = await world.linkIn({ run });
    const chunk = await nextOf(link);
    await comeOut(
      link,
      await link.chain.claim(chunk),
      idsOf(chunk).map((_, index) => (index < own ? UNPROCESSED : { outcome: 'done' })),
    );
    return link;
  }

  it('over the failures of all its chains', async () => {
    await expect((await withFailures(3, 2, { tolerateUnprocessed: 0.05 })).tolerance.guard()).resolves.toBeUndefined();
    world = new ChainWorld();
    await expect((await withFailures(3, 3, { tolerateUnprocessed: 0.05 })).tolerance.guard()).rejects.toMatchObject({
      code: 'Chain.TooManyFailures',
      message:
        '6 of 100 items failed where the job tolerates 5: look at the items unprocessed or in doubt, mend the cause, then redrive the execution.',
    });
  });

  it('without rounding up what is allowed', async () => {
    await expect((await withFailures(1, 0, { tolerateUnprocessed: 0.009 })).tolerance.guard()).rejects.toMatchObject({
      code: 'Chain.TooManyFailures',
    });
  });

  it('without the failures that a redrive has forgiven', async () => {
    const link = await withFailures(6, 0, { tolerateUnprocessed: 0.05 });
    await link.chain.settle('interrupted');

    const retried = await world.linkIn({ epoch: 1, run: { tolerateUnprocessed: 0.05 } });
    await expect(retried.tolerance.guard()).rejects.toMatchObject({ code: 'Chain.TooManyFailures' });
    const redriven = await world.linkIn({ epoch: 1000, run: { tolerateUnprocessed: 0.05 } });
    await expect(redriven.tolerance.guard()).resolves.toBeUndefined();
  });
});
