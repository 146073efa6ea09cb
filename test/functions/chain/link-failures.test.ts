import { WorkerChainsError } from '../../../functions/contract/errors';
import { linkBudget } from '../../../functions/ledger/attempts';
import { type ChainRecord, claimedItems } from '../../../functions/ledger/records';
import { noAnswer, sdkError } from '../../support/sdk-errors';
import { greeting, LEDGER_TABLE, sourceWith } from './fixture';
import { LinkWorld } from './link-world';

let world: LinkWorld;

beforeEach(() => {
  world = new LinkWorld();
});

describe('a link that fails', () => {
  it('settles, then answers the task with what was thrown', async () => {
    await world.store();
    world.job = greeting({
      load: async (ids) => {
        if (ids.includes(30)) throw sdkError('ResourceNotFoundException', 400, 'There is no such table.');
        return new Map(ids.map((id) => [id, id]));
      },
    });

    const report = await world.link();

    const message = 'ResourceNotFoundException: There is no such table.';
    // It had got something done: that costs no retry.
    expect(report).toMatchObject({ end: 'failed', code: 'Chain.Interrupted', message });
    const { done, skipped } = report;
    expect(world.ids()).toHaveLength(done);
    expect(done).toBeGreaterThan(9);
    expect(world.answers).toMatchObject([
      { error: 'Chain.Interrupted', cause: message, chain: { status: 'interrupted' } },
    ]);
    expect(await world.chain()).toMatchObject({
      cursor: 1 + done + skipped,
      claim: null,
      done,
      lastError: message,
    });
  });

  it('fails for a source that does not advance with Chain.Runaway', async () => {
    await world.store();
    world.job = greeting({ source: sourceWith({ read: async (_plan, cursor) => ({ ids: [1], next: cursor }) }) });

    expect(await world.link()).toMatchObject({
      end: 'failed',
      code: 'Chain.Runaway',
      message:
        'The source id-range of chain 0 must advance from 1 towards 51 by at most 10 items, but it answered 1 item and 1.',
    });
    expect(world.sent).toEqual([]);
  });

  it('costs a retry if it got nothing done', async () => {
    await world.store();
    world.job = greeting({ load: async () => Promise.reject(new Error('no data')) });

    expect(await world.link()).toMatchObject({ end: 'failed', code: 'Chain.Crashed', message: 'Error: no data' });
    expect(world.answers).toMatchObject([{ error: 'Chain.Crashed' }]);
  });

  it('fails for a spent daily quota with Chain.QuotaExhausted, and carries what the provider refused', async () => {
    await world.store();
    world.provider = (id) => (id > 12 ? 'quota-exhausted' : undefined);

    expect(await world.link()).toMatchObject({ end: 'failed', code: 'Chain.QuotaExhausted', done: 11 });
    const { status, carry, claim, done, skipped, cursor } = await world.chain();
    expect({ status, claim, done, unprocessed: 0 }).toEqual({
      status: 'interrupted',
      claim: null,
      done: 11,
      unprocessed: 0,
    });
    expect(carry).toContain(13);
    expect(done + skipped + carry.length).toBe(Number(cursor) - 1);
  });

  it('tells of an error without the addresses in it: not in the ledger, nor in the execution, nor in the log', async () => {
    await world.store();
    world.job = greeting({ load: () => Promise.reject(new Error('There is no row of zoe@example.org.')) });

    const report = await world.link();

    expect(report).toMatchObject({ end: 'failed', message: expect.stringContaining('There is no row of') });
    expect(JSON.stringify([report, await world.chain(), world.answers])).not.toContain('zoe@');
  });

  it('fails for more failures than the job tolerates with Chain.TooManyFailures', async () => {
    await world.store({ tolerateUnprocessed: 0.05 });
    world.provider = (id) => (id % 2 === 0 ? 'rejected' : undefined);

    const report = await world.link();

    expect(report).toMatchObject({
      end: 'failed',
      code: 'Chain.TooManyFailures',
      message:
        '6 of 100 items failed where the job tolerates 5: look at the items unprocessed or in doubt, mend the cause, then redrive the execution.',
    });
    expect(await world.chain()).toMatchObject({
      status: 'interrupted',
      failures: 6,
      unprocessed: 6,
      done: 7,
      claim: null,
    });
  });

  it('fails for a successor that could not be invoked with Chain.HandoffFailed, and can be resumed', async () => {
    await world.store({ rate: 20, linkSeconds: 1 });
    world.onHandoff = () => {
      throw new WorkerChainsError('Chain.HandoffFailed', 'Link 1 of chain 0 could not be invoked: throttled');
    };

    expect(await world.link()).toMatchObject({ end: 'failed', code: 'Chain.HandoffFailed' });
    expect((await world.chain()).status).toBe('interrupted');
    expect(world.answers).toMatchObject([{ error: 'Chain.HandoffFailed' }]);
  });

  it('rejects only when not even the failure could be reported: then Lambda reports it', async () => {
    await world.store();
    world.job = greeting({ load: async () => Promise.reject(new Error('no data')) });
    world.onCall = (operation) => {
      if (operation === 'SendTaskFailure') throw noAnswer();
    };

    await expect(world.link()).rejects.toThrow('socket hang up');
    expect((await world.chain()).status).toBe('interrupted');
  });

  it('fails when the ledger does not know its run', async () => {
    expect(await world.link()).toMatchObject({
      end: 'failed',
      code: 'Chain.Crashed',
      message: 'Error: Run run-1 is not in the ledger.',
    });
  });

  it('leaves an item whose outcome could not be recorded to the next epoch, which finds it in doubt', async () => {
    await world.store();
    world.provider = (id) => (id === 12 ? 'rejected' : undefined);
    const record = jest.spyOn(world.ledger, 'recordItem').mockRejectedValueOnce(new Error('the table is gone'));

    expect(await world.link()).toMatchObject({
      end: 'failed',
      code: 'Chain.Interrupted',
      message: 'Error: the table is gone',
    });
    record.mockRestore();
    const interrupted = await world.chain();
    expect(interrupted.status).toBe('interrupted');
    expect(claimedItems(interrupted)).toMatchObject([{ id: 12 }]);
    expect(interrupted.done).toBe(world.sent.length);

    await world.link({ epoch: 1, taskToken: 'token-1' });
    expect(await world.chain()).toMatchObject({ status: 'finished', inDoubt: 1, done: 44 });
    expect(new Set(world.ids()).size).toBe(world.sent.length);
  });
});

describe('the link budget', () => {
  const put = async (change: Partial<ChainRecord>) =>
    world.table.handle('Put', {
      TableName: LEDGER_TABLE,
      Item: { ...(await world.chain()), ...change, pk: 'run#run-1', sk: 'chain#0000' },
    });
  const budget = linkBudget(50, 10);

  it('ends a chain that has used more links than its partition can need', async () => {
    await world.store();
    await put({ status: 'handed-off', epoch: 0, link: 7, links: budget });

    expect(await world.link({ link: 8 })).toMatchObject({
      end: 'failed',
      code: 'Chain.Runaway',
      message: `Chain 0 has used ${budget + 1} links that ended before their time where its partition allows ${budget}.`,
    });
    expect(world.sent).toEqual([]);
  });

  it('lets a chain use all of it', async () => {
    await world.store();
    await put({ status: 'handed-off', epoch: 0, link: 7, links: budget - 1 });

    expect((await world.link({ link: 8 })).end).toBe('finished');
  });

  it('counts a link that hands over at once', async () => {
    await world.store({ rate: 0, linkSeconds: 60 });
    world.timeoutSeconds = 0;

    expect(await world.link()).toMatchObject({ end: 'handed-off', chunks: 0 });
    expect(await world.chain()).toMatchObject({ fullLinks: 0, links: 1 });
  });

  it('lets a slow pace use as many links as it takes', async () => {
    await world.store({ rate: 0.5, linkSeconds: 3, heartbeatSeconds: 3600 });
    await put({ status: 'handed-off', epoch: 0, link: 7, links: budget - 5 });

    let report = await world.link({ link: 8 });
    for (let link = 9; report.end === 'handed-off'; link++) report = await world.link({ link });

    expect(report.end).toBe('finished');
    expect((await world.chain()).links).toBeGreaterThan(budget);
  });

  it('forgives the links that used their time', async () => {
    await world.store();
    await put({ status: 'handed-off', epoch: 0, link: 7, links: budget + 30, fullLinks: 31 });

    expect((await world.link({ link: 8 })).end).toBe('finished');
  });

  it('forgives a redrive the links before it, and a retry none', async () => {
    await world.store();
    await put({ status: 'interrupted', epoch: 0, link: 7, links: budget + 30 });

    expect(await world.link({ epoch: 1 })).toMatchObject({ end: 'failed', code: 'Chain.Runaway' });
    expect((await world.link({ epoch: 1000, taskToken: 'token-1' })).end).toBe('finished');
  });
});
