import { counted, nounFor } from '../../functions/contract/counted';
import type { Outline, SampleMail } from '../../functions/contract/survey-event';
import { printable } from '../printable';
import type { Forecast, Look } from './forecast';
import { type NextStarts, startRows } from './next-starts';
import { hoursRows } from './planned-hours';
import type { PlannedWarmUp } from './planned-warm-up';

const NUMBERS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 2 });
/** Days of a warm-up whose mails are shown. */
const SHOWN_DAYS = 7;
/** Characters of a sample's text part that are shown. */
const SAMPLE_CHARACTERS = 300;

/** As `counted`, with the thousands apart. */
function numbered(value: number, noun: string): string {
  return `${NUMBERS.format(value)} ${nounFor(value, noun)}`;
}

/** The plan for a person. */
export function printPlan(
  outline: Outline,
  look: Look,
  forecast: Forecast,
  samples: readonly SampleMail[],
  starts?: NextStarts,
): string {
  const lines = [
    ...[...rows(outline, look, forecast), ...(starts ? startRows(starts) : [])].map(
      ([name, text]) => `  ${name.padEnd(11)}${printable(text)}`,
    ),
    '',
    ...samples.flatMap(sampleLines),
    ...verdict(outline, forecast),
  ];
  return `${printable(outline.job)}\n\n${lines.join('\n')}\n`;
}

function sameAddress(outline: Outline, look: Look): string {
  const what = `${NUMBERS.format(look.sameAddress)} of those looked at ${nounFor(look.sameAddress, 'goes', 'go')} to an address that another item has had`;
  return outline.sameAddress === 'skip'
    ? `${what}: left out as same-address`
    : `${what}: sent, as long as the job does not say mail: { sameAddress: 'skip' }`;
}

function rows(outline: Outline, look: Look, forecast: Forecast): [string, string][] {
  const { items, isEstimate, mails, seconds, cost, mailsLeftToday } = forecast;
  const { done, skipped, unprocessed, inDoubt, skippedBecause } = look.counts;
  const reasons = Object.entries(skippedBecause).map(([reason, count]) => `${reason} ${NUMBERS.format(count)}`);
  const calls = Object.entries(look.calls).map(([provider, count]) => `${provider} ${NUMBERS.format(count)}`);
  const count = items === undefined ? 'unknown' : `${isEstimate ? 'about ' : ''}${NUMBERS.format(items)}`;
  return [
    ['items', `${count}, ${look.isComplete ? 'all of them' : NUMBERS.format(look.items)} looked at`],
    [
      'outcomes',
      `${NUMBERS.format(done)} done, ${NUMBERS.format(skipped)} skipped${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}, ${NUMBERS.format(unprocessed + inDoubt)} would fail`,
    ],
    ...look.errors.flatMap(({ code, count: failed, exampleIds, messages = [] }): [string, string][] => [
      ['', `${code} ${NUMBERS.format(failed)}, such as ${exampleIds.join(', ')}`],
      ...messages.map((message): [string, string] => ['', `  ${message}`]),
    ]),
    ...(calls.length > 0 ? [['calls', calls.join(', ')] as [string, string]] : []),
    ...(mails !== undefined && outline.sendsMail ? [['mails', NUMBERS.format(mails)] as [string, string]] : []),
    ...(look.sameAddress > 0 ? [['addresses', sameAddress(outline, look)] as [string, string]] : []),
    [
      'rate',
      `${NUMBERS.format(outline.rate)} per second of ${NUMBERS.format(outline.quotaPerSecond)}, over ${counted(outline.chains, 'chain')}`,
    ],
    ...(outline.canary ? [['canary', canaryOf(outline.canary, items)] as [string, string]] : []),
    ...(outline.hours ? hoursRows(outline.hours, look, forecast.ending) : []),
    ...(forecast.warmUp ? [['warm-up', warmUpOf(forecast.warmUp)] as [string, string]] : []),
    ['duration', seconds === undefined ? 'unknown, as the number of items is' : durationOf(seconds)],
    [
      'quota',
      mailsLeftToday === undefined
        ? 'none within 24 hours'
        : `${numbered(mailsLeftToday, 'mail')} left within 24 hours`,
    ],
    [
      'cost',
      cost === undefined
        ? 'unknown'
        : `${DOLLARS.format(cost.lambda + cost.ledger + cost.others)}${outline.sendsMail ? `, beside ${DOLLARS.format(cost.ses)} for the mails` : ''}`,
    ],
  ];
}

function canaryOf({ share, feedbackSeconds }: NonNullable<Outline['canary']>, items: number | undefined): string {
  const first = items === undefined ? '' : `, about ${numbered(Math.round(share * items), 'item')}`;
  return `${NUMBERS.format(100 * share)} %${first}, first; the others ${durationOf(feedbackSeconds)} later, if they fared well`;
}

function warmUpOf({ day, limit, taken, daysLeft, mailsByDay }: PlannedWarmUp): string {
  const sent = `day ${day}, ${NUMBERS.format(taken)} of its ${numbered(limit, 'mail')} sent`;
  const over = `over in ${counted(daysLeft, 'day')}`;
  if (mailsByDay.length < 2) return `${sent}, ${over}`;
  const shown = mailsByDay.slice(0, SHOWN_DAYS).map((mails) => NUMBERS.format(mails));
  const more = mailsByDay.length > SHOWN_DAYS ? ` and ${counted(mailsByDay.length - SHOWN_DAYS, 'more day')}` : '';
  return `${sent}, ${over}; by day this run has ${shown.join(' + ')}${more}`;
}

function sampleLines({ id, email }: SampleMail): string[] {
  const text = email.text.slice(0, SAMPLE_CHARACTERS).trimEnd().split('\n');
  return [
    `  The mail of item ${printable(JSON.stringify(id))}:`,
    `    Subject: ${printable(email.subject)}`,
    ...text.map((line) => `    ${printable(line)}`.trimEnd()),
    ...(email.text.length > SAMPLE_CHARACTERS ? ['    …'] : []),
    '',
  ];
}

function verdict({ job }: Outline, { objections }: Forecast): string[] {
  if (objections.length === 0) return [`Yes: ${printable(job)} may be started.`];
  return ['No:', ...objections.map((objection) => `  - ${printable(objection)}`)];
}

function durationOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return counted(Math.round(seconds / 60), 'minute');
  return `${NUMBERS.format(seconds / 3600)} hours`;
}
