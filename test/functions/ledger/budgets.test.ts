import type { NewParticipant } from '../../../functions/ledger/budgets';
import type { Participant } from '../../../functions/ledger/participants';
import { describeLedger } from './ledger-world';

describeLedger((world) => {
  const newcomer = (change: Partial<NewParticipant> = {}): NewParticipant => ({
    ...{ runId: 'mail', job: 'digest', heartbeatSeconds: 60, weight: 1, priority: 0, wants: 80 },
    ...{ perSecond: 100, concurrency: null },
    ...change,
  });
  /** A provider of its own for each test. */
  const provider = () => `provider-of-${world.runId}`;
  const budgets = () => world.ledger.budgets;
  const participant = async (runId = 'mail') =>
    (await budgets().read(provider())).participants.find((one) => one.runId === runId) as Participant;

  describe('keeps who takes part in a provider’s budget:', () => {
    it('a newcomer is known to all, and uses nothing yet', async () => {
      await budgets().join(provider(), newcomer());
      expect(await participant()).toMatchObject({ ...newcomer(), uses: 0, congestions: 0, isSilent: false });
    });

    it('to join again changes nothing', async () => {
      await budgets().join(provider(), newcomer());
      const before = await participant();
      await budgets().change(provider(), before, { uses: 80 });
      await budgets().join(provider(), newcomer({ wants: 5 }));
      expect(await participant()).toMatchObject({ wants: 80, uses: 80, revision: before.revision + 1 });
    });

    it('they are told in the order in which they joined, and apart from what is set for all', async () => {
      await budgets().join(provider(), newcomer({ runId: 'z' }));
      await new Promise((resolve) => setImmediate(resolve));
      await budgets().join(provider(), newcomer({ runId: 'a' }));
      await budgets().setRate(provider(), 20);
      const { settings, participants } = await budgets().read(provider());
      expect(settings).toEqual({ rate: 20 });
      expect(new Set(participants.map(({ runId }) => runId))).toEqual(new Set(['a', 'z']));
      expect([...participants].sort((a, b) => a.joinedAt - b.joinedAt)).toEqual(participants);
    });

    it('only one of two changes to the same participation takes effect', async () => {
      await budgets().join(provider(), newcomer());
      const before = await participant();
      expect(await budgets().change(provider(), before, { uses: 10 })).toBe(true);
      expect(await budgets().change(provider(), before, { uses: 80 })).toBe(false);
      expect(await participant()).toMatchObject({ uses: 10 });
    });

    it('a change that was made and not answered is made once', async () => {
      await budgets().join(provider(), newcomer());
      const before = await participant();
      world.client.faults.push('answer lost');
      await budgets().change(provider(), before, { uses: 10 });
      expect(await participant()).toMatchObject({ uses: 10, revision: before.revision + 1 });
    });

    it('a participation that is renewed is as it was, and cannot be taken for dead as it was seen before', async () => {
      await budgets().join(provider(), newcomer());
      const before = await participant();
      await budgets().renew(
        provider(),
        { ...before, seenAt: before.seenAt + 5 },
        {
          ...{ perSecond: 90, concurrency: 7, waitedSeconds: 3 },
        },
      );
      await budgets().markSilent(provider(), before);
      await budgets().dismiss(provider(), before);
      const after = await participant();
      expect(after).toMatchObject({ perSecond: 90, concurrency: 7, waitedSeconds: 3, isSilent: false });
      expect(after.revision).toBe(before.revision);
      expect(after.seenAt).toBeGreaterThan(before.seenAt);
    });

    it('one that is taken for dead uses nothing, and cannot be renewed as it was seen before', async () => {
      await budgets().join(provider(), newcomer());
      await budgets().change(provider(), await participant(), { uses: 80 });
      const before = await participant();
      await budgets().markSilent(provider(), before);
      expect(await participant()).toMatchObject({ isSilent: true, uses: 0, wants: 80 });
      const known = { perSecond: 90, concurrency: null, waitedSeconds: 0 };
      expect(await budgets().renew(provider(), before, known)).toBe(false);
      await budgets().dismiss(provider(), before);
      expect(await participant()).toMatchObject({ wants: 80 });
      await budgets().dismiss(provider(), await participant());
      expect(await participant()).toMatchObject({ isSilent: true, uses: 0, wants: 0 });
    });

    it('whoever leaves is gone, and whoever did not take part may leave', async () => {
      await budgets().join(provider(), newcomer());
      await budgets().leave(provider(), 'mail');
      await budgets().leave(provider(), 'mail');
      expect((await budgets().read(provider())).participants).toEqual([]);
    });

    it('a congestion that several chains have met is counted once', async () => {
      await budgets().join(provider(), newcomer());
      const before = await participant();
      await budgets().noteCongestion(provider(), before);
      await budgets().noteCongestion(provider(), before);
      expect(await participant()).toMatchObject({ congestions: 1, revision: before.revision });
    });
  });

  describe('keeps what is set for all runs at a provider:', () => {
    it('its rate, until that is lifted', async () => {
      await budgets().setRate(provider(), 0);
      expect((await budgets().read(provider())).settings).toEqual({ rate: 0 });
      await budgets().setRate(provider(), undefined);
      expect((await budgets().read(provider())).settings).toEqual({ rate: null });
    });

    it('until when it is closed: the longest time, written once for all who heard about the same', async () => {
      await budgets().close(provider(), 100_000);
      await budgets().close(provider(), 100_500);
      expect((await budgets().read(provider())).settings).toEqual({ closedUntil: 100_000 });
      await budgets().close(provider(), 50_000);
      await budgets().close(provider(), 101_500);
      expect((await budgets().read(provider())).settings).toEqual({ closedUntil: 101_500 });
    });
  });
});
