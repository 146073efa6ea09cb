import { momentsOf } from '../../cdk/scheduled-moments';
import type { RuleConfig } from '../../local/template/configurations';

/** When a job's runs are going to start. */
export interface NextStarts {
  /** The next five, over all schedules that are on, in their order. */
  readonly moments: readonly NextStart[];
  /** Why there is nothing to say of a schedule, a sentence's part each. */
  readonly unknown: readonly string[];
}

export interface NextStart {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** By whose clock it was scheduled. */
  readonly zone: string;
  /** Name of the schedule, where the job has several. */
  readonly schedule?: string;
}

const MOST = 5;

/** The starts after `now`. */
export function nextStarts(rules: readonly RuleConfig[], now: Date): NextStarts {
  const on = rules.filter(({ enabled }) => enabled);
  const unknown: string[] = on.length > 0 ? [] : ['none: the schedule is switched off'];
  const moments = on.flatMap((rule) => {
    try {
      const found = firstOf(momentsOf(rule.schedule, rule.zone, now));
      if (rule.schedule.startsWith('rate(')) unknown.push(`${rule.schedule}, counted from the deployment`);
      else if (found.length === 0) unknown.push(`none: ${rule.schedule} has no moment left`);
      return found.map((moment) => startOf(moment, rule));
    } catch (error) {
      unknown.push(`unknown: ${(error as Error).message}`);
      return [];
    }
  });
  moments.sort((one, other) => one.at.localeCompare(other.at));
  return { moments: moments.slice(0, MOST), unknown };
}

/** Rows of the plan. */
export function startRows({ moments, unknown }: NextStarts): [string, string][] {
  const texts = [
    ...moments.map(({ at, zone, schedule }) => {
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
      const weekday = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' });
      const moment = new Date(at);
      return `${weekday.format(moment)} ${shown.format(moment)} ${zone}${schedule === undefined ? '' : `, ${schedule}`}`;
    }),
    ...unknown,
  ];
  return texts.map((text, index) => [index === 0 ? 'starts' : '', text]);
}

function firstOf(moments: Iterable<Date>): Date[] {
  const found: Date[] = [];
  for (const moment of moments) if (found.push(moment) === MOST) break;
  return found;
}

function startOf(moment: Date, { zone, input }: RuleConfig): NextStart {
  const { schedule } = input(moment);
  return { at: moment.toISOString(), zone, ...(typeof schedule === 'string' && { schedule }) };
}
