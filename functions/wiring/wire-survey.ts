import type { Email } from '../contract/email';
import type { Outline, SurveyEvent, SurveyedItems } from '../contract/survey-event';
import { knownSources } from '../sources/known-sources';
import type { Draft } from '../survey/look-at';
import { survey } from '../survey/survey';
import { ledgerIn, type Surroundings, type WithJob, type WithProvider } from './surroundings';

export interface SurveySurroundings extends Surroundings, WithJob, WithProvider {
  readonly sendShare: number;
  /** Longest that a link works before it hands over. */
  readonly linkSeconds: number;
  /** Does with a mail what is done before it is sent. */
  readonly draft: (email: Email) => Promise<Draft>;
}

/** What the chain function answers beside running links: how a run would come out. */
export function wireSurvey(
  around: SurveySurroundings,
): (event: SurveyEvent, remainingMilliseconds: () => number) => Promise<Outline | SurveyedItems> {
  const { clock, findJob, readQuota, sendShare, linkSeconds, draft } = around;
  const { sourceFor } = knownSources(ledgerIn(around));
  return (event, remainingMilliseconds) =>
    survey(event, { clock, findJob, readQuota, sendShare, linkSeconds, draft, sourceFor, remainingMilliseconds });
}
