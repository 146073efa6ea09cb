import { counted } from '../../functions/contract/counted';
import { addReason, type Counts, settledItems, sumOfCounts } from '../../functions/contract/outcomes';
import { expectedItems } from '../../functions/contract/source';
import type { Outline, PlannedHours, SurveyedError, SurveyedItems } from '../../functions/contract/survey-event';
import { rampFault } from '../../functions/run/ramp';
import { durationFault, itemsWithin, workingSeconds } from '../../functions/run/time-limits';
import { MESSAGES_PER_ERROR } from '../../functions/survey/findings';
import { costOf, type PlannedCost } from './cost';
import { type Ending, endingOf, windowOf } from './planned-hours';
import { mailsLeft, type PlannedWarmUp, plannedWarmUp, quotaFault } from './planned-warm-up';

/** What a look at the items has found, all requests together. */
export interface Look {
  readonly items: number;
  readonly counts: Counts;
  readonly errors: readonly SurveyedError[];
  /** Mails to an address that another item which was looked at has had. */
  readonly sameAddress: number;
  readonly calls: Readonly<Record<string, number>>;
  /** Items that could not be started now, by when their own windows open, in milliseconds since the epoch. */
  readonly closed: Readonly<Record<string, number>>;
  /** Every item was looked at. */
  readonly isComplete: boolean;
}

/** A run as it is expected to be. */
export interface Forecast {
  /** About how many items, where the source cannot tell; absent where nothing is known. */
  readonly items?: number;
  readonly isEstimate: boolean;
  /** Mails that would be sent, by the share of those looked at. */
  readonly mails?: number;
  /** Seconds from its start to its end, without closed hours, with the days that it waits for its domain's warm-up. */
  readonly seconds?: number;
  /** When it would begin to start items, and end, were it started now. Only where they have hours. */
  readonly ending?: Ending;
  readonly cost?: PlannedCost;
  /** Mails that runs may still send today; undefined where there is no such quota. */
  readonly mailsLeftToday?: number;
  /** Where the domain of its mails is in its warm-up, and what that makes of the run. Absent where nothing is limited. */
  readonly warmUp?: PlannedWarmUp;
  /** Why the run should not be started as it is. Nothing if it may. */
  readonly objections: readonly string[];
}

export interface ForecastTerms {
  /** Of the chain function, in MB. */
  readonly memoryMegabytes: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Before the first item is sent and after the last one: three functions, and the slowest answer. */
const AROUND_SECONDS = 5;

/** The answers to several requests, as one. */
export function lookOf(answers: readonly SurveyedItems[], isComplete: boolean): Look {
  const recipients = answers.flatMap((answer) => answer.recipients);
  const errors = new Map<string, SurveyedError>();
  const calls: Record<string, number> = {};
  const closed: Record<string, number> = {};
  for (const answer of answers) {
    for (const error of answer.errors) {
      const known = errors.get(error.code);
      errors.set(error.code, known ? together(known, error) : error);
    }
    for (const [provider, count] of Object.entries(answer.calls)) addReason(calls, provider, count);
    for (const [at, count] of Object.entries(answer.closed ?? {})) closed[at] = (closed[at] ?? 0) + count;
  }
  return {
    items: answers.reduce((sum, { items }) => sum + items, 0),
    counts: sumOfCounts(answers.map(({ counts }) => counts)),
    errors: [...errors.values()].sort((a, b) => b.count - a.count),
    sameAddress: recipients.length - new Set(recipients).size,
    calls,
    closed,
    isComplete,
  };
}

function together(one: SurveyedError, other: SurveyedError): SurveyedError {
  const messages = [...new Set([...(one.messages ?? []), ...(other.messages ?? [])])].slice(0, MESSAGES_PER_ERROR);
  return { ...one, count: one.count + other.count, messages };
}

/** What the run will be like, and whether to start it. */
export function forecastOf(outline: Outline, look: Look, { now, ...terms }: ForecastTerms): Forecast {
  const known = look.isComplete ? look.items : expectedItems(outline.plan);
  const done = look.counts.done - leftOut(outline, look);
  const processed = share(done + look.counts.unprocessed, look);
  const mails = known === undefined ? undefined : Math.round(known * (outline.sendsMail ? share(done, look) : 0));
  const paced = known === undefined ? undefined : known * processed;
  const waited = outline.canary?.feedbackSeconds ?? 0;
  const working = paced === undefined ? undefined : paced / outline.rate + AROUND_SECONDS;
  const warmUp = outline.ramp && plannedWarmUp(outline.ramp, mails ?? 0, outline);
  const seconds =
    working === undefined ? undefined : Math.max(working, (warmUp?.seconds ?? 0) + AROUND_SECONDS) + waited;
  const mailsLeftToday = mailsLeft(outline);
  return {
    ...(known !== undefined && { items: known }),
    isEstimate: !look.isComplete && outline.plan.items === undefined,
    ...(mails !== undefined && { mails }),
    ...(seconds !== undefined && { seconds }),
    ...(outline.hours &&
      working !== undefined && { ending: endingWith(outline.hours, look, working + waited, now, warmUp) }),
    ...(paced !== undefined &&
      working !== undefined && {
        cost: costOf({
          items: paced,
          mails: mails ?? 0,
          addressClaims: outline.sameAddress === 'skip' ? (known ?? 0) * share(look.counts.done, look) : 0,
          warmUpPlaces: warmUp?.places ?? 0,
          seconds: working,
          passes: outline.canary ? 2 : 1,
          chains: outline.chains,
          linkSeconds: outline.linkSeconds,
          ...terms,
        }),
      }),
    ...(mailsLeftToday !== undefined && { mailsLeftToday }),
    ...(warmUp && { warmUp }),
    objections: objectionsTo(outline, look, { known, mails, warmUp, now }),
  };
}

/** When a run ends that has hours, and days of a warm-up or none. */
function endingWith(
  hours: PlannedHours,
  look: Look,
  seconds: number,
  now: number,
  warmUp: PlannedWarmUp | undefined,
): Ending {
  const ending = endingOf(hours, look, seconds, now);
  if (!warmUp) return ending;
  const { from, seconds: ofLastDay } = warmUp.lastDay;
  const { endsAt } = endingOf(hours, look, ofLastDay + AROUND_SECONDS, Math.max(from, now));
  return { ...ending, endsAt: Math.max(ending.endsAt, endsAt) };
}

interface Known {
  readonly known: number | undefined;
  readonly mails: number | undefined;
  readonly warmUp: PlannedWarmUp | undefined;
  readonly now: number;
}

function objectionsTo(outline: Outline, look: Look, { known, mails, warmUp, now }: Known): string[] {
  const objections: string[] = [];
  if (outline.refused !== undefined) objections.push(outline.refused);
  if (outline.rate === 0) objections.push('The provider accepts nothing at present: its rate is 0.');
  const window = outline.hours && windowOf(outline.hours);
  const available = workingSeconds(window, now);
  const tooLong =
    outline.rate > 0 && known !== undefined ? durationFault({ items: known }, outline.rate, available) : undefined;
  if (tooLong !== undefined) objections.push(tooLong);
  const tooMany =
    outline.ramp && known !== undefined
      ? rampFault({ items: known }, outline.ramp, itemsWithin(window, outline.rate))
      : undefined;
  if (tooMany !== undefined) objections.push(tooMany);
  const tooMuch = mails === undefined ? undefined : quotaFault(outline, mails, warmUp?.mailsByDay);
  if (tooMuch !== undefined) objections.push(tooMuch);
  const failed = look.counts.unprocessed + look.counts.inDoubt;
  if (look.items > 0 && failed > Math.floor(outline.tolerated * look.items)) {
    const [first] = look.errors;
    objections.push(
      `${failed} of ${counted(look.items, 'item')} would fail, most with ${first?.code}, such as ${first?.exampleIds.join(', ')}: correct them before the run.`,
    );
  }
  if (look.items === 0) objections.push('There is nothing to do: the source has no items for this input.');
  return objections;
}

/** Items that would be left out because their address has had a mail. */
function leftOut({ sameAddress }: Outline, look: Look): number {
  return sameAddress === 'skip' ? look.sameAddress : 0;
}

function share(count: number, { counts }: Look): number {
  const settled = settledItems(counts);
  return settled === 0 ? 1 : count / settled;
}
