import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Recipient } from '../../examples/weekly-digest/recipient';

/** Ids of readers who are not to get a mail, and why. */
export interface Exceptions {
  /** No row in the table. */
  readonly missing?: readonly number[];
  readonly unsubscribed?: readonly number[];
  /** An address without an @. */
  readonly malformed?: readonly number[];
}

/** DynamoDB's limit for one BatchWriteItem. */
const ROWS_PER_CALL = 25;

/** Recipients that can be told by their id: everything in a row of the table follows from it. */
export function readers(first: number, last: number, { missing = [], unsubscribed = [], malformed = [] }: Exceptions) {
  const rows: Recipient[] = [];
  for (let id = first; id <= last; id++) {
    if (missing.includes(id)) continue;
    const row = reader(id);
    rows.push({
      ...row,
      ...(unsubscribed.includes(id) && { unsubscribed: true }),
      ...(malformed.includes(id) && { email: row.email.replace('@', '') }),
    });
  }
  return {
    async writeTo(documents: DynamoDBDocumentClient, table: string): Promise<void> {
      for (let start = 0; start < rows.length; start += ROWS_PER_CALL) {
        const requests = rows.slice(start, start + ROWS_PER_CALL).map((Item) => ({ PutRequest: { Item } }));
        await documents.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
      }
    },
  };
}

export function reader(id: number): Recipient {
  return {
    id,
    email: `reader.${id}@example.com`,
    name: `Zoë Reader-${id}`,
    locale: id % 2 === 0 ? 'de' : 'en',
    unsubscribeToken: `token-of-${id}`,
    week: {
      startsOn: '2026-11-16',
      visits: 1000 + id,
      newFollowers: id,
      messages: 2,
      highlights: [{ title: `Title <${id}>`, views: 10 }],
    },
  };
}
