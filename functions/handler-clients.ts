import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { connections, lazily, onceThrough, PATIENCE, type Patience } from './clients';
import type { Connections } from './connections';

/**
 * The clients that handlers use and jobs do not. Apart from `clients.ts`, which whoever imports `worker-chains` loads: at
 * synthesis as well, where these six would be a tenth of a second for nothing.
 */

/** The SES client as links use it: its failures say whether the request may have been sent (`requestSent`). */
export function newSes(of: Connections, patience: Patience = PATIENCE): SESClient {
  const client = new SESClient({ ...onceThrough(of, patience), cacheMiddleware: true });
  of.noteWhatWasSent(client);
  return client;
}

const settings = () => onceThrough(connections(), PATIENCE);

export const secretsManager = lazily(() => new SecretsManagerClient(settings()));
export const sns = lazily(() => new SNSClient(settings()));
export const cloudWatch = lazily(() => new CloudWatchClient(settings()));
export const stepFunctions = lazily(() => new SFNClient({ ...settings(), cacheMiddleware: true }));
export const lambda = lazily(() => new LambdaClient({ ...settings(), cacheMiddleware: true }));
export const ses = lazily(() => newSes(connections()));
