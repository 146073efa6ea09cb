import { runFailure } from '../../../functions/contract/errors';
import { RECORD_VERSION } from '../../../functions/contract/versions';
import { activeRunKey, chainKey, itemKey, type RunRecord, runKey } from '../../../functions/ledger/records';
import { reconcileRun } from '../../../functions/run/reconcile';
import { LEDGER_TABLE, type memoryTable, when } from '../chain/fixture';
import { LinkWorld } from '../chain/link-world';
import { CreateWorld } from '../run/create-world';

const LATER = RECORD_VERSION + 1;

type Table = ReturnType<typeof memoryTable>;

/** Lets a record be of another version than this code writes; undefined for version 0. */
async function restamp(table: Table, Key: { pk: string; sk: string }, version: number | undefined): Promise<void> {
  const { Item } = await table.handle('Get', { TableName: LEDGER_TABLE, Key });
  const { version: _, ...rest } = Item as Record<string, unknown>;
  await table.handle('Put', { TableName: LEDGER_TABLE, Item: { ...rest, ...(version !== undefined && { version }) } });
}

const versionOf = async (table: Table, Key: { pk: string; sk: string }) =>
  ((await table.handle('Get', { TableName: LEDGER_TABLE, Key })).Item as Partial<RunRecord>).version;

const DEPLOY_AGAIN = 'of a later deployment: deploy that again, then redrive the execution if it has failed.';

describe('a link', () => {
  let world: LinkWorld;

  beforeEach(async () => {
    world = new LinkWorld();
    await world.store();
  });

  it('whose event is of a later version asks for another attempt, and touches nothing', async () => {
    const before = world.table.snapshot();

    const report = await world.link({ version: 2 });

    expect(report).toMatchObject({ end: 'failed', code: 'Chain.Crashed' });
    expect(world.answers).toMatchObject([
      {
        error: 'Chain.Crashed',
        cause: `LaterVersion: Expected the event of chain 0 of run run-1 to be of version 1 or before, got version 2, ${DEPLOY_AGAIN}`,
      },
    ]);
    expect(world.sent).toEqual([]);
    expect(world.table.snapshot()).toEqual(before);
  });

  it.each([0, 1])(
    'whose run is of a later version asks for another attempt, and touches nothing: link %i',
    async (link) => {
      await restamp(world.table, runKey('run-1'), LATER);
      const before = world.table.snapshot();

      expect(await world.link({ link })).toMatchObject({
        code: 'Chain.Crashed',
        message: expect.stringContaining(
          `the record of run run-1 to be of version ${RECORD_VERSION} or before, got version ${LATER}, ${DEPLOY_AGAIN}`,
        ),
      });
      expect(world.sent).toEqual([]);
      expect(world.table.snapshot()).toEqual(before);
    },
  );

  it('takes no chain of a later version', async () => {
    await restamp(world.table, chainKey('run-1', 0), LATER);
    const before = world.table.snapshot();
    const identity = { runId: 'run-1', chainId: 0, epoch: 0, link: 0, owner: 'earlier' };

    await expect(when(world.clock, world.ledger.claimLink(identity))).rejects.toThrow('chain 0 of run run-1');
    expect(world.table.snapshot()).toEqual(before);
  });

  it('that shares its run with a chain of a later version mails nobody, and another attempt goes on', async () => {
    await restamp(world.table, chainKey('run-1', 1), LATER);

    expect(await world.link()).toMatchObject({ code: 'Chain.Crashed', message: expect.stringContaining('chain 1') });
    expect(world.sent).toEqual([]);
    expect(await versionOf(world.table, chainKey('run-1', 1))).toBe(LATER);

    // The later deployment is there: it knows both versions.
    await restamp(world.table, chainKey('run-1', 1), undefined);
    expect(await world.link({ epoch: 1, taskToken: 'token-1' })).toMatchObject({ end: 'finished', done: 45 });
  });

  it('raises the version of the chain that it takes', async () => {
    await restamp(world.table, runKey('run-1'), undefined);
    await restamp(world.table, chainKey('run-1', 0), undefined);

    expect(await world.link()).toMatchObject({ end: 'finished' });
    expect(await versionOf(world.table, chainKey('run-1', 0))).toBe(RECORD_VERSION);
    expect(await versionOf(world.table, chainKey('run-1', 1))).toBe(RECORD_VERSION);
  });
});

describe('a state that is asked once', () => {
  let world: CreateWorld;

  beforeEach(async () => {
    world = new CreateWorld();
    await world.create('monday', { ids: { first: 1, last: 90 }, chains: 2, rate: 50 });
    world.stop('monday');
  });

  const laterVersion = async (work: Promise<unknown>) => {
    const before = world.contents();
    const failure = await work.then(
      () => undefined,
      (error: unknown) => runFailure(error),
    );
    expect(failure).toMatchObject({ code: 'Run.Unavailable', message: expect.stringContaining(DEPLOY_AGAIN) });
    expect(world.contents()).toEqual(before);
  };

  it('does not resume a run of a later version, and is asked again', async () => {
    await restamp(world.table, runKey('monday'), LATER);

    await laterVersion(world.create('go-on', { resume: 'monday' }));
  });

  it('takes no claim away from a later version', async () => {
    const claim = { pk: 'job#greeting', sk: 'active' };
    await restamp(world.table, claim, LATER);

    await laterVersion(world.create('tuesday', { ids: { first: 1, last: 90 } }));
    await laterVersion(world.create('monday', { ids: { first: 1, last: 90 } }));
  });

  it.each([
    ['run', runKey('monday')],
    ['chain', chainKey('monday', 1)],
    ['item', itemKey({ runId: 'monday', chainId: 0, chunk: 1, index: 2 })],
  ])('proves nothing from the record of a later version: %s', async (_, key) => {
    const item = { runId: 'monday', id: 3, outcome: 'unprocessed', code: 'No', message: 'no', chainId: 0 } as const;
    await world.ledger.recordItem({ ...item, chunk: 1, index: 2, link: 0, at: 0, expiresAt: 1 });
    await restamp(world.table, key, LATER);
    const { ledger, clock, jobs } = world;
    const job = jobs[0]!;

    await laterVersion(
      when(
        clock,
        reconcileRun({ runId: 'monday' }, { ledger, clock, findJob: () => job, findSource: () => job.source }),
      ),
    );
  });
});

describe('a record of a later version', () => {
  let world: CreateWorld;
  const place = activeRunKey('greeting');

  beforeEach(async () => {
    world = new CreateWorld();
    await world.create('monday', { ids: { first: 1, last: 90 }, chains: 2, rate: 50 });
  });

  it.each([
    ['rate', () => world.ledger.setRate('monday', 10)],
    ['status', () => world.ledger.setRunStatus('monday', 'unreconciled')],
    ['status, though it is the one that was wanted', () => world.ledger.setRunStatus('monday', 'running')],
  ])('keeps its %s, and whoever wanted to change it is told', async (_what, change) => {
    await restamp(world.table, runKey('monday'), LATER);
    const before = world.contents();

    await expect(when(world.clock, change())).rejects.toThrow(
      `the record of run monday to be of version ${RECORD_VERSION} or before`,
    );
    expect(world.contents()).toEqual(before);
  });

  it('is not given up by a run of the same name: a later deployment has taken that up', async () => {
    await restamp(world.table, place, LATER);
    const before = world.contents();

    await when(world.clock, world.ledger.claims.giveUp(place, 'monday'));

    expect(world.contents()).toEqual(before);
  });

  it('is what a reconciliation meets that read the run before: it is asked again', async () => {
    const { ledger, clock, jobs } = world;
    for (const chainId of [0, 1]) await world.finish('monday', chainId);
    const { listItems } = ledger;
    jest.spyOn(ledger, 'listItems').mockImplementation(async (...asked) => {
      await restamp(world.table, runKey('monday'), LATER);
      return listItems.apply(ledger, asked);
    });
    const dependencies = { ledger, clock, findJob: () => jobs[0]!, findSource: () => jobs[0]!.source };

    const failure = await when(
      clock,
      reconcileRun({ runId: 'monday' }, dependencies).catch((error: unknown) => runFailure(error)),
    );

    expect(failure).toMatchObject({ code: 'Run.Unavailable' });
    expect(await versionOf(world.table, runKey('monday'))).toBe(LATER);
    expect(await ledger.claims.read(place)).toMatchObject({ runId: 'monday' });
  });
});
