import type { FeedbackLimits } from '../contract/mail-policy';

/** What a run has done about the feedback on its mails, and of what it does not speak again. */
export interface Reaction {
  /** How many times the run has reacted by then, this time included: from 1. Names the round that comes after. */
  readonly round: number;
  readonly act: Required<FeedbackLimits>['action'];
  /** `Mail.TooManyBounces` or `Mail.TooManyComplaints`. */
  readonly code: string;
  /** One sentence: what was counted, what the limit is, what to do. */
  readonly because: string;
  /** In milliseconds since the epoch. Feedback on mails from before it is recorded, and held against nobody any more. */
  readonly at: number;
  /** Mails that the run had sent by then: those after it are a round of their own. */
  readonly mails: number;
}

/** The round to which a mail belongs, from 0; undefined where the run has reacted since. */
export function roundOf({ reaction }: { readonly reaction?: Reaction }, mailedAt: number): number | undefined {
  if (!reaction) return 0;
  return mailedAt > reaction.at ? reaction.round : undefined;
}
