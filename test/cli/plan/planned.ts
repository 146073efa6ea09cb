import { type Look, lookOf } from '../../../cli/plan/forecast';
import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { Outline, SurveyedItems } from '../../../functions/contract/survey-event';

export const OUTLINE: Outline = {
  job: 'digest',
  input: { job: 'digest' },
  plan: { start: 1, end: 3001, items: 3000 },
  parts: [{ start: 1, end: 3001 }],
  rate: 200,
  chains: 4,
  chunkItems: 25,
  linkSeconds: 720,
  tolerated: 0.01,
  sendsMail: true,
  sendShare: 0.8,
  quotaPerSecond: 250,
  quotaPerDay: 50_000,
  usedToday: 0,
};
/** Now is a Monday. */
export const TERMS = { memoryMegabytes: 512, now: Date.parse('2026-01-05T16:00:00Z') };

export function answer(change: Partial<SurveyedItems> = {}): SurveyedItems {
  const counts = { ...NO_COUNTS, done: 90, skipped: 10, skippedBecause: { unsubscribed: 10 } };
  return { items: 100, counts, errors: [], recipients: [], samples: [], calls: {}, ...change };
}

export function looked(change?: Partial<SurveyedItems>, isComplete = false): Look {
  return lookOf([answer(change)], isComplete);
}
