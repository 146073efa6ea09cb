import type { BudgetState } from '../../functions/ledger/budgets';
import { newParticipant } from '../../functions/ledger/budgets';
import type { Ledger } from '../../functions/ledger/ledger';
import { rateLimitOf } from '../../page/rate-limit';
import { aRun } from '../functions/chain/fixture';

const NOW = 1_000_000_000;

const taking = (runId: string, wants: number) => ({
  ...newParticipant(
    { runId, job: 'digest', heartbeatSeconds: 60, perSecond: 100, concurrency: null, weight: 1, priority: 0, wants },
    NOW,
  ),
});

function limitOf(run: Parameters<typeof aRun>[0], state: Partial<BudgetState> = {}) {
  // What a job calls SES is not the name under which all jobs share it.
  const read = async (name: string) => ({ settings: {}, participants: [], ...(name === 'ses' && state) });
  const ledger = { budgets: { read } } as unknown as Pick<Ledger, 'budgets'>;
  const providers = [{ name: 'mail', budget: 'ses', perSecond: 100 }];
  return rateLimitOf(aRun({ runId: 'mine', providers, ...run }), ledger, NOW);
}

it('is what is set for the run, where that is less than its part', async () => {
  expect(await limitOf({ rate: 20 }, { participants: [taking('mine', 20)] })).toEqual({ itemsPerSecond: 20 });
  expect(await limitOf({ rate: 20, itemsPerPermit: 5 })).toEqual({ itemsPerSecond: 100 });
  expect(await limitOf({ rate: 0.132, itemsPerPermit: 25 })).toEqual({ itemsPerSecond: 3.3 });
  expect(await limitOf({ rate: 20, providers: undefined })).toEqual({ itemsPerSecond: 20 });
});

it('is its part of the budget, where others take part or an operator has set less', async () => {
  const participants = [taking('mine', 100), taking('other', 100)];
  expect(await limitOf({ rate: 100 }, { participants })).toEqual({ itemsPerSecond: 50 });
  expect(await limitOf({ rate: 100 }, { participants, settings: { rate: 30 } })).toEqual({ itemsPerSecond: 15 });
  const gone = { ...taking('other', 100), isSilent: true, wants: 0 };
  expect(await limitOf({ rate: 100 }, { participants: [taking('mine', 100), gone] })).toEqual({ itemsPerSecond: 100 });
});

it('says why it is nothing, or until when', async () => {
  expect(await limitOf({ rate: 0, pausedBecause: '3 % bounced' })).toEqual({
    itemsPerSecond: 0,
    pausedBecause: '3 % bounced',
  });
  expect(await limitOf({ rate: 9, pausedBecause: '3 % bounced' })).toEqual({ itemsPerSecond: 9 });
  const closedUntil = new Date(NOW + 1).toISOString();
  expect(await limitOf({ rate: 9 }, { settings: { closedUntil: NOW + 1 } })).toEqual({
    itemsPerSecond: 9,
    closedUntil,
  });
  expect(await limitOf({ rate: 9 }, { settings: { closedUntil: NOW } })).toEqual({ itemsPerSecond: 9 });
  expect(await limitOf({ rate: 9 }, { settings: { rate: 0 } })).toEqual({ itemsPerSecond: 0, pausedProvider: 'ses' });
  // Its own rate is to be set first, by its own command.
  expect(await limitOf({ rate: 0 }, { settings: { rate: 0 } })).toEqual({ itemsPerSecond: 0 });
});
