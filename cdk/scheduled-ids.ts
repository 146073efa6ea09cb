import type { Job } from '../functions/contract/job';
import type { RunInput } from '../functions/contract/payloads';
import { rangeOfIds } from '../functions/sources/id-range';
import { requireListable } from '../functions/sources/known-sources';
import { listedIds } from '../functions/sources/list';
import { refuseObjectIds } from '../functions/sources/s3-object';
import { refuseIds } from '../functions/sources/table-plan';
import { enabledSchedules, isScheduled, type StartProps } from './starts';
import { asUnexpected, UnexpectedValue } from './validation';

/** What of a job says which ids its runs may have. */
type Covering = Pick<Job, 'name' | 'source' | 'load'>;

/** Kinds of sources that cover what the run's input says, and nothing without it. */
const ASKED: Readonly<Record<string, string>> = { 'id-range': 'idRange()', list: 'a list' };

/**
 * Refuses ids that every scheduled run would refuse, and schedules that start runs without the ids that the job's source
 * needs. Those that are off may be without: who starts a run by hand gives it its own.
 *
 * @throws UnexpectedValue where there is one: the first
 */
export function requireScheduledIds(props: StartProps & Pick<RunInput, 'ids'>, job: Covering): void {
  requireIds(props.ids, job);
  for (const { input } of props.schedules ?? []) requireIds(input?.ids, job);
  const source = ASKED[job.source.kind];
  if (source === undefined || props.ids !== undefined || !isScheduled(props)) return;
  const without = enabledSchedules(props).find(({ input }) => input?.ids === undefined);
  if (props.schedules && without === undefined) return;
  const place = without?.name === undefined ? '' : `, or in the \`input\` of the schedule ${without.name},`;
  throw new UnexpectedValue(
    `Expected \`ids\`${place} for the job ${job.name}, whose source is ${source}, got nothing: say what its scheduled runs cover, such as { first: 1, last: 60000 }, or switch the schedule off with \`enabled: false\`.`,
  );
}

/**
 * Refuses ids that every run of the job would refuse.
 *
 * @throws UnexpectedValue where there is such an id: the first one
 */
export function requireIds(ids: RunInput['ids'], job: Covering): void {
  if (ids === undefined) return;
  const { kind } = job.source;
  asUnexpected(() => {
    if (Array.isArray(ids)) requireListable(ids, job);
    if (Array.isArray(ids) || kind === 'list') listedIds(ids, kind === 'id-range');
    else if (kind === 'table') refuseIds(ids);
    else if (kind === 's3-object') refuseObjectIds(ids);
    else rangeOfIds(ids);
  });
}
