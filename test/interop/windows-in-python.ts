import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { WEEKDAYS } from '../../functions/contract/send-window';
import { ZonedWindow } from '../../functions/contract/zoned-window';
import { Random } from '../simulation/random';
import { type Checks, referee } from './checks';

/**
 * Whether Python's `zoneinfo` finds the same windows open, and the same moments at which they open and close: random hours
 * and days in every zone that `Intl` knows, half of them within two days of a change of clocks.
 */

const CASES = 2000;
const SEED = 20_261_025;
const MINUTE_MILLISECONDS = 60_000;
const DAY_MILLISECONDS = 24 * 60 * MINUTE_MILLISECONDS;
/** What both have known for long: rules of later years are still changed by governments. */
const FROM = Date.UTC(2000, 0, 1);
const UNTIL = Date.UTC(2022, 0, 1);

interface Case {
  readonly from: string;
  readonly until: string;
  readonly days?: readonly (typeof WEEKDAYS)[number][];
  readonly zone: string;
  readonly now: number;
}

function drawCase(random: Random, zones: readonly string[]): Case {
  const from = random.integer(0, 24 * 60 - 1);
  const until = (from + random.integer(1, 24 * 60 - 1)) % (24 * 60);
  const zone = random.pick(zones);
  const days = WEEKDAYS.filter(() => random.chance(0.4));
  const anywhere = random.integer(FROM / MINUTE_MILLISECONDS, UNTIL / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS;
  const now = random.chance(0.5) ? nearChange(zone, anywhere, random) : anywhere;
  return { from: timeOf(from), until: timeOf(until), zone, now, ...(days.length > 0 && { days }) };
}

/** Within two days of the next change of the zone's clock in a year, if there is one. */
function nearChange(zone: string, from: number, random: Random): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetAt = (at: number) => format.format(at).split('GMT')[1];
  let at = from;
  while (at < from + 365 * DAY_MILLISECONDS && offsetAt(at) === offsetAt(at + DAY_MILLISECONDS)) at += DAY_MILLISECONDS;
  return at + random.integer(-1440, 2880) * MINUTE_MILLISECONDS;
}

function timeOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

async function judge(checks: Checks): Promise<void> {
  const random = new Random(SEED);
  const zones = Intl.supportedValuesOf('timeZone');
  const cases = Array.from({ length: CASES }, () => drawCase(random, zones));
  const input = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  const output = execFileSync('python3', [join(__dirname, 'windows_in_python.py')], { input, maxBuffer: 2 ** 28 });
  const answers = output.toString().trimEnd().split('\n');
  checks.equal('windows that Python looked at', answers.length, cases.length);
  const wrong = cases.flatMap((one, index) => {
    const opening = new ZonedWindow(one).openingIn(one.zone, one.now);
    const ours = opening && { open: opening.open, at: opening.open ? opening.closesAt : opening.opensAt };
    const theirs = JSON.stringify(JSON.parse(answers[index] ?? 'null'));
    return JSON.stringify(ours) === theirs ? [] : [`${JSON.stringify(one)}: ${JSON.stringify(ours)} and ${theirs}`];
  });
  checks.holds(
    `of ${CASES} windows every one is open, opens and closes as in Python`,
    wrong.length === 0,
    wrong.slice(0, 9),
  );
}

referee(judge);
