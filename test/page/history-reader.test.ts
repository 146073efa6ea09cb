import type { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { readNewEvents } from '../../page/history-reader';

/** A history of so many events, that pages backwards as Step Functions does. */
function historyOf(events: number) {
  const asked: GetExecutionHistoryCommand['input'][] = [];
  const send = async ({ input }: GetExecutionHistoryCommand) => {
    asked.push(input);
    const { maxResults = 1000, nextToken } = input;
    const newest = nextToken === undefined ? events : Number(nextToken);
    const ids = Array.from({ length: Math.min(maxResults, newest) }, (_, index) => newest - index);
    const next = newest - ids.length;
    return {
      events: ids.map((id) => ({ id, type: 'TaskStarted', timestamp: new Date(id) })),
      ...(next > 0 && { nextToken: String(next) }),
    };
  };
  return { sfn: { send } as unknown as Pick<SFNClient, 'send'>, asked };
}

it('reads all of a history that nothing is known of, in the order of its events', async () => {
  const { sfn, asked } = historyOf(2500);
  const events = await readNewEvents(sfn, 'arn', 0);
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
  expect(events[0]).toMatchObject({ timestamp: '1970-01-01T00:00:00.001Z' });
  expect(asked).toHaveLength(3);
});

it.each([
  [24_990, 10],
  [25_000, 0],
  [24_000, 1000],
])('asks once for what came after event %d of 25,000', async (after, news) => {
  const { sfn, asked } = historyOf(25_000);
  expect(await readNewEvents(sfn, 'arn', after)).toHaveLength(news);
  expect(asked).toHaveLength(1);
});

it('takes a service that answers in the other order, and all at once', async () => {
  const events = [1, 2, 3].map((id) => ({ id, type: 'TaskStarted', timestamp: new Date(id) }));
  const sfn = { send: async () => ({ events }) } as unknown as Pick<SFNClient, 'send'>;
  expect((await readNewEvents(sfn, 'arn', 1)).map(({ id }) => id)).toEqual([2, 3]);
});
