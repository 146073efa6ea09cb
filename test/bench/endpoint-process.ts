import { randomUUID } from 'node:crypto';
import { systemClock as clock } from '../../functions/contract/clock';
import { DynamoDB } from '../../local/dynamodb/dynamodb-service';
import { startHttpServer } from '../../local/http/aws-server';
import { Ses } from '../../local/ses/ses-service';
import { StepFunctions } from '../../local/step-functions/step-functions-service';
import { CountingInbox } from '../support/counting-inbox';

/**
 * The embedded services behind their wire protocols, in a process of their own: what they cost is not charged to the
 * code that calls them. Functions run where this process was started from.
 */

/** To the parent. */
export type FromEndpoint =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'invoke'; readonly call: number; readonly functionName: string; readonly payload: string };

/** From the parent. */
export type ToEndpoint =
  | { readonly kind: 'latency'; readonly milliseconds: number }
  | { readonly kind: 'returned'; readonly call: number; readonly payload: string };

const NO_LIMIT = 1_000_000_000;

async function main(): Promise<void> {
  let latencyMs = 0;
  let calls = 0;
  const waiting = new Map<number, (payload: string) => void>();
  const ses = new Ses({
    clock,
    maxSendRate: NO_LIMIT,
    max24HourSend: -1,
    randomId: randomUUID,
    latencyMs: () => latencyMs,
    inbox: new CountingInbox(),
  });
  const stepFunctions = new StepFunctions({
    clock,
    invokeFunction: ({ FunctionName: functionName, InvocationType, Payload: payload }) =>
      new Promise((resolve) => {
        const call = ++calls;
        send({ kind: 'invoke', call, functionName, payload });
        if (InvocationType === 'Event') resolve({ StatusCode: 202 });
        else waiting.set(call, (Payload) => resolve({ StatusCode: 200, Payload }));
      }),
  });
  const dynamodb = new DynamoDB({ clock });
  const server = await startHttpServer({ port: 0, services: { ses, stepFunctions, dynamodb } });
  process.on('message', (message: ToEndpoint) => {
    if (message.kind === 'latency') latencyMs = message.milliseconds;
    else waiting.get(message.call)?.(message.payload);
  });
  process.on('disconnect', () => process.exit());
  send({ kind: 'ready', url: server.url });
}

function send(message: FromEndpoint): void {
  process.send?.(message);
}

void main();
