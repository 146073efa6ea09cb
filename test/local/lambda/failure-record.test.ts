import { randomUUID } from 'node:crypto';
import type { InvocationRecord } from '../../../local/lambda/invocations';
import { Lambda } from '../../../local/lambda/lambda-service';
import { VirtualClock } from '../../support/virtual-clock';
import { ARN } from './fixture';
import { ThreadFixture } from './thread-fixture';

let threads: ThreadFixture;

beforeEach(() => {
  threads = new ThreadFixture();
});
afterEach(() => threads.close());

const MINUTE = 60_000;

/** What a record tells of the event that it is about, and what its function wrote into the error it threw. */
interface FailureRecord {
  readonly requestContext: { readonly requestId: string; readonly approximateInvokeCount: number };
  readonly responsePayload: { readonly errorMessage: string };
}

it('a failure record carries the awsRequestId that the function saw: one per event, whatever its deliveries', async () => {
  const clock = new VirtualClock();
  const records: InvocationRecord[] = [];
  const worker = threads.deploy(
    'export const handler = async (_, { awsRequestId }) => { console.log("ran"); throw new Error(awsRequestId); };',
    { maximumRetryAttempts: 1, onFailureFunctionArn: `${ARN}fail` },
  );
  const fail = threads.deploy('export const handler = async () => {};', { functionName: 'fail' });
  const lambda = new Lambda({
    clock,
    functions: [worker, fail],
    runtime: threads.runtime,
    randomId: randomUUID,
    random: () => 0,
    onInvocation: (record) => records.push(record),
  });
  const ended = async (functionName: string, count: number) => {
    const soFar = () => records.filter((record) => record.functionName === functionName && record.outcome).length;
    // The threads are real: they take turns of the event loop, and no virtual time.
    while (soFar() < count) await clock.advance(0);
  };
  const event = () => lambda.handle('Invoke', { FunctionName: 'worker', InvocationType: 'Event', Payload: '{}' });

  await event();
  await event();
  await ended('worker', 2);
  await clock.advance(MINUTE);
  await ended('worker', 4);
  await ended('fail', 2);

  const told = records
    .filter(({ functionName, outcome }) => functionName === 'fail' && outcome)
    .map((record) => record.event as FailureRecord);
  const ids = told.map(({ requestContext }) => requestContext.requestId);
  expect(told.map(({ responsePayload }) => responsePayload.errorMessage)).toEqual(ids);
  expect(told.map(({ requestContext }) => requestContext.approximateInvokeCount)).toEqual([2, 2]);
  expect(new Set(ids).size).toBe(2);
  const seen = records.filter(({ functionName, outcome }) => functionName === 'worker' && outcome);
  expect(new Set(seen.map(({ requestId }) => requestId))).toEqual(new Set(ids));
});
