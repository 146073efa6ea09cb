import { DescribeExecutionCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { FEEDBACK_DEFAULTS } from '../../../functions/contract/mail-policy';
import { type TakeFeedbackDependencies, takeFeedback } from '../../../functions/feedback/take-feedback';
import type { Ledger } from '../../../functions/ledger/ledger';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { chainKey, itemKey, type RunRecord, runKey } from '../../../functions/ledger/records';
import { Executions } from '../../../functions/run/executions';
import type { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { VirtualClock } from '../../support/virtual-clock';
import { LEDGER_TABLE, ledgerOver, memoryTable, storeRun } from '../chain/fixture';
import { bounceEvent, complaintEvent, delayEvent, rejectEvent, sendEvent } from './ses-events';

const sfn = mockClient(SFNClient);
let tables: MemoryDynamoDB;
let ledger: Ledger;
let dependencies: TakeFeedbackDependencies;
let clock: VirtualClock;

beforeEach(() => {
  sfn.reset();
  sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING', redriveCount: 0 });
  sfn.on(StopExecutionCommand).resolves({});
  clock = new VirtualClock();
  tables = memoryTable();
  ledger = ledgerOver(tables, clock);
  const executions = new Executions({ client: new SFNClient({}), clock, random: () => 0.5 });
  dependencies = { ledger, executions, clock };
});

const take = (...bodies: string[]) =>
  takeFeedback(
    bodies.map((body, index) => ({ messageId: `m${index}`, body })),
    dependencies,
  );

/** Sets attributes of a record, as if links had written them. */
async function set(key: object, values: Record<string, unknown>): Promise<void> {
  const { Item } = (await tables.handle('Get', { TableName: LEDGER_TABLE, Key: key })) as { Item?: object };
  await tables.handle('Put', { TableName: LEDGER_TABLE, Item: { ...Item, ...key, ...values } });
}

async function standingOf(address: string): Promise<unknown> {
  const Key = { pk: `recipient#${recipientKeyOf(address)}`, sk: 'standing' };
  return ((await tables.handle('Get', { TableName: LEDGER_TABLE, Key })) as { Item?: object }).Item;
}

/** A run of 100 mails, of which all are sent. */
async function sentRun(change: Partial<RunRecord> = {}): Promise<RunRecord> {
  const feedback = { ...FEEDBACK_DEFAULTS, leastMails: 100 };
  const run = await storeRun(ledger, { feedback, ...change });
  for (const chainId of [0, 1]) await set(chainKey('run-1', chainId), { done: 50 });
  return run;
}

const bounces = (count: number, mailed?: string) =>
  Array.from({ length: count }, (_, index) =>
    bounceEvent({ trace: { id: index, index }, ...(mailed !== undefined && { mailed }) }),
  );

describe('feedback', () => {
  it('suppresses whoever bounces for good or complains, and nobody else', async () => {
    await sentRun();
    const soft = bounceEvent({ type: 'Transient', trace: { id: 2, index: 1 } });
    await take(
      bounceEvent({ to: 'Gone@example.org' }),
      complaintEvent({ to: 'angry@example.org', trace: { id: 1, index: 0 } }),
      ...[soft, rejectEvent({ trace: { id: 3, index: 2 } }), delayEvent({ trace: { id: 4, index: 3 } })],
    );

    expect(await standingOf('gone@example.org')).toMatchObject({ bouncedAt: Date.parse('2026-01-05T08:10:05Z') });
    expect(await standingOf('angry@example.org')).toMatchObject({ complainedAt: Date.parse('2026-01-05T09:00:00Z') });
    for (const id of [2, 3, 4]) expect(await standingOf(`user.${id}@example.org`)).toBeUndefined();
    const { events } = await ledger.feedback.list('run-1');
    expect(events.map(({ id, kind }) => [id, kind])).toEqual([
      ...[
        [1, 'complained'],
        [2, 'soft-bounced'],
        [3, 'rejected'],
        [4, 'delayed'],
        [7, 'bounced'],
      ],
    ]);
  });

  it.each([['a..b@docomo.ne.jp'], ['"a..b"@docomo.ne.jp'], ['Zoe <"a..b"@docomo.ne.jp>']])(
    'about %s is about the recipient that mails are sent to as "a..b"@docomo.ne.jp',
    async (to) => {
      await sentRun();
      await take(bounceEvent({ to }));
      expect(await standingOf('"a..b"@docomo.ne.jp')).toMatchObject({ bouncedAt: expect.any(Number) });
    },
  );

  it('is taken once, however often it comes', async () => {
    await sentRun();
    const first = await take(bounceEvent(), bounceEvent());
    const second = await take(bounceEvent());

    expect([first.taken, second.taken]).toEqual([[{ job: 'greeting', kind: 'bounced' }], []]);
    expect(await ledger.judgedFeedback.read('run-1', 0)).toEqual({ bounced: 1, complained: 0 });
  });

  it('of a run that is gone suppresses all the same', async () => {
    const report = await take(bounceEvent(), sendEvent());

    expect(report).toMatchObject({ failed: [], unread: [], taken: [{ kind: 'bounced' }], judgements: [] });
    expect(await standingOf('user.7@example.org')).toBeDefined();
  });

  it('of a run that a later deployment has suppresses, and leaves the run alone', async () => {
    await sentRun();
    await set(runKey('run-1'), { version: 99 });
    await set(chainKey('run-1', 0), { version: 99 });
    const report = await take(...bounces(8), sendEvent());

    expect(report.failed).toEqual([]);
    expect(await standingOf('user.7@example.org')).toBeDefined();
    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
  });

  it('that cannot be read is put aside with its reason, and nothing comes again for it', async () => {
    await sentRun();
    expect(await take('nonsense', bounceEvent())).toMatchObject({
      failed: [],
      unread: [{ messageId: 'm0', because: 'it is no event of SES' }],
      taken: [{ kind: 'bounced' }],
    });
  });

  it('comes again where the ledger fails, and only that', async () => {
    await sentRun();
    const denied = Object.assign(new Error('denied'), { name: 'AccessDeniedException' });
    jest.spyOn(ledger.recipients, 'suppress').mockRejectedValueOnce(denied);
    const report = await take(bounceEvent(), delayEvent());

    expect(report.failed).toEqual([{ messageId: 'm0', error: denied }]);
    expect(report.taken).toEqual([{ job: 'greeting', kind: 'delayed' }]);
    expect((await take(bounceEvent())).taken).toEqual([{ job: 'greeting', kind: 'bounced' }]);
  });
});

describe('a Send event', () => {
  const claimed = { chunk: 1, ids: [1, 2, 3, 4, 5, 6, 7], stragglers: [] };
  const known = async () => (await ledger.feedback.list('run-1')).events.map(({ kind, id }) => [kind, id]);
  const inDoubt = { runId: 'run-1', id: 7, outcome: 'in-doubt', mailProves: true, chainId: 0, chunk: 1, index: 6 };

  it('is kept while its item is claimed, and not where that is settled', async () => {
    await sentRun();
    await take(sendEvent());
    expect(await known()).toEqual([]);

    await set(chainKey('run-1', 0), { claim: claimed, owner: 'link-1' });
    await take(sendEvent());
    expect(await known()).toEqual([['accepted', 7]]);
  });

  it('settles an item that is in doubt, however late it comes', async () => {
    await sentRun();
    await set(chainKey('run-1', 0), { inDoubt: 1 });
    await set(itemKey(inDoubt), inDoubt);
    await take(sendEvent());

    expect((await ledger.readChunkItems('run-1', 0, 1)).get(6)).toMatchObject({
      settled: { because: 'Send event', messageId: 'message-of-7' },
    });
  });

  it('settles an item that somebody puts in doubt between the look at the chain and the note', async () => {
    await sentRun();
    await set(chainKey('run-1', 0), { claim: claimed, owner: 'dead' });
    const note = ledger.feedback.note.bind(ledger.feedback);
    jest.spyOn(ledger.feedback, 'note').mockImplementation(async (event) => {
      await set(itemKey(inDoubt), inDoubt);
      await set(chainKey('run-1', 0), { claim: null, owner: 'heir', inDoubt: 1 });
      return note(event);
    });
    await take(sendEvent());

    expect((await ledger.readChunkItems('run-1', 0, 1)).get(6)).toMatchObject({ settled: { because: 'Send event' } });
  });

  it('reads each chain once before and once after, for a whole batch', async () => {
    await sentRun();
    await set(chainKey('run-1', 0), { claim: claimed, owner: 'link-1' });
    const read = jest.spyOn(ledger, 'readChain');
    await take(...[0, 1, 2, 3].map((index) => sendEvent({ trace: { id: index + 1, index } })));
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('a run', () => {
  it('stops itself, once, with the counts, the limit and what to do in the cause', async () => {
    await sentRun();
    const { judgements } = await take(...bounces(8));
    await take(...bounces(8));

    expect(sfn.commandCalls(StopExecutionCommand).map(({ args }) => args[0].input)).toEqual([
      {
        executionArn: 'arn:aws:states:us-east-1:123456789012:execution:worker-chains:run-1',
        error: 'Mail.TooManyBounces',
        cause:
          "8 of 100 mails (8 %) have bounced for good, above the job's limit of 5 %: look at them with " +
          '`worker-chains feedback run-1 --kind bounced --job greeting`, mend the list of recipients, then redrive the execution to go on with the rest.',
      },
    ]);
    expect(judgements).toMatchObject([{ runId: 'run-1', job: 'greeting', bounces: 0.08, reaction: { round: 1 } }]);
  });

  it('goes on at its limit, and below the least number of mails', async () => {
    await sentRun();
    await take(...bounces(5));
    await set(chainKey('run-1', 1), { done: 49 });
    await take(...bounces(8));
    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
  });

  it('takes what is claimed for mails, too: a share is never above what it is', async () => {
    await sentRun();
    const ids = Array.from({ length: 60 }, (_, index) => index);
    await set(chainKey('run-1', 0), { claim: { chunk: 3, ids, stragglers: [] } });
    await take(...bounces(8));
    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
  });

  it('is stopped for complaints by a limit of their own', async () => {
    await sentRun();
    await take(complaintEvent());
    expect(sfn).toHaveReceivedCommandWith(StopExecutionCommand, { error: 'Mail.TooManyComplaints' });
  });

  it('does not hold bounces against itself that SES made up', async () => {
    await sentRun();
    const bodies = Array.from({ length: 8 }, (_, index) =>
      bounceEvent({ subType: 'OnAccountSuppressionList', trace: { id: index, index } }),
    );
    await take(...bodies);
    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
  });

  it('pauses where the job says so, with the reason in its record', async () => {
    await sentRun({ feedback: { ...FEEDBACK_DEFAULTS, leastMails: 100, action: 'pause' } });
    await take(...bounces(8));

    expect(await ledger.readRun('run-1')).toMatchObject({
      rate: 0,
      pausedBecause: expect.stringMatching(/^8 of 100 mails .* then set its rate again to go on with the rest\.$/),
    });
    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
  });

  it('that is over only has its records', async () => {
    await sentRun();
    sfn.on(DescribeExecutionCommand).resolves({ status: 'SUCCEEDED', redriveCount: 0 });
    await take(...bounces(8));

    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
    expect((await ledger.readRun('run-1'))?.reaction).toBeUndefined();
  });

  it('is not stopped again after a redrive for what it was stopped for, nor for mails of before', async () => {
    await sentRun();
    await take(...bounces(8));
    for (const chainId of [0, 1]) await set(chainKey('run-1', chainId), { done: 150 });
    const late = Array.from({ length: 40 }, (_, index) =>
      bounceEvent({ trace: { id: 100 + index, index, chunk: 2 }, mailed: new Date(clock.now() - 1).toISOString() }),
    );
    await take(...late);
    expect(sfn).toHaveReceivedCommandTimes(StopExecutionCommand, 1);

    const again = Array.from({ length: 11 }, (_, index) =>
      bounceEvent({ trace: { id: 200 + index, index, chunk: 3 }, mailed: new Date(clock.now() + 1000).toISOString() }),
    );
    await take(...again);
    expect(sfn).toHaveReceivedCommandTimes(StopExecutionCommand, 2);
    expect((await ledger.readRun('run-1'))?.reaction).toMatchObject({ round: 2, mails: 300 });
  });

  it('is stopped by the message that comes again, where the stop had failed', async () => {
    await sentRun();
    const denied = Object.assign(new Error('denied'), { name: 'AccessDeniedException' });
    sfn.on(StopExecutionCommand).rejectsOnce(denied).resolves({});
    const { failed } = await take(...bounces(8));
    expect(failed).toHaveLength(8);

    await take(bounces(8)[0] as string);
    expect(sfn).toHaveReceivedCommandTimes(StopExecutionCommand, 2);
    expect(await ledger.readRun('run-1')).toMatchObject({ stopping: false, reaction: { round: 1 } });
  });
});

describe('a run of 20,000 mails', () => {
  const feedback = { ...FEEDBACK_DEFAULTS, complaints: 0.003 };
  const trace = (id: number) => ({ id, chunk: Math.floor(id / 100), index: id % 100 });

  async function takeAll(bodies: readonly string[]): Promise<void> {
    for (let first = 0; first < bodies.length; first += 100) await take(...bodies.slice(first, first + 100));
  }

  beforeEach(async () => {
    await storeRun(ledger, { feedback });
    await set(chainKey('run-1', 0), { done: 20_000 });
  });

  it('of which 3 % bounce and 0.2 % complain reports them by id, and each of them is suppressed', async () => {
    const bounced = Array.from({ length: 600 }, (_, index) => index);
    const complained = Array.from({ length: 40 }, (_, index) => 10_000 + index);
    await takeAll([
      ...bounced.map((id) => bounceEvent({ trace: trace(id) })),
      ...complained.map((id) => complaintEvent({ trace: trace(id) })),
    ]);

    const found = { bounced: [] as unknown[], complained: [] as unknown[] };
    let after: string | undefined;
    do {
      const page = await ledger.feedback.list('run-1', { limit: 500, ...(after !== undefined && { after }) });
      for (const { kind, id } of page.events) found[kind as 'bounced' | 'complained'].push(id);
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual({ bounced, complained });
    expect(await ledger.feedback.counts('run-1')).toEqual({ bounced: 600, complained: 40 });
    for (const id of [...bounced, ...complained]) expect(await standingOf(`user.${id}@example.org`)).toBeDefined();
    expect(sfn).not.toHaveReceivedCommand(StopExecutionCommand);
  });

  it('of which 8 % bounce stops itself with the batch that goes above the limit', async () => {
    await takeAll(Array.from({ length: 1600 }, (_, id) => bounceEvent({ trace: trace(id) })));
    expect(sfn).toHaveReceivedCommandTimes(StopExecutionCommand, 1);
    expect((await ledger.readRun('run-1'))?.reaction?.because).toMatch(/^1100 of 20000 mails \(5\.5 %\) have bounced/);
  });
});
