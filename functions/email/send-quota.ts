import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import type { ProviderQuota } from '../contract/quota';
import { retry } from '../contract/retry';

export interface SendQuotaOptions {
  readonly client: Pick<SESClient, 'send'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * What SES lets this account send. SES answers this call once a second: where several runs and links start together, it is
 * repeated after a pause.
 *
 * @throws Error of the SDK where no answer came within ten minutes, or SES refused to answer
 */
export async function readSendQuota({ client, clock, random }: SendQuotaOptions): Promise<ProviderQuota> {
  const quota = await retry(() => client.send(new GetSendQuotaCommand({})), {
    clock,
    random,
    firstPauseMilliseconds: 1000,
    longestPauseMilliseconds: 8000,
    shouldRetry: isTransient,
  });
  const { Max24HourSend = 0, MaxSendRate = 0, SentLast24Hours = 0 } = quota;
  return {
    perSecond: MaxSendRate,
    perDay: Max24HourSend === -1 ? Number.POSITIVE_INFINITY : Max24HourSend,
    usedToday: SentLast24Hours,
  };
}
