import type { ItemId } from '../../../functions/contract/payloads';
import { activeRunKey, claimedItems } from '../../../functions/ledger/records';
import { idRange } from '../../../functions/sources/id-range';
import { greeting, LEDGER_TABLE, MONDAY, range, sourceWith, when } from './fixture';
import { LinkWorld } from './link-world';

/** The ids of chain 0, without those that have unsubscribed. */
const RECIPIENTS = range(1, 50).filter((id) => id % 10 !== 0);
let world: LinkWorld;

beforeEach(() => {
  world = new LinkWorld();
});

/** Settles the chain as an operator would find it: nothing claimed, nothing running. */
const afterwards = async () => {
  const { status, cursor, carry, claim } = await world.chain();
  return { status, cursor, carry, claim };
};

describe('a link that comes to the end of the partition', () => {
  it('settles, then answers the task with the counts of the chain', async () => {
    await world.store();

    const report = await world.link();

    expect(report).toMatchObject({ end: 'finished', job: 'greeting', done: 45, skipped: 5 });
    expect(report.chunks).toBeGreaterThanOrEqual(5);
    expect(world.ids()).toEqual(RECIPIENTS);
    expect(world.answers).toHaveLength(1);
    expect(world.answers[0]).toMatchObject({ taskToken: 'token-0', chain: { status: 'finished', cursor: 51 } });
    expect(JSON.parse(world.answers[0]?.output as string)).toEqual({
      chainId: 0,
      links: 1,
      done: 45,
      skipped: 5,
      unprocessed: 0,
      inDoubt: 0,
    });
    expect(await afterwards()).toEqual({ status: 'finished', cursor: 51, carry: [], claim: null });
  });

  it('has settled nevertheless when its task was given up in the meantime', async () => {
    await world.store();
    world.onCall = (operation) => {
      if (operation === 'SendTaskSuccess') world.dead.add('token-0');
    };

    expect((await world.link()).end).toBe('lease-lost');
    expect((await world.chain()).status).toBe('finished');
    expect(world.answers).toEqual([]);
  });

  it('is not held up by a slow item: the next chunk is claimed while it is under way', async () => {
    await world.store({ rate: 40 });
    const start = world.clock.now();
    world.provider = (id) =>
      id === 5 ? new Promise((resolve) => world.clock.after(9000, () => resolve(undefined))) : undefined;

    expect((await world.link()).end).toBe('finished');

    const others = world.sent.filter(({ id }) => id !== 5);
    expect(Math.max(...others.map(({ at }) => at)) - start).toBeLessThan(3000);
    expect(world.sent.at(-1)).toMatchObject({ id: 5 });
  });

  it('claims no more while a whole chunk of slow items is under way', async () => {
    await world.store({ rate: 1000, chunkItems: 8 });
    let most = 0;
    let underWay = 0;
    world.provider = async () => {
      underWay += 1;
      most = Math.max(most, claimedItems(await world.chain()).length);
      await new Promise<void>((resolve) => {
        world.clock.after(underWay * 100, resolve);
      });
      underWay -= 1;
      return undefined;
    };

    expect(await world.link()).toMatchObject({ end: 'finished', done: 45 });
    expect(most).toBe(8);
  });

  it('passes over stretches of the source that have no items', async () => {
    await world.store();
    const source = sourceWith({
      read: async (_plan, cursor, end, limit) => {
        const next = Math.min(Number(cursor) + limit, Number(end));
        return { ids: cursor === 21 ? [25] : [], next };
      },
    });
    world.job = greeting({ source });

    expect(await world.link()).toMatchObject({ end: 'finished', done: 1, chunks: 1 });
    expect(world.ids()).toEqual([25]);
  });

  it('answers in less than 300 bytes, whatever the chain counts: the state of an execution is small', async () => {
    await world.store();
    const many = 9_999_999_999;
    const skippedBecause = Object.fromEntries(range(1, 20).map((reason) => [`a-rather-long-reason-${reason}`, many]));
    const counts = { done: many, skipped: many, unprocessed: many, inDoubt: many, links: many, skippedBecause };
    const chain = { ...(await world.chain()), ...counts, status: 'finished', epoch: 0 };
    const Item = { ...chain, pk: 'run#run-1', sk: 'chain#0000' };
    await world.table.handle('Put', { TableName: LEDGER_TABLE, Item });

    await world.link({ epoch: 1 });

    const output = world.answers[0]?.output as string;
    expect(JSON.parse(output)).toMatchObject({ done: many, links: many });
    expect(Buffer.byteLength(output)).toBeLessThan(300);
  });

  it('leaves no timer behind', async () => {
    await world.store();
    await world.link();

    await expect(world.clock.runUntil(() => false)).rejects.toThrow('no timer is left');
  });
});

describe('a link whose time is spent', () => {
  it('settles, records the handoff, then invokes its successor', async () => {
    await world.store({ rate: 20, linkSeconds: 2 });
    let status: Promise<string> | undefined;
    world.onHandoff = () => {
      status = world.chain().then((chain) => chain.status);
    };

    const report = await world.link();

    expect(report).toMatchObject({ end: 'handed-off', handoffMilliseconds: 0 });
    expect(report.milliseconds).toBeGreaterThanOrEqual(2000);
    expect(report.milliseconds).toBeLessThan(2200);
    expect(world.handoffs).toEqual([{ runId: 'run-1', chainId: 0, epoch: 0, link: 1, taskToken: 'token-0' }]);
    expect(await status).toBe('handed-off');
    expect(world.answers).toEqual([]);
    const { cursor, carry, done, skipped, claim } = await world.chain();
    expect(claim).toBeNull();
    // Every item before the cursor is settled or carried.
    expect(done + skipped + carry.length).toBe(Number(cursor) - 1);
    expect(done).toBe(world.sent.length);
  });

  it('is followed by links that take over where it stopped, so that each item is processed once', async () => {
    await world.store({ rate: 20, linkSeconds: 2 });

    let report = await world.link();
    for (let link = 1; report.end === 'handed-off'; link++) report = await world.link({ link });

    expect(report.end).toBe('finished');
    expect([...world.ids()].sort((a, b) => Number(a) - Number(b))).toEqual(RECIPIENTS);
    expect(world.handoffs.length).toBeGreaterThanOrEqual(2);
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, links: world.handoffs.length + 1 });
  });

  it('tells its successor how far its pace has stepped back', async () => {
    await world.store({ rate: 20, linkSeconds: 2 });
    let throttled = false;
    world.provider = () => {
      const refuse = world.sent.length === 15 && !throttled;
      throttled ||= refuse;
      return refuse ? 'throttled' : undefined;
    };
    const first = await world.link();
    const { backOff } = await world.chain();
    expect(first).toMatchObject({ end: 'handed-off', throttles: 1 });
    expect(backOff).toMatchObject({ factor: 0.5, knownGood: 0.8 });

    const before = world.sent.length;
    await world.link({ link: 1 });

    // 2 seconds at 10 per second would be 20 mails.
    expect(world.sent.length - before).toBeLessThan(17);
  });

  it('ends early enough for Lambda not to end it: 3 minutes before, or a third of a short timeout', async () => {
    await world.store({ rate: 0.05, linkSeconds: 900 });
    world.timeoutSeconds = 30;
    expect((await world.link()).milliseconds).toBe(20_000);

    world.timeoutSeconds = 900;
    expect((await world.link({ link: 1 })).milliseconds).toBe(720_000);
  });

  it('waits for the sends that are under way before it settles', async () => {
    await world.store({ rate: 20, linkSeconds: 2 });
    world.provider = (id) =>
      id < 10 ? undefined : new Promise((resolve) => world.clock.after(9000, () => resolve(undefined)));

    const report = await world.link();

    expect(report.milliseconds).toBeGreaterThan(10_000);
    expect((await world.chain()).done).toBe(world.sent.length);
  });

  it('does not invoke a successor once the run was stopped, and leaves the chain interrupted', async () => {
    await world.store({ rate: 20, linkSeconds: 2 });
    world.clock.after(1990, () => world.dead.add('token-0'));

    expect((await world.link()).end).toBe('lease-lost');
    expect(world.handoffs).toEqual([]);
    expect((await world.chain()).status).toBe('interrupted');
  });

  it('has its chain interrupted by the successor, if the run was stopped between the two', async () => {
    await world.store({ rate: 20, linkSeconds: 2 });
    expect((await world.link()).end).toBe('handed-off');
    world.dead.add('token-0');

    expect((await world.link({ link: 1 })).end).toBe('lease-lost');
    expect(await world.chain()).toMatchObject({ status: 'interrupted', link: 0, claim: null });
  });

  it('claims nothing while the run is paused, and the time is not held against the chain', async () => {
    await world.store({ rate: 0, linkSeconds: 60 });

    expect(await world.link()).toMatchObject({ end: 'handed-off', chunks: 0, done: 0 });
    expect(await world.chain()).toMatchObject({ cursor: 1, claim: null, sequence: 1, fullLinks: 1, links: 1 });
  });

  it('goes on when the budget is given back while it works', async () => {
    await world.store({ rate: 0, linkSeconds: 60 });
    world.clock.after(10_000, () => void world.ledger.setRate('run-1', 1000));

    expect(await world.link()).toMatchObject({ end: 'finished', done: 45 });
    expect(world.sent[0]?.at).toBeGreaterThanOrEqual(world.clock.now() - 2500);
  });
});

describe('a link whose lease is lost', () => {
  it('before it began never claims the chain', async () => {
    await world.store();
    world.dead.add('token-0');

    expect(await world.link()).toMatchObject({ end: 'lease-lost', chunks: 0 });
    expect(await world.chain()).toMatchObject({ status: 'planned', links: 0 });
    expect(world.sent).toEqual([]);
  });

  it('in the middle of a chunk starts no further item, and settles what it knows', async () => {
    await world.store({ rate: 2, heartbeatSeconds: 6 });
    world.clock.after(5000, () => world.dead.add('token-0'));
    const stoppedAt = world.clock.now() + 5000;

    expect((await world.link()).end).toBe('lease-lost');

    // A heartbeat is due every two seconds: the next one finds out.
    expect(Math.max(...world.sent.map(({ at }) => at))).toBeLessThanOrEqual(stoppedAt + 2000);
    const { status, claim, cursor, carry, done, skipped } = await world.chain();
    expect({ status, claim }).toEqual({ status: 'interrupted', claim: null });
    expect(done).toBe(world.sent.length);
    expect(done + skipped + carry.length).toBe(Number(cursor) - 1);
    expect(world.answers).toEqual([]);
    expect(world.handoffs).toEqual([]);
  });

  it('claims no further chunk: it asks before each one, not only on its timer', async () => {
    await world.store({ rate: 5, heartbeatSeconds: 3600 });
    world.clock.after(500, () => world.dead.add('token-0'));

    expect((await world.link()).end).toBe('lease-lost');

    // Five items a second, and an answer of the last second will do.
    expect(world.ids()).toEqual(range(1, 4));
    expect(await world.chain()).toMatchObject({ cursor: 11, claim: null, carry: range(5, 10) });
  });

  it('claims chunks for a second at most without asking, however fast they come', async () => {
    await world.store({ rate: 20, heartbeatSeconds: 3600 });
    const stoppedAt = world.clock.now() + 500;
    world.clock.after(500, () => world.dead.add('token-0'));

    expect((await world.link()).end).toBe('lease-lost');

    // Of the chunk claimed last, the items are still started: the lease was held when it was claimed.
    const claimedAt = Math.max(...world.sent.map(({ at }) => at)) - 500;
    expect(claimedAt).toBeLessThanOrEqual(stoppedAt + 1000);
    expect(await world.chain()).toMatchObject({ status: 'interrupted', claim: null });
  });

  it('leaves to the next epoch what it did not start, so that nobody is processed twice or forgotten', async () => {
    await world.store({ rate: 20, heartbeatSeconds: 6 });
    world.clock.after(1000, () => world.dead.add('token-0'));
    await world.link();

    expect((await world.link({ epoch: 1, taskToken: 'token-1' })).end).toBe('finished');
    expect([...world.ids()].sort((a, b) => Number(a) - Number(b))).toEqual(RECIPIENTS);
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, inDoubt: 0 });
  });

  it.each(['the daily quota', 'the data'])('settles though %s is asked for in vain', async (what) => {
    await world.store({ rate: 100, heartbeatSeconds: 6, dailyAllowance: 24 });
    const never = new Promise<never>(() => {});
    if (what === 'the daily quota') world.quota = () => never;
    else {
      const load = async (ids: readonly ItemId[]) => (ids.includes(25) ? never : new Map(ids.map((id) => [id, id])));
      world.job = greeting({ load });
    }
    world.clock.after(3000, () => world.dead.add('token-0'));

    expect((await world.link()).end).toBe('lease-lost');
    expect(await world.chain()).toMatchObject({ status: 'interrupted', claim: null, inDoubt: 0 });
  });

  it('keeps it by heartbeats while it works', async () => {
    await world.store({ rate: 2, heartbeatSeconds: 6 });

    expect((await world.link()).end).toBe('finished');

    const gaps = world.heartbeats.slice(1).map((at, index) => at - (world.heartbeats[index] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2000);
  });
});

describe('a link that is not the one to work', () => {
  it('ends as a duplicate without a word', async () => {
    await world.store({ rate: 2 });
    const first = world.start();
    await world.clock.advance(1000);

    expect(await world.link()).toMatchObject({ end: 'duplicate', chunks: 0 });
    expect(world.answers).toEqual([]);
    expect((await when(world.clock, first)).end).toBe('finished');
    expect(world.ids()).toEqual(RECIPIENTS);
  });

  it('answers that it is superseded when a later epoch holds the chain', async () => {
    await world.store();
    await world.ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 1000, link: 0, owner: 'later' });

    expect((await world.link()).end).toBe('superseded');
    expect(world.answers).toMatchObject([
      {
        error: 'Chain.Superseded',
        cause: 'Chain 0 of run run-1 is served by a later execution: follow that one.',
        chain: { owner: 'later' },
      },
    ]);
    expect(world.sent).toEqual([]);
  });

  it('lets go for a later attempt that waits, within seconds, and nobody is in doubt', async () => {
    await world.store({ rate: 8, heartbeatSeconds: 3600 });
    const before = world.start();
    await world.clock.advance(500);
    const later = world.start({ epoch: 1000, taskToken: 'token-1' });

    const waitedFrom = world.clock.now();
    expect((await when(world.clock, before)).end).toBe('superseded');
    expect(world.clock.now() - waitedFrom).toBeLessThan(3000);
    expect((await when(world.clock, later)).end).toBe('finished');
    expect([...world.ids()].sort((a, b) => Number(a) - Number(b))).toEqual(RECIPIENTS);
    expect(await world.chain()).toMatchObject({ inDoubt: 0, done: 45, skipped: 5, awaited: null });
  });

  it('is judged by a later attempt when a heartbeat interval is over, and touches no further chunk then', async () => {
    await world.store({ rate: 10, heartbeatSeconds: 30 });
    // It has claimed a chunk, and hears of nothing any more.
    const reads = jest.spyOn(world.ledger, 'readRun');
    let isDeaf = false;
    const zombie = world.start(
      {},
      {
        ledger: new Proxy(world.ledger, {
          get: (ledger, name) =>
            isDeaf && (name === 'readRun' || name === 'settle' || name === 'claimChunk')
              ? () => new Promise(() => {})
              : (Reflect.get(ledger, name).bind?.(ledger) ?? Reflect.get(ledger, name)),
        }),
        send: () => new Promise(() => {}),
      },
    );
    await world.clock.advance(500);
    isDeaf = true;
    const waitedFrom = world.clock.now();
    const later = world.start({ epoch: 1, taskToken: 'token-1' });

    expect((await when(world.clock, later)).end).toBe('finished');
    expect(world.sent[0]?.at).toBeGreaterThanOrEqual(waitedFrom + 30_000);
    expect(await world.chain()).toMatchObject({ inDoubt: 4, done: 41, skipped: 5 });
    void zombie;
    reads.mockRestore();
  });

  it('does not wait for an owner that is known to be dead', async () => {
    await world.store({ rate: 20, heartbeatSeconds: 3600 });
    void world.start({}, { send: () => new Promise(() => {}) });
    await world.clock.advance(200);
    await world.ledger.interruptChain(await world.chain(), 'Sandbox.Timedout');
    const startedAt = world.clock.now();

    expect((await world.link({ epoch: 1, taskToken: 'token-1' })).end).toBe('finished');
    expect((world.sent[0]?.at ?? 0) - startedAt).toBeLessThan(200);
  });

  it('that was redriven beside a later run of its job is refused before it touches anything', async () => {
    const run = await world.store();
    const other = { runId: 'run-2', executionArn: 'arn:run-2', redriveCount: 0 };
    await world.ledger.claims.take(activeRunKey('greeting'), other);

    expect(await world.link({ epoch: 1000 })).toMatchObject({
      end: 'failed',
      code: 'Run.Overlapping',
      message:
        'Run run-2 of the job greeting is still active: wait until it ends or stop its execution, then start again.',
    });
    expect(await world.chain()).toMatchObject({ status: 'planned' });
    expect(world.sent).toEqual([]);

    world.ended.add('arn:run-2');
    expect((await world.link({ epoch: 2000, taskToken: 'token-2' })).end).toBe('finished');
    expect(await world.ledger.claims.read(activeRunKey('greeting'))).toMatchObject({
      runId: 'run-1',
      executionArn: run.executionArn,
      redriveCount: 2,
    });
  });

  it('of an execution from which another has taken the run over says so', async () => {
    const run = await world.store();
    await world.ledger.adoptRun(run, 'arn:later', {});

    expect((await world.link()).end).toBe('superseded');
    expect(world.answers).toMatchObject([{ error: 'Chain.Superseded' }]);
    expect(await world.chain()).toMatchObject({ status: 'planned' });
  });

  it('only repeats the result of a chain that has finished', async () => {
    await world.store();
    await world.link();
    const first = world.answers[0]?.output;

    const report = await world.link({ epoch: 1, taskToken: 'token-1' });

    expect(report).toMatchObject({ end: 'finished', done: 0, chunks: 0 });
    expect(world.answers[1]).toMatchObject({ taskToken: 'token-1', output: first });
    expect(world.ids()).toEqual(RECIPIENTS);
  });
});

describe('the report of a link', () => {
  it('counts what came to an outcome in its hands, the items that a dead link left in doubt included', async () => {
    await world.store({ rate: 20 });
    void world.start({}, { send: () => new Promise(() => {}) });
    await world.clock.advance(200);
    await world.ledger.interruptChain(await world.chain(), 'out of memory');

    const report = await world.link({ epoch: 1, taskToken: 'token-1' });

    expect(report).toMatchObject({ end: 'finished', done: 41, skipped: 5, inDoubt: 4, unprocessed: 0 });
    expect(await world.chain()).toMatchObject({ done: 41, skipped: 5, inDoubt: 4 });
  });

  it('tells where the run stands', async () => {
    await world.store({ rate: 20, quotaPerSecond: 50, linkSeconds: 2 });

    expect((await world.link()).run).toMatchObject({ budgetPerSecond: 20, quotaPerSecond: 50 });
    // 100 items at 20 per second, and ten minutes that nobody minds.
    const { run } = await world.link({ link: 1 });
    expect(run?.elapsedShare).toBeCloseTo((world.clock.now() - MONDAY) / 1000 / 605);

    await world.ledger.setRate('run-1', 0);
    expect((await world.link({ link: 2 })).run).toEqual({ budgetPerSecond: 0, quotaPerSecond: 50 });
  });
});

describe('the sources of a link', () => {
  it('are read ahead: the next chunk is there when the last item of this one is under way', async () => {
    await world.store();
    const reads: number[] = [];
    const source = sourceWith({
      read: async (plan, cursor, end, limit) => {
        reads.push(world.sent.length);
        return idRange().read(plan, cursor, end, limit);
      },
    });
    world.job = greeting({ source });
    world.provider = () => new Promise((resolve) => world.clock.after(60_000, () => resolve(undefined)));
    await world.link();

    expect(reads.slice(0, 2)).toEqual([0, 0]);
  });
});
