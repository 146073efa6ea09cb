import { systemClock } from '../../functions/contract/clock';
import type { ItemsRequest, Outline, SurveyedItems } from '../../functions/contract/survey-event';
import { printable } from '../printable';
import { forecastOf, lookOf } from './forecast';
import { nextStarts } from './next-starts';
import { openTarget } from './open-target';
import { printPlan } from './plan-report';
import { type SurveyFlags, surveyOptions } from './survey-options';
import type { SurveyTarget } from './survey-target';

/** Parts of the source that are looked at: people who joined early and late are not alike. */
const PARTS = 10;
const USUAL_LOOK = 1000;
/** Of one request: its answer names each recipient by a hash, and Lambda answers with 6 MB at most. */
const ITEMS_OF_A_REQUEST = 5000;
/** Requests at a time: they take places of the chain function's reserved concurrency. */
const REQUESTS = 2;
const NO = 3;

interface PlanFlags extends SurveyFlags {
  readonly look?: number | undefined;
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `worker-chains plan`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the job cannot be asked
 */
export async function plan(flags: PlanFlags, job?: string): Promise<number> {
  const options = surveyOptions(flags, job);
  const { look = USUAL_LOOK, all = false, json = false } = flags;
  const most = all ? Number.POSITIVE_INFINITY : look;
  const target = await openTarget(options);
  try {
    const outline = await target.ask<Outline>({ survey: { step: 'outline', input: target.input, parts: PARTS } });
    const { answers, isComplete } = await lookAround(outline, most, target);
    const seen = lookOf(answers, isComplete);
    const { memoryMegabytes } = target;
    const forecast = forecastOf(outline, seen, { memoryMegabytes, now: systemClock.now() });
    const starts = target.starts && nextStarts(target.starts, new Date());
    const samples = answers.flatMap((answer) => answer.samples);
    if (json)
      process.stdout.write(
        `${printable(JSON.stringify({ outline, look: seen, forecast, ...(starts && { next: starts.moments }) }))}\n`,
      );
    else process.stdout.write(printPlan(outline, seen, forecast, samples, starts));
    return forecast.objections.length === 0 ? 0 : NO;
  } finally {
    await target.close();
  }
}

/** Looks at `most` items, the same number in each part of the source. */
async function lookAround(outline: Outline, most: number, target: SurveyTarget) {
  const { input, plan: covered, parts } = outline;
  const ofEach = Math.ceil(most / Math.max(1, parts.length));
  const answers: SurveyedItems[] = [];
  let isComplete = true;
  const waiting = [...parts.entries()];
  const lookAtParts = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, part] = next;
      let left = ofEach;
      let cursor: ItemsRequest['cursor'] | undefined = part.start;
      while (cursor !== undefined && left > 0) {
        const limit = Math.min(left, ITEMS_OF_A_REQUEST);
        const samples = index === 0 && left === ofEach ? 1 : 0;
        const request: ItemsRequest = { step: 'items', input, plan: covered, cursor, end: part.end, limit, samples };
        const answer: SurveyedItems = await target.ask({ survey: request });
        answers.push(answer);
        left -= answer.items;
        cursor = answer.next;
      }
      if (cursor !== undefined) isComplete = false;
    }
  };
  await Promise.all(Array.from({ length: REQUESTS }, lookAtParts));
  return { answers, isComplete };
}
