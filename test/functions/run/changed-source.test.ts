import { itemsOf, type SourcePlan } from '../../../functions/contract/source';
import { judgedItems } from '../../../functions/ledger/attempts';
import { chainKey, type ItemRecord } from '../../../functions/ledger/records';
import { reconcileRun } from '../../../functions/run/reconcile';
import { leftovers } from '../../../functions/sources/leftovers';
import { VirtualClock } from '../../support/virtual-clock';
import { aChain, aRun, greeting, LEDGER_TABLE, ledgerOver, memoryTable, sourceWith, storeRun } from '../chain/fixture';
import { CreateWorld } from './create-world';

const clock = new VirtualClock();
let table: ReturnType<typeof memoryTable>;
let ledger: ReturnType<typeof ledgerOver>;

beforeEach(() => {
  table = memoryTable();
  ledger = ledgerOver(table, clock);
});

/** A run of two chains that have read their partitions to the end and were given so many items each. */
async function readToTheEnd(plan: Partial<SourcePlan>, given: readonly [number, number], settled = given) {
  const partitions = [
    { start: 1, end: 501 },
    { start: 501, end: 1001 },
  ];
  await storeRun(ledger, { plan: { start: 1, end: 1001, ...plan }, partitions });
  for (const [chainId, partition] of partitions.entries()) {
    const { items: _, ...chain } = aChain({ chainId, status: 'finished', ...partition, cursor: partition.end });
    const Item = { ...chain, ...chainKey('run-1', chainId), given: given[chainId], done: settled[chainId] };
    await table.handle('Put', { TableName: LEDGER_TABLE, Item });
  }
}

const reconcile = () =>
  reconcileRun({ runId: 'run-1' }, { ledger, clock, findJob: () => greeting(), findSource: (_, job) => job.source });

describe('a run whose rows went and came', () => {
  it.each([
    ['three of 1000 planned are gone', { items: 1000 }, [500, 497], { planned: 1000, given: 997, gone: 3, added: 0 }],
    ['two came', { items: 1000 }, [502, 500], { planned: 1000, given: 1002, gone: 0, added: 2 }],
    ['all of them are gone', { items: 1000 }, [0, 0], { planned: 1000, given: 0, gone: 1000, added: 0 }],
    ['only about how many was known', { estimate: 5 }, [500, 497], { estimated: 5, given: 997, gone: 0, added: 0 }],
    ['nothing was known', {}, [500, 497], { given: 997, gone: 0, added: 0 }],
  ] as const)('is proven and says so: %s', async (_, plan, given, told) => {
    await readToTheEnd(plan, given);

    const report = await reconcile();

    expect(report).toMatchObject({ ...told, done: told.given });
    expect(Object.keys(report).filter((key) => ['planned', 'estimated'].includes(key))).toEqual(
      Object.keys(told).filter((key) => ['planned', 'estimated'].includes(key)),
    );
    expect((await ledger.readRun('run-1'))?.status).toBe('reconciled');
  });

  it('is not proven where an item that was given has no outcome, whatever was planned', async () => {
    await readToTheEnd({ items: 999 }, [500, 500], [500, 499]);

    await expect(reconcile()).rejects.toMatchObject({
      code: 'Run.Unreconciled',
      message: 'Run run-1 does not add up: chain 1 was given 500 items and settled 499.',
    });
  });

  it('leads on from there all the same: what it left over can be taken up once no chain has anything left to do', async () => {
    await readToTheEnd({ items: 999 }, [500, 500], [500, 499]);
    const lost: ItemRecord = {
      ...{ runId: 'run-1', id: 7, outcome: 'unprocessed', code: 'Lost', message: '', chainId: 0, chunk: 1, index: 0 },
      ...{ link: 0, at: 0, expiresAt: 0 },
    };
    await ledger.recordItem(lost);
    await ledger.setRunStatus('run-1', 'unreconciled');

    const source = leftovers(ledger);
    const plan = await source.plan({ job: 'greeting', unprocessedOf: 'run-1' });
    expect(itemsOf(await source.read(plan, '', plan.end, 10))).toEqual([{ id: 7 }]);

    const chain = { ...aChain({ chainId: 1, status: 'interrupted' }), ...chainKey('run-1', 1) };
    await table.handle('Put', { TableName: LEDGER_TABLE, Item: chain });
    await expect(source.plan({ job: 'greeting', unprocessedOf: 'run-1' })).rejects.toThrow('which is unreconciled');
  });
});

describe('a run whose source does not know its number', () => {
  const creating = async (plan: Partial<SourcePlan>, input: object = {}) => {
    const world = new CreateWorld();
    const source = sourceWith({
      plan: async () => ({ start: 0, end: 1_000_000_000, ...plan }),
      split: async () => [{ start: 0, end: 1_000_000_000, ...plan }],
    });
    world.jobs = [greeting({ source })];
    world.quota = { perSecond: 100, perDay: 1000, usedToday: 0 };
    await world.create('monday', input);
    return world;
  };

  it('is not refused for a quota or a time that nobody can foresee', async () => {
    const world = await creating({});

    expect(await world.run('monday')).toMatchObject({ plan: { start: 0, end: 1_000_000_000 } });
    const [chain] = await world.ledger.readChains('monday');
    expect(chain).toMatchObject({ given: 0, linkBudget: 50 });
    expect(chain).not.toHaveProperty('items');
  });

  it.each([
    [{ estimate: 501 }, {}, 'The run needs about 501 of the 24-hour sending quota, of which 500 are left'],
    [{ items: 501 }, {}, 'The run needs 501 of the 24-hour sending quota'],
    [{ estimate: 60_000_001 }, { allowPartial: true, rate: 100 }, 'got about 60000001 items at 100 per second'],
  ])('is refused by what it expects, and told what that is: %j', async (plan, input, sentence) => {
    await expect(creating(plan, input)).rejects.toThrow(sentence);
  });

  it('is judged by what was given where that is more, and not by its first item', () => {
    const of = (plan: Partial<SourcePlan>, given: number) =>
      judgedItems(aRun({ plan: { start: 0, end: 9, ...plan } }), [aChain({ given }), aChain({ given: 0 })]);

    expect(of({}, 0)).toBe(1000);
    expect(of({}, 1001)).toBe(1001);
    expect(of({ estimate: 10 }, 0)).toBe(10);
    expect(of({ estimate: 10 }, 11)).toBe(11);
    expect(of({ items: 100 }, 3)).toBe(100);
  });
});
