import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from './chain/clock';

/**
 * The SDK clients and the clock: built in this one place, once per cold start, each on first use. One attempt per
 * call: a second try that the SDK made on its own could be a second e-mail, and a hidden throttle is a lost metric.
 */

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** No answer within this time is a failed call; shorter than what a link keeps free at its end. */
const requestHandler = { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true };
const once = { maxAttempts: 1, requestHandler } as const;

export const dynamoDb = lazily(() => DynamoDBDocumentClient.from(new DynamoDBClient(once)));
export const stepFunctions = lazily(() => new SFNClient(once));
export const lambda = lazily(() => new LambdaClient(once));
export const ses = lazily(() => new SESClient(once));

/** An environment variable that the construct sets. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`Expected the environment variable ${name} to be set, got nothing: set it on the function.`);
  return value;
}

/**
 * Made on first use, then kept. A bundler may leave out what nobody uses, with the SDK client that it would make.
 * @__NO_SIDE_EFFECTS__
 */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
