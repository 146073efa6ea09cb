import type { SQSEvent } from 'aws-lambda';
import { handler } from '../../functions/handle-feedback';
import { storeRun } from './chain/fixture';
import { bounceEvent } from './feedback/ses-events';
import { dynamoDb, freshTables, Output } from './handler-world';

const output = new Output();
const records = (...bodies: string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) }) as SQSEvent;

describe('HandleFeedback', () => {
  beforeEach(() => output.listen());
  afterEach(() => jest.restoreAllMocks());

  it('acknowledges what it has taken and what cannot be read, and counts both', async () => {
    await storeRun(freshTables().ledger);
    expect(await handler(records(bounceEvent(), 'nonsense'))).toEqual({ batchItemFailures: [] });
    expect(output.metrics.map(({ values }) => values)).toEqual([{ FeedbackUnread: 1 }, { MailsBounced: 1 }]);
    expect(output.raw).not.toContain('user.7@example.org');
  });

  it('names the messages that must come again', async () => {
    freshTables();
    dynamoDb.reset();
    dynamoDb.onAnyCommand().rejects(Object.assign(new Error('denied'), { name: 'AccessDeniedException' }));
    expect(await handler(records('nonsense', bounceEvent()))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
  });
});
