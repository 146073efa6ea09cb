import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { Queues } from '../../../local/sqs/queues';
import { Sqs } from '../../../local/sqs/sqs-service';
import { VirtualClock } from '../../support/virtual-clock';
import { clientOptions } from '../http/fake-service';

const ARN = 'arn:aws:sqs:us-east-1:123456789012:';
const config = { visibilityTimeoutSeconds: 30, delaySeconds: 0, retentionSeconds: 600, receiveWaitSeconds: 0 };

let clock: VirtualClock;
let server: HttpServer;
let client: SQSClient;
let QueueUrl: string | undefined;

beforeEach(async () => {
  clock = new VirtualClock();
  let ids = 0;
  const queues = new Queues(
    [
      {
        ...config,
        queueName: 'events',
        queueArn: `${ARN}events`,
        redrive: { deadLetterQueueArn: `${ARN}dead`, maxReceiveCount: 2 },
      },
      { ...config, queueName: 'dead', queueArn: `${ARN}dead` },
    ],
    { clock, randomId: () => `id-${++ids}` },
  );
  const sqs = new Sqs({ clock, queues, accountId: '123456789012', url: () => server.url });
  server = await startHttpServer({ port: 0, services: { sqs } });
  client = new SQSClient(clientOptions(server.url));
  ({ QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'events' })));
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const send = (MessageBody: string, DelaySeconds?: number) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
const receive = async (more: object = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
const counts = async () => {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return [
    Attributes?.ApproximateNumberOfMessages,
    Attributes?.ApproximateNumberOfMessagesNotVisible,
    Attributes?.ApproximateNumberOfMessagesDelayed,
  ].map(Number);
};

test('a message is sent, received, hidden and deleted', async () => {
  const { MessageId } = await send('hällo');
  const [message] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(message).toMatchObject({ MessageId, Body: 'hällo', Attributes: { ApproximateReceiveCount: '1' } });
  expect(await receive()).toEqual([]);
  expect(await counts()).toEqual([0, 1, 0]);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  expect(await counts()).toEqual([0, 0, 0]);
});

test('a message that nobody deletes comes again after the visibility timeout, and then goes to the dead-letter queue', async () => {
  await send('a');
  await receive();
  await clock.advance(29_999);
  expect(await receive()).toEqual([]);
  await clock.advance(1);
  expect(await receive()).toHaveLength(1);
  await clock.advance(30_000);
  expect(await receive()).toEqual([]);
  ({ QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'dead' })));
  expect(await receive({ AttributeNames: ['All'] })).toMatchObject([
    { Body: 'a', Attributes: { DeadLetterQueueSourceArn: `${ARN}events`, ApproximateReceiveCount: '3' } },
  ]);
});

test('a delayed message is not there before its delay is over', async () => {
  await send('a', 60);
  expect([await receive(), await counts()]).toEqual([[], [0, 0, 1]]);
  await clock.advance(60_000);
  expect(await receive()).toHaveLength(1);
});

test('a message is given back at once by a visibility of 0', async () => {
  await send('a');
  const [message] = await receive();
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
  );
  expect(await receive()).toHaveLength(1);
});

test('a message expires after the retention period', async () => {
  await send('a');
  await clock.advance(600_000);
  expect([await receive(), await counts()]).toEqual([[], [0, 0, 0]]);
});

test('a receive that waits gets the message that comes meanwhile', async () => {
  const received = receive({ WaitTimeSeconds: 20 });
  await send('a');
  await clock.advance(0);
  expect(await received).toHaveLength(1);
});

test('a receive that waits gets a message that was hidden before it came', async () => {
  await send('a');
  await receive({ VisibilityTimeout: 5 });
  let received: unknown[] = [];
  const done = receive({ WaitTimeSeconds: 20 }).then((messages) => {
    received = messages;
  });
  // The request has arrived once another one, sent after it, is answered.
  await counts();
  await clock.advance(5000);
  await Promise.race([done, counts().then(counts)]);
  await clock.advance(0);
  await done;
  expect(received).toHaveLength(1);
});

test('queues are listed by their names', async () => {
  expect(await client.send(new ListQueuesCommand({ QueueNamePrefix: 'de' }))).toMatchObject({
    QueueUrls: [`${server.url}/123456789012/dead`],
  });
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a queue that is not there', () => client.send(new GetQueueUrlCommand({ QueueName: 'none' })), 'QueueDoesNotExist'],
  [
    'an unknown attribute',
    () => client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['x' as never] })),
    'InvalidAttributeName',
  ],
  ['11 messages at a time', () => receive({ MaxNumberOfMessages: 11 }), 'InvalidParameterValue'],
  ['a delay of 901 seconds', () => send('a', 901), 'InvalidParameterValue'],
  ['a control character', () => send('\u0000'), 'InvalidMessageContents'],
  [
    'an operation that is not implemented',
    () => client.send(new PurgeQueueCommand({ QueueUrl })),
    'UnknownOperationException',
  ],
])('%s is refused', async (_, call, name) => {
  await expect(call()).rejects.toMatchObject({ name: expect.stringContaining(name) });
});
