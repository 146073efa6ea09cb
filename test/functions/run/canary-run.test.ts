import type { FeedbackKind } from '../../../functions/ledger/feedback';
import type { ChainRecord } from '../../../functions/ledger/records';
import { judgeCanary } from '../../../functions/run/canary-judgement';
import { VirtualClock } from '../../support/virtual-clock';
import { type aRun, greeting, ledgerOver, MONDAY, memoryTable, storeRun } from '../chain/fixture';
import { CreateWorld } from './create-world';

const LIMITS = { bounces: 0.05, complaints: 0.001, leastMails: 1000, action: 'stop' } as const;
const CANARY = { share: 0.1, feedbackSeconds: 600 };
const IDS = { first: 1, last: 90 };

describe('a run of a job with a canary', () => {
  let world: CreateWorld;
  beforeEach(() => {
    world = new CreateWorld();
    world.jobs = [greeting({ canary: { share: 0.1 } })];
  });
  const create = (execution: string, input: object) => world.create(execution, input);
  const takes = async (runId: string) => (await world.ledger.readChains(runId)).map((chain) => chain.takes);

  it('begins with it, and waits ten minutes for what is said of its mails', async () => {
    expect(await create('monday', { ids: IDS, chains: 3 })).toMatchObject({
      ...{ epochBase: 0, chains: [0, 1, 2], canary: { feedbackSeconds: 600 } },
    });
    expect(await takes('monday')).toEqual(['canary', 'canary', 'canary']);
  });

  it('does not wait where it sends no mails, and as long as the job says', async () => {
    world.jobs = [greeting({ providers: { crm: { rate: 10 } }, canary: { share: 0.1 } })];
    expect((await create('calls', { ids: IDS })).canary).toEqual({ feedbackSeconds: 0 });

    world = new CreateWorld();
    world.jobs = [greeting({ canary: { share: 0.1, feedbackSeconds: 30 } })];
    expect((await create('mails', { ids: IDS })).canary).toEqual({ feedbackSeconds: 30 });
  });

  it('has none over ids that somebody has listed', async () => {
    const { canary } = await create('monday', { ids: [1, 2, 3] });

    expect(canary).toBeUndefined();
    expect(await takes('monday')).toEqual([undefined]);
  });

  it('that is resumed before the judgement goes on with those of the canary alone, and is judged', async () => {
    await create('monday', { ids: IDS, chains: 3 });
    await world.finish('monday', 1);
    world.stop('monday');

    expect(await create('go-on', { resume: 'monday' })).toMatchObject({
      ...{ epochBase: 1_000_000, chains: [0, 2], canary: { feedbackSeconds: 600 } },
    });
  });

  it('that is resumed after it goes on with everybody else', async () => {
    await create('monday', { ids: IDS, chains: 3 });
    for (const chainId of [0, 1, 2]) await world.finish('monday', chainId);
    const { ledger, clock } = world;
    await judgeCanary({ runId: 'monday', epoch: 0 }, { ledger, clock });
    world.stop('monday');

    const resumed = await create('go-on', { resume: 'monday' });

    expect(resumed).toMatchObject({ epochBase: 1_000_000, chains: [0, 1, 2] });
    expect(resumed.canary).toBeUndefined();
  });
});

describe('the judgement', () => {
  const clock = new VirtualClock();
  let ledger: ReturnType<typeof ledgerOver>;
  let table: ReturnType<typeof memoryTable>;
  beforeEach(() => {
    table = memoryTable();
    ledger = ledgerOver(table, clock);
  });

  /** A run whose chains are through with the canary: so many mails, so many items that failed. */
  async function through(done: number, unprocessed = 0, change: Parameters<typeof aRun>[0] = {}): Promise<void> {
    await storeRun(ledger, { feedback: LIMITS, canary: CANARY, tolerateUnprocessed: 0.05, ...change });
    for (const chainId of [0, 1]) {
      const claim = await ledger.claimLink({ runId: 'run-1', chainId, epoch: 7, link: 0, owner: `owner-${chainId}` });
      const chain = claim.chain;
      const counts = { done, unprocessed, skipped: 0, inDoubt: 0, skippedBecause: {} };
      const given = done + unprocessed;
      const progress = { ...chain, cursor: chain.end, counts, given, failures: unprocessed, underWay: [] };
      await ledger.settle(chain, progress, 'finished');
    }
  }

  async function say(kind: FeedbackKind, times: number): Promise<void> {
    for (let index = 0; index < times; index++) {
      await ledger.feedback.note({
        ...{ runId: 'run-1', chainId: 0, chunk: 1, index, id: index, itemTag: `tag-${index}`, kind },
        ...{ messageId: `mail-${kind}-${index}`, at: MONDAY, expiresAt: MONDAY / 1000 + 86_400 },
      });
    }
  }

  const judge = (epoch = 0) => judgeCanary({ runId: 'run-1', epoch }, { ledger, clock });
  const chains = () => ledger.readChains('run-1') as Promise<readonly ChainRecord[]>;

  it('sends the chains on from the start of their partitions, in attempts above those of the canary', async () => {
    await through(25);

    const workers = await judge();

    expect(workers).toEqual({
      ...{ runId: 'run-1', epochBase: 500, heartbeatSeconds: 30, chainTimeoutSeconds: 600_000, chains: [0, 1] },
    });
    expect(await chains()).toMatchObject([
      { takes: 'others', status: 'planned', cursor: 1, done: 25, given: 25, epoch: 7, forgivenLinks: 1 },
      { takes: 'others', status: 'planned', cursor: 51, done: 25 },
    ]);
    expect((await ledger.readRun('run-1'))?.canaryVerdict).toEqual({ epoch: 0, at: clock.now() });
  });

  it('answers the same when it is asked again, and leaves alone what has gone on since', async () => {
    await through(25);
    const first = await judge();
    await ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 500, link: 0, owner: 'other' });
    const before = await chains();

    expect(await judge()).toEqual(first);
    expect(await chains()).toEqual(before);
  });

  it.each([
    ['complained', 1, 50, undefined],
    [
      'complained',
      2,
      50,
      /^Of the canary of run run-1, 2 of 100 mails were complained about, more than the job's limit of 0.1 % explains: nobody else was touched; .*redrive/,
    ],
    ['bounced', 9, 50, undefined],
    ['bounced', 10, 50, /10 of 100 mails have bounced for good, more than the job's limit of 5 %/],
    ['soft-bounced', 40, 50, undefined],
  ] as const)('of %s %d times in twice %d mails: %s', async (kind, times, done, refusal) => {
    await through(done);
    await say(kind, times);

    if (refusal === undefined) await expect(judge()).resolves.toMatchObject({ epochBase: 500 });
    else
      await expect(judge()).rejects.toMatchObject({
        code: 'Run.CanaryFailed',
        message: expect.stringMatching(refusal),
      });
    expect((await chains()).map(({ takes }) => takes)).toEqual(
      refusal === undefined ? ['others', 'others'] : ['canary', 'canary'],
    );
  });

  it('of more failures than the job tolerates', async () => {
    await through(40, 10);

    await expect(judge()).rejects.toMatchObject({
      message: expect.stringContaining("20 of 100 items are unprocessed or in doubt, more than the job's limit of 5 %"),
    });
  });

  it('stands for its round: a retry gets it again, whatever was said since, and a redrive has accepted it', async () => {
    await through(50);
    await say('complained', 2);
    const refusal = await judge().catch((error: Error) => error.message);
    await say('bounced', 50);

    await expect(judge()).rejects.toMatchObject({ message: refusal });
    await expect(judge(1000)).resolves.toMatchObject({ epochBase: 500, chains: [0, 1] });
  });

  it('is not that of an execution whose run another has taken over', async () => {
    await through(50);
    const run = await ledger.readRun('run-1');
    await ledger.adoptRun(run as never, 'arn:other', {});

    await expect(judge()).rejects.toMatchObject({ code: 'Chain.Superseded' });
    await expect(judge(1_000_000)).resolves.toMatchObject({ epochBase: 1_000_500 });
  });
});
