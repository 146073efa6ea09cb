import { Refusal, type RefusalKind } from '../../../functions/contract/errors';
import { skip } from '../../../functions/contract/job';
import { ses } from '../../../functions/contract/provider';
import { inDoubt, rejected, throttled } from '../../../functions/contract/verdicts';
import { mailTo } from '../chain/fixture';
import { always, type Process, process } from './items-world';

const BUDGETS = [
  { name: 'erp', perSecond: 1000 },
  { name: 'mail', perSecond: 1000 },
];

/** One item that calls `crm`, which succeeds, and then `erp`. */
async function second(
  erp: 'interrupted' | 'throws' | RefusalKind,
  { crm = false, erpKnows = false }: { readonly crm?: boolean; readonly erpKnows?: boolean } = {},
): Promise<unknown> {
  const job: Process = async ({ call }, { paces }) => {
    await call('crm', () => 1);
    if (erp === 'interrupted') paces.stop();
    if (erp === 'throws') throw new RangeError('between the two');
    await call('erp', () => {
      throw new Refusal(erp as RefusalKind, 'Code', 'no');
    });
  };
  const providers = { crm: { rate: 1000, idempotent: crm }, erp: { rate: 1000, idempotent: erpKnows } };
  const { outcomes } = await process(always(), job, { job: { providers }, budgets: BUDGETS });
  return outcomes[0]?.outcome;
}

describe('an item whose first effect succeeded', () => {
  it.each(['interrupted', 'quota-exhausted', 'rejected', 'throws', 'ambiguous'] as const)(
    'and whose second is %s is in doubt, where the first provider would do it again',
    async (erp) => {
      expect(await second(erp)).toBe('in-doubt');
      expect(await second(erp, { erpKnows: true })).toBe('in-doubt');
    },
  );

  it.each(['interrupted', 'quota-exhausted'] as const)(
    'and whose second is %s comes up again, where the first provider knows the key',
    async (erp) => {
      expect(await second(erp, { crm: true })).toBe('carried');
      expect(await second(erp, { crm: true, erpKnows: true })).toBe('carried');
    },
  );

  it.each(['rejected', 'throws', 'ambiguous'] as const)(
    'and whose second is %s is in doubt even then: another run may come when the key is forgotten',
    async (erp) => {
      expect(await second(erp, { crm: true, erpKnows: true })).toBe('in-doubt');
    },
  );

  it('is in doubt when its link ends before the second, where a mail was the first', async () => {
    const { outcomes } = await process(
      always(),
      async ({ id, send, call }, { paces }) => {
        await send(mailTo(id));
        paces.stop();
        await call('erp', () => 1);
      },
      {
        job: { providers: { mail: ses(), erp: { rate: 1, idempotent: true } } },
        budgets: BUDGETS,
      },
    );

    expect(outcomes).toMatchObject([{ outcome: 'in-doubt' }]);
  });
});

describe('a job that catches what a call was refused with', () => {
  const one = async (job: Process) => {
    const { outcomes } = await process(always(), job, { job: { providers: { crm: { rate: 1000 } } } });
    return outcomes[0];
  };

  it('does not make the item a success', async () => {
    const swallow: Process = async ({ call }) => {
      await call('crm', () => {
        throw rejected('Gone');
      }).catch(() => {});
    };

    expect(await one(swallow)).toMatchObject({ outcome: 'unprocessed', code: 'Gone' });
  });

  it('returns from the attempt what is no failure', async () => {
    const gone: Process = async ({ call }) => {
      const found = await call('crm', () => false);
      return found ? undefined : skip('gone');
    };

    expect(await one(gone)).toEqual({ outcome: 'skipped', reason: 'gone' });
  });
});

describe('what process itself throws, outside of a call', () => {
  const thrown = async (error: unknown, before: Process = () => {}) => {
    const job: Process = async (context, world) => {
      await before(context, world);
      throw error;
    };
    return (await process(always(), job, { job: { providers: { crm: { rate: 1000 } } } })).outcomes[0];
  };

  it.each([
    [rejected('Gone'), { outcome: 'unprocessed', code: 'Gone' }],
    // Nobody paces what process does by itself: asked again and again, the item would never come to an end.
    [throttled(5), { outcome: 'unprocessed', code: 'Throttled' }],
    [inDoubt('NoAnswer'), { outcome: 'in-doubt', code: 'NoAnswer' }],
    [new TypeError('x'), { outcome: 'unprocessed', code: 'TypeError' }],
  ])('%s counts as it says', async (error, outcome) => {
    expect(await thrown(error)).toMatchObject(outcome);
  });

  it.each([rejected('Gone'), throttled(5), new TypeError('x')])(
    'after an effect that succeeded, %s leaves the item in doubt',
    async (error) => {
      expect(await thrown(error, ({ call }) => call('crm', () => 1))).toMatchObject({ outcome: 'in-doubt' });
    },
  );
});
