import type { Job, ProcessContext } from '../../functions/contract/job';
import type { ItemId } from '../../functions/contract/payloads';
import type { SendWindow } from '../../functions/contract/send-window';
import { ZonedWindow } from '../../functions/contract/zoned-window';
import type { Random } from './random';

/** In which hours the items of a scenario may be started, and when it begins. */
export interface ScenarioHours {
  readonly from: string;
  readonly until: string;
  /** Whether everybody has the hours of his own zone, or all have those of the job. */
  readonly isZoned: boolean;
  /** Milliseconds since the epoch: some seconds before or after the window opens or closes. */
  readonly startsAt: number;
}

/** An item that a job has begun to process. */
export interface StartedItem {
  readonly id: number;
  /** By the clock of the link, which may be wrong. */
  readonly at: number;
  /** By the clock of the world. */
  readonly worldAt: number;
  readonly link: string;
}

const JOB_ZONE = 'Europe/Berlin';
/** Where clocks are put back a week later, at all, or by half an hour; and one that nobody knows. */
const ZONES = [JOB_ZONE, 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Mars/Olympus'] as const;
/** Around the hour that comes twice, in it, at day and at night. */
const WINDOWS = [
  ['02:15', '02:45'],
  ['01:00', '02:30'],
  ['02:30', '04:00'],
  ['22:00', '02:10'],
  ['09:00', '18:00'],
  ['08:00', '07:59'],
] as const;
/** In the night to this Sunday, clocks in Berlin are put back. */
const THE_NIGHT = Date.UTC(2026, 9, 24, 20);
const NIGHT_MILLISECONDS = 8 * 3_600_000;
/** Everybody who moves does so at these times: twice a day, in the middle of many a wait. */
const MOVE_MILLISECONDS = 12 * 3_600_000;
/** Data may be so old when an item is started. */
const FRESH_MILLISECONDS = 120_000;

export function drawHours(random: Random): ScenarioHours {
  const [from, until] = random.pick(WINDOWS);
  const around = THE_NIGHT + random.integer(0, NIGHT_MILLISECONDS);
  const opening = new ZonedWindow({ from, until }).openingIn(random.pick(ZONES.slice(0, 4)), around);
  const change = opening?.open ? opening.closesAt : (opening?.opensAt ?? around);
  return { from, until, isZoned: random.chance(0.5), startsAt: change + random.integer(-40_000, 20_000) };
}

/** Where somebody lives at a time; one in five moves again and again. */
function zoneOf(id: number, at: number): string {
  const moves = id % 5 === 0 ? Math.floor(at / MOVE_MILLISECONDS) : 0;
  return ZONES[(id + moves) % ZONES.length] as string;
}

/** The job with its hours; what it begins to process is told. */
export function withHours<Data>(
  job: Job<Data>,
  hours: ScenarioHours | undefined,
  now: () => number,
  onStarted: (id: number) => void,
): Job<Data> {
  if (!hours) return job;
  const { from, until, isZoned } = hours;
  const idIn = (data: Data) => Number(/\d+/.exec(String(data))?.[0]);
  const sendWindow: SendWindow<Data> = {
    ...{ from, until, zone: JOB_ZONE },
    ...(isZoned && { zoneOf: (data: Data) => zoneOf(idIn(data), now()) }),
  };
  return {
    ...job,
    sendWindow,
    process: (data: Data, context: ProcessContext) => {
      onStarted(Number(context.id satisfies ItemId));
      return job.process(data, context);
    },
  };
}

/** Whoever was started while his window was closed, in words. */
export function startedWhileClosed(hours: ScenarioHours | undefined, started: readonly StartedItem[]): string[] {
  if (!hours) return [];
  const window = new ZonedWindow(hours);
  const isOpen = (zone: string, at: number) => (window.openingIn(zone, at) ?? window.openingIn(JOB_ZONE, at))?.open;
  const mayStart = ({ id, at, worldAt }: StartedItem) => {
    // His data may be of before he moved.
    const zones = hours.isZoned ? [zoneOf(id, worldAt), zoneOf(id, worldAt - FRESH_MILLISECONDS)] : [JOB_ZONE];
    return zones.some((zone) => isOpen(zone, at));
  };
  return started
    .filter((one) => !mayStart(one))
    .map(({ id, at, link }) => `${link} started ${id} at ${new Date(at).toISOString()}, when his window was closed`);
}
