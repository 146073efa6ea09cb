import { startItems } from '../../../functions/chain/start-items';
import type { RefusalKind } from '../../../functions/contract/errors';
import { skip } from '../../../functions/contract/job';
import type { ItemOutcome } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import { always, process, type World } from '../effects/items-world';
import { mailTo } from './fixture';

describe('a chunk', () => {
  const ids: readonly ItemId[] = [1, 2, 'three', 4];
  const addresses = (asked: World['asked']) => asked.map(({ to }) => to.slice(5, -12));

  it('starts its items in order at the pace, and answers in their order whoever is first', async () => {
    const provider = (attempt: number, { clock }: World) =>
      new Promise<RefusalKind | undefined>((resolve) => {
        clock.after(attempt === 1 ? 9000 : 10, () => resolve(attempt === 1 ? 'rejected' : undefined));
      });

    const { outcomes, asked } = await process(provider, undefined, { ids, itemsPerSecond: 2 });

    expect(asked.map(({ at }) => at)).toEqual([0, 500, 1000, 1500]);
    expect(addresses(asked)).toEqual(['1', '2', 'three', '4']);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unprocessed', 'done', 'done', 'done']);
  });

  it('tells when the last item was started, before that item is done', async () => {
    const { events } = await process(
      async (attempt, { clock, events: seen }) => {
        await new Promise<void>((resolve) => {
          clock.after(5000, resolve);
        });
        seen.push(`answer ${attempt}`);
        return undefined;
      },
      undefined,
      { ids: [1, 2], itemsPerSecond: 100 },
    );

    expect(events).toEqual(['started', 'answer 1', 'answer 2']);
  });

  it('spends no time on items that send nothing: their permits go to the next', async () => {
    const { asked } = await process(always(), ({ id, send }) => (id === 4 ? send(mailTo(id)) : skip('unsubscribed')), {
      ids,
      // 1 is not found, the others but the last are skipped.
      data: new Map(ids.slice(1).map((id) => [id, {}])),
      itemsPerSecond: 1,
    });

    expect(asked).toEqual([{ to: 'user-4@example.com', at: 0 }]);
  });

  it('carries every item that was not started when the pace is stopped', async () => {
    const { outcomes, asked } = await process(
      (attempt, { pace }) => {
        if (attempt === 2) pace.stop();
        return undefined;
      },
      undefined,
      { ids },
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'carried', 'carried']);
    expect(asked).toHaveLength(2);
  });

  it('touches no further item once the lease is lost, not even between a job’s start and its send', async () => {
    const { outcomes, asked } = await process(
      always(),
      async ({ id, send }, world) => {
        if (id === 2) world.held = false;
        await send(mailTo(id));
      },
      { ids },
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'carried', 'carried', 'carried']);
    expect(addresses(asked)).toEqual(['1']);
  });

  it('carries an item that is throttled when the link has to end', async () => {
    const { outcomes, asked } = await process(
      (_, { clock, pace }) => {
        clock.after(100, () => pace.stop());
        return 'throttled';
      },
      undefined,
      { itemsPerSecond: 1 },
    );

    expect(outcomes).toEqual([{ outcome: 'carried' }]);
    expect(asked).toHaveLength(1);
  });

  it('carries everything when the lease was lost before its first item', async () => {
    const { outcomes } = await process(always(), undefined, { ids, lease: { held: () => false } });

    expect(outcomes).toEqual(ids.map(() => ({ outcome: 'carried' })));
  });
});

describe('an item whose window closes', () => {
  const items = [1, 2, 3].map((id, index) => ({ id, chunk: 1, index }));
  const started = async (isOpen: (id: number) => boolean, permit = async () => true) => {
    const pace = { permit: jest.fn(permit), refund: jest.fn() };
    const outcomes: Promise<ItemOutcome>[] = [];
    await startItems(items, {
      ...{ pace, mayStart: () => true, isOpen: ({ id }: { readonly id: number }) => isOpen(id) },
      process: async () => ({ outcome: 'done' }),
      onItem: (_, outcome) => outcomes.push(outcome),
    });
    const all = (await Promise.all(outcomes)).map(({ outcome }) => outcome);
    return { outcomes: all, permits: pace.permit.mock.calls.length - pace.refund.mock.calls.length };
  };

  it('is carried without a permit, and the others go on', async () => {
    expect(await started((id) => id !== 2)).toEqual({ outcomes: ['done', 'carried', 'done'], permits: 2 });
  });

  it('while it waits for its permit is carried, and the permit given back', async () => {
    let isClosed = false;
    const closing = async () => {
      isClosed = true;
      return true;
    };
    expect(await started(() => !isClosed, closing)).toEqual({
      outcomes: ['carried', 'carried', 'carried'],
      permits: 0,
    });
  });
});
