import { sleep } from '../../../functions/contract/clock';
import type { RefusalKind } from '../../../functions/contract/errors';
import { LinkWorld } from './link-world';

let world: LinkWorld;

beforeEach(() => {
  world = new LinkWorld();
});

/** A later epoch takes the chain, because it believes that whoever had it is gone. */
async function takeTheChain(): Promise<undefined> {
  await world.ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 1, link: 0, owner: 'later' }, true);
}

/** The chain is taken while the provider answers one mail. */
function takenAtMail(taken: number, answer?: RefusalKind): void {
  world.provider = async (id) => {
    if (id !== taken) return undefined;
    await takeTheChain();
    return answer;
  };
}

/** The link ended without a word: nothing was answered, invoked or written over. */
async function expectQuietEnd(): Promise<void> {
  expect(world.answers).toEqual([]);
  expect(world.handoffs).toEqual([]);
  expect(await world.chain()).toMatchObject({ owner: 'later', epoch: 1, status: 'running' });
}

describe('a link whose chain is taken', () => {
  it('before it claims again ends quietly', async () => {
    await world.store({ chunkItems: 10 });
    takenAtMail(3);

    expect(await world.link()).toMatchObject({ end: 'superseded' });
    await expectQuietEnd();
    expect(world.ids().length).toBeLessThan(45);
  });

  it('before it settles the end of the partition ends quietly', async () => {
    await world.store();
    takenAtMail(49);

    expect(await world.link()).toMatchObject({ end: 'superseded', done: 45 });
    await expectQuietEnd();
  });

  it('before it hands over ends quietly', async () => {
    await world.store({ rate: 4, linkSeconds: 5 });
    world.provider = async (id) => {
      if (id !== 4) return undefined;
      // By then the link's time is spent: it claims nothing more, and waits for this mail.
      await sleep(world.clock, 5000);
      return takeTheChain();
    };

    expect(await world.link()).toMatchObject({ end: 'superseded' });
    await expectQuietEnd();
  });

  it('while it settles what a dead link had claimed ends quietly', async () => {
    await world.store({ heartbeatSeconds: 6 });
    const claim = await world.ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: -1, link: 0, owner: 'dead' }, true);
    const progress = { ...claim.chain, counts: claim.chain, underWay: [] };
    await world.ledger.claimChunk(claim.chain, [1, 2], { ...progress, cursor: 3 });
    const read = jest.spyOn(world.ledger, 'readChunkItems').mockImplementationOnce(async () => {
      await takeTheChain();
      return new Map();
    });

    expect(await world.link()).toMatchObject({ end: 'superseded', done: 0 });
    await expectQuietEnd();
    expect(read).toHaveBeenCalledTimes(1);
    expect(world.ids()).toEqual([]);
  });

  it('tries no mail again that was throttled: whoever has the chain decides what becomes of it', async () => {
    await world.store({ rate: 1, chunkItems: 10 });
    const asked: number[] = [];
    world.provider = async (id) => {
      asked.push(id);
      if (id === 1) await takeTheChain();
      return id === 1 ? 'throttled' : undefined;
    };

    expect(await world.link()).toMatchObject({ end: 'superseded' });
    await expectQuietEnd();
    expect(asked.filter((id) => id === 1)).toHaveLength(1);
  });
});
