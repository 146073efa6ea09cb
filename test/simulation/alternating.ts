import type { LinkEvent } from '../../functions/contract/payloads';
import type { Service } from '../../local/aws-service';
import { ADDED_ATTRIBUTES } from './older-records';

type Input = Record<string, unknown>;
export type Call = (service: Service, operation: string, input: Input) => Promise<Input>;

/** Whether a link is one of the previous version's: every second one of a chain, beginning with either. */
export function isOfPreviousVersion({ chainId, epoch, link }: LinkEvent): boolean {
  return (chainId + epoch + link) % 2 === 1;
}

/** An event as the previous version sends it, and as it reads it. */
export function previousEvent({ version: _, ...event }: LinkEvent): LinkEvent {
  return event;
}

/** Calls as the previous version makes them: it neither writes nor reads what was added to records and events since. */
export function asPreviousVersion(call: Call): Call {
  return async (service, operation, input) => {
    if (operation === 'Invoke') {
      const event = JSON.parse(input.Payload as string) as LinkEvent;
      return call(service, operation, { ...input, Payload: JSON.stringify(previousEvent(event)) });
    }
    if (operation === 'Put') return call(service, operation, { ...input, Item: withoutAdded(input.Item) });
    if (operation !== 'Update') return read(await call(service, operation, input));
    const update = previousUpdate(input);
    if (update) return read(await call(service, operation, update));
    // It would not have written at all.
    const { TableName, Key } = input;
    const { Item } = await call(service, 'Get', { TableName, Key, ConsistentRead: true });
    return read({ Attributes: Item });
  };
}

/** An update without the added attributes; undefined if nothing is left of it. */
function previousUpdate(input: Input): Input | undefined {
  const sets = (input.UpdateExpression as string).slice('SET '.length).split(', ');
  const kept = sets.filter((set) => !ADDED_ATTRIBUTES.includes(set.slice(1, set.indexOf(' '))));
  if (kept.length === 0) return undefined;
  const UpdateExpression = `SET ${kept.join(', ')}`;
  const used = new Set(`${UpdateExpression} ${input.ConditionExpression}`.match(/[#:]\w+/g));
  const usedOf = (all: unknown) => Object.fromEntries(Object.entries(all as Input).filter(([name]) => used.has(name)));
  return {
    ...input,
    UpdateExpression,
    ExpressionAttributeNames: usedOf(input.ExpressionAttributeNames),
    ExpressionAttributeValues: usedOf(input.ExpressionAttributeValues),
  };
}

function read(answer: Input): Input {
  const { Item, Attributes, Items } = answer;
  return {
    ...answer,
    ...(Item !== undefined && { Item: withoutAdded(Item) }),
    ...(Attributes !== undefined && { Attributes: withoutAdded(Attributes) }),
    ...(Items !== undefined && { Items: (Items as unknown[]).map(withoutAdded) }),
  };
}

function withoutAdded(record: unknown): Input {
  return Object.fromEntries(Object.entries(record as Input).filter(([name]) => !ADDED_ATTRIBUTES.includes(name)));
}
