import {
  type BatchOutcome,
  EventSourceMapping,
  type EventSourceMappingConfig,
} from '../../../local/lambda/event-source-mapping';
import type { QueueConfig } from '../../../local/sqs/queue';
import { Queues } from '../../../local/sqs/queues';
import { VirtualClock } from '../../support/virtual-clock';

const ARN = 'arn:aws:sqs:us-east-1:123456789012:';
const DONE: BatchOutcome = { kind: 'returned', value: null };

function queueConfig(queueName: string, changes: Partial<QueueConfig> = {}): QueueConfig {
  return {
    queueName,
    queueArn: ARN + queueName,
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 0,
    ...changes,
  };
}

function bench(
  changes: Partial<EventSourceMappingConfig> = {},
  answer: (bodies: string[]) => BatchOutcome = () => DONE,
) {
  const clock = new VirtualClock();
  let ids = 0;
  const redrive = { deadLetterQueueArn: `${ARN}dead`, maxReceiveCount: 3 };
  const queues = new Queues([queueConfig('events', { redrive }), queueConfig('dead')], {
    clock,
    randomId: () => `id-${++ids}`,
  });
  const [queue, dead] = [queues.at(`${ARN}events`), queues.at(`${ARN}dead`)];
  const batches: { at: number; bodies: string[] }[] = [];
  const start = clock.now();
  let [running, mostRunning] = [0, 0];
  const mapping = new EventSourceMapping({
    clock,
    region: 'us-east-1',
    queue,
    config: {
      queueArn: `${ARN}events`,
      functionName: 'handle',
      enabled: true,
      batchSize: 10,
      batchingWindowSeconds: 0,
      reportsBatchItemFailures: true,
      ...changes,
    },
    async invoke(_, event) {
      const records = event.Records as { body: string; messageId: string }[];
      batches.push({ at: clock.now() - start, bodies: records.map(({ body }) => body) });
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise<void>((resolve) => {
        clock.after(1000, resolve);
      });
      running -= 1;
      const outcome = answer(records.map(({ body }) => body));
      if (outcome.kind !== 'returned' || !Array.isArray(outcome.value)) return outcome;
      const failed = records.filter(({ body }) => (outcome.value as string[]).includes(body));
      return {
        kind: 'returned',
        value: { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) },
      };
    },
  });
  const send = (...bodies: string[]) => {
    for (const body of bodies) queue.send({ body });
  };
  return { clock, queue, dead, batches, mapping, send, mostRunning: () => mostRunning };
}

test('a message that was handled is deleted', async () => {
  const { clock, queue, batches, send } = bench();
  send('a');
  await clock.advance(120_000);
  expect(batches).toEqual([{ at: 0, bodies: ['a'] }]);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a message that the function reports as failed comes again after the visibility timeout, and goes to the dead-letter queue', async () => {
  const { clock, dead, batches, send } = bench({}, (bodies) => ({
    kind: 'returned',
    value: bodies.filter((body) => body === 'bad'),
  }));
  send('good', 'bad');
  await clock.advance(300_000);
  expect(batches.flatMap(({ bodies }) => bodies)).toEqual(['good', 'bad', 'bad', 'bad']);
  expect(batches.filter(({ bodies }) => bodies.includes('bad')).map(({ at }) => at)).toEqual([0, 30_000, 60_000]);
  const [message] = dead.receive(1);
  expect(message).toMatchObject({
    body: 'bad',
    attributes: { DeadLetterQueueSourceArn: `${ARN}events`, ApproximateReceiveCount: '4' },
  });
});

test.each<[string, unknown]>([
  ['a list of something else', { batchItemFailures: 'all' }],
  ['an id that is none of the batch', { batchItemFailures: [{ itemIdentifier: 'other' }] }],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['an entry without an id', { batchItemFailures: [{}] }],
])('a report with %s counts as the whole batch', async (_, value) => {
  const { clock, batches, send } = bench({}, () => ({ kind: 'returned', value }));
  send('a');
  await clock.advance(45_000);
  expect(batches).toHaveLength(2);
});

test.each<[string, unknown]>([
  ['nothing', null],
  ['an empty list', { batchItemFailures: [] }],
  ['null for the list', { batchItemFailures: null }],
  ['something else', { ok: true }],
])('a report with %s is a success', async (_, value) => {
  const { clock, batches, send } = bench({}, () => ({ kind: 'returned', value }));
  send('a');
  await clock.advance(120_000);
  expect(batches).toHaveLength(1);
});

test('a report counts for nothing where the mapping does not ask for one', async () => {
  const value = { batchItemFailures: [{ itemIdentifier: '' }] };
  const { clock, batches, send } = bench({ reportsBatchItemFailures: false }, () => ({ kind: 'returned', value }));
  send('a');
  await clock.advance(120_000);
  expect(batches).toHaveLength(1);
});

test('a batch waits for its window, or until it is full', async () => {
  const { clock, batches, send } = bench({ batchSize: 3, batchingWindowSeconds: 5 });
  send('a', 'b');
  await clock.advance(4000);
  expect(batches).toEqual([]);
  await clock.advance(2000);
  send('c', 'd', 'e');
  await clock.advance(100);
  expect(batches).toEqual([
    { at: 5000, bodies: ['a', 'b'] },
    { at: 6000, bodies: ['c', 'd', 'e'] },
  ]);
});

test('no more invocations run than its maximum concurrency', async () => {
  const { clock, batches, send, mostRunning } = bench({ batchSize: 1, maximumConcurrency: 2 });
  send('a', 'b', 'c', 'd', 'e');
  await clock.advance(10_000);
  expect(mostRunning()).toBe(2);
  expect(batches).toHaveLength(5);
});

test('a throttled invocation is tried again with the same messages, which are not received anew', async () => {
  let calls = 0;
  const { clock, queue, batches, send } = bench({}, () => (++calls < 3 ? { kind: 'throttled' } : DONE));
  send('a');
  await clock.advance(20_000);
  expect(batches).toHaveLength(3);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a mapping that is switched off or closed reads nothing', async () => {
  const off = bench({ enabled: false });
  off.send('a');
  await off.clock.advance(60_000);
  const closed = bench();
  closed.mapping.close();
  closed.send('a');
  await closed.clock.advance(60_000);
  expect([...off.batches, ...closed.batches]).toEqual([]);
});
