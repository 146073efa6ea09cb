import type { Email, UnsubscribeRecipient } from '../contract/email';
import type { Outline, SurveyEvent, SurveyedItems } from '../contract/survey-event';
import { knownSources } from '../sources/known-sources';
import type { Draft } from '../survey/look-at';
import { survey } from '../survey/survey';
import { ledgerIn, type Surroundings, type WithJob, type WithProvider } from './surroundings';

export interface SurveySurroundings extends Surroundings, WithJob, WithProvider {
  readonly sendShare: number;
  /** Longest that a link works before it hands over. */
  readonly linkSeconds: number;
  /** Domain of the sender. @default - the job sends no mails */
  readonly sendingDomain?: string;
  /** Makes unsubscribe links, once their keys are read. @default - there is no endpoint for them */
  readonly unsubscribeLinks?: () => Promise<(recipient: UnsubscribeRecipient) => string>;
  /** Does with a mail what is done before it is sent. */
  readonly draft: (email: Email) => Promise<Draft>;
}

/** What the chain function answers beside running links: how a run would come out. */
export function wireSurvey(
  around: SurveySurroundings,
): (event: SurveyEvent, remainingMilliseconds: () => number) => Promise<Outline | SurveyedItems> {
  const { clock, findJob, readQuota, sendShare, linkSeconds, sendingDomain, unsubscribeLinks, draft } = around;
  const ledger = ledgerIn(around);
  const { sourceFor } = knownSources(ledger);
  return async (event, remainingMilliseconds) => {
    const unsubscribeLink = await unsubscribeLinks?.();
    const terms = { clock, draft, ...(unsubscribeLink && { unsubscribeLink }) };
    const settings = { sendShare, linkSeconds, ...(sendingDomain !== undefined && { sendingDomain }) };
    return survey(event, { ...terms, ...settings, ledger, findJob, readQuota, sourceFor, remainingMilliseconds });
  };
}
