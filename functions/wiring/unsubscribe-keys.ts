import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { variable } from '../clients';
import { isTransient } from '../contract/aws-errors';
import { systemClock as clock } from '../contract/clock';
import { ENVIRONMENT } from '../contract/names';
import { retry } from '../contract/retry';
import { type UnsubscribeKeys, unsubscribeKeys } from '../email/unsubscribe-token';
import { secretsManager } from '../handler-clients';

/** Keys are read again after this time: a rotation takes effect without a deployment. */
const FRESH_MILLISECONDS = 300_000;

let known: { readonly keys: UnsubscribeKeys; readonly at: number } | undefined;

/**
 * The keys of unsubscribe links, as the secret has them, five minutes old at most.
 *
 * @throws Error of the SDK where the secret cannot be read, or Error where it holds something else
 */
export async function readUnsubscribeKeys(): Promise<UnsubscribeKeys> {
  if (known && clock.now() - known.at < FRESH_MILLISECONDS) return known.keys;
  const command = new GetSecretValueCommand({ SecretId: variable(ENVIRONMENT.unsubscribeSecret) });
  const { SecretString = '' } = await retry(() => secretsManager().send(command), {
    clock,
    random: Math.random,
    shouldRetry: isTransient,
    forMilliseconds: 10_000,
  });
  known = { keys: unsubscribeKeys(SecretString), at: clock.now() };
  return known.keys;
}
