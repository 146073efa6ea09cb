import type { SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../run/run-notice';
import { type EndedEvent, type TellDependencies, tellOfRun } from '../run/tell-of-run';
import { ledgerIn, type Surroundings, type WithStepFunctions } from './surroundings';

interface AroundNotices extends Surroundings, WithStepFunctions, Pick<TellDependencies, 'topicArn' | 'settings'> {
  readonly sns: Pick<SNSClient, 'send'>;
}

/** The function behind the rule of runs that end without success. */
export function wireTellOfRun(around: AroundNotices): (event: EndedEvent) => Promise<Notice> {
  const ledger = ledgerIn(around);
  return (event) => tellOfRun(event, { ...around, ledger });
}
