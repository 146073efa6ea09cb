import { systemClock } from '../../functions/contract/clock';
import type { ItemsRequest, Outline, SurveyedItems } from '../../functions/contract/survey-event';
import { readCommandLine } from '../command-line';
import { help, number, TEXT } from '../ledger-access';
import { printable } from '../printable';
import { forecastOf, lookOf } from './forecast';
import { nextStarts } from './next-starts';
import { openTarget } from './open-target';
import { printPlan } from './plan-report';
import { SURVEY_HELP, SURVEY_OPTIONS, surveyOptions } from './survey-options';
import type { SurveyTarget } from './survey-target';

const HELP = `Says what a run would be, before it is one: how many items, who would be skipped
and why, which mails could not be made, how long it takes and what it costs, and
whether rate and quota hold; of the app of this directory, when the next five runs
start, too. Reads the job's real source and data with the permissions of its
function; sends nothing, calls nothing, writes nothing.

  worker-chains plan [JOB] [options]

${SURVEY_HELP}  --look N        items to look at, spread over the source (1000); the rest is
                  computed from these
  --all           looks at every item
  --json          ends stdout with the plan as one JSON object
  --help          shows this

Exit codes: 0 yes, the run may be started; 1 the plan could not be made; 2 the
command line is wrong; 3 no: the plan says why.
`;

/** Parts of the source that are looked at: people who joined early and late are not alike. */
const PARTS = 10;
const USUAL_LOOK = 1000;
const MOST_LOOK = 10_000_000;
/** Of one request: its answer names each recipient by a hash, and Lambda answers with 6 MB at most. */
const ITEMS_OF_A_REQUEST = 5000;
/** Requests at a time: they take places of the chain function's reserved concurrency. */
const REQUESTS = 2;
const NO = 3;
const OPTIONS = { ...SURVEY_OPTIONS, look: TEXT, all: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/**
 * `worker-chains plan`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the job cannot be asked
 */
export async function plan(args: readonly string[]): Promise<number> {
  const { values, words } = readCommandLine(args, { command: 'plan', options: OPTIONS, words: 1 });
  if (values.help) return help(HELP);
  const options = surveyOptions('plan', values, words);
  const { look = String(USUAL_LOOK), all = false, json = false } = values;
  const most = all ? Number.POSITIVE_INFINITY : number('--look', look, MOST_LOOK);
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
