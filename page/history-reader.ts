import { GetExecutionHistoryCommand, type SFNClient, type HistoryEvent as SfnEvent } from '@aws-sdk/client-sfn';
import type { HistoryEvent } from './view';

/** Events of one answer: the most that Step Functions gives. */
const MOST_EVENTS = 1000;

/**
 * Reads what is new in an execution's history: backwards from its end, so that one question does, however long the history
 * is. 25,000 events from the start would be 25 of them, of the few
 * hundred that an account may ask at once.
 *
 * @param after id of the newest event that is known, 0 for none
 * @returns events with greater ids, in the order of their ids, which are consecutive
 */
export async function readNewEvents(
  sfn: Pick<SFNClient, 'send'>,
  executionArn: string,
  after: number,
): Promise<readonly HistoryEvent[]> {
  const found = new Map<number, HistoryEvent>();
  let nextToken: string | undefined;
  let isThrough = false;
  do {
    const { events = [], ...page } = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn,
        maxResults: MOST_EVENTS,
        reverseOrder: true,
        ...(nextToken && { nextToken }),
      }),
    );
    for (const event of events) if (idOf(event) > after) found.set(idOf(event), viewOf(event));
    isThrough = events.some((event) => idOf(event) <= after + 1);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && !isThrough);
  return [...found.values()].sort((a, b) => a.id - b.id);
}

function idOf({ id = 0 }: SfnEvent): number {
  return id;
}

function viewOf({ timestamp, ...event }: SfnEvent): HistoryEvent {
  return { ...event, timestamp: timestamp?.toISOString() } as HistoryEvent;
}
