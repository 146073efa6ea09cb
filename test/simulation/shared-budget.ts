import type { Job } from '../../functions/contract/job';
import type { RunInput, RunReport } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { sdkError } from '../support/sdk-errors';
import { type Circumstances, NO_CIRCUMSTANCES } from './circumstances';
import type { FaultProbabilities } from './faults';
import { drawScenario } from './scenario';
import { fail, SEND_SHARE, World } from './world';

/** Runs of different jobs that share the account's SES: each is an execution of its own over ids of its own. */
export interface SharedRun {
  readonly name: string;
  readonly items: number;
  readonly startsAfterSeconds?: number;
  /** @default - one that mails everybody */
  readonly job?: (world: () => World) => Job;
  readonly input?: Partial<RunInput>;
  /** All of its links die without a word and its execution is stopped; seconds after the beginning of the world. */
  readonly crashesAfterSeconds?: number;
  /** Its execution is stopped, … */
  readonly stopsAfterSeconds?: number;
  /** … and redriven. */
  readonly redrivenAfterSeconds?: number;
}

export interface SharedBudget {
  readonly seed: number;
  /** Mails per second of all runs together. */
  readonly perSecond: number;
  readonly runs: readonly SharedRun[];
  readonly heartbeatSeconds?: number;
  readonly linkSeconds?: number;
  /** Mails that the account may send in 24 hours. @default - more than anybody needs */
  readonly dailyQuota?: number;
  readonly faults?: FaultProbabilities;
  readonly circumstances?: Partial<Circumstances>;
  /** What happens beside; seconds after the beginning of the world. */
  readonly events?: readonly { readonly atSeconds: number; readonly happens: (world: World) => Promise<unknown> }[];
  /** A call to the ledger by a link of this run, so many seconds after the beginning, that fails with this. */
  readonly refuses?: (runId: string, seconds: number, input: Record<string, unknown>) => Error | undefined;
  /** Whether the account refuses this mail for its rate. */
  readonly refusesMail?: (runId: string, seconds: number) => boolean;
  readonly trace?: (line: string) => void;
}

/** What one run did. Seconds since the beginning of the world. */
export interface SharedResult {
  readonly status: string;
  readonly report?: RunReport;
  /** When its mails were sent, in order. */
  readonly sends: readonly number[];
  readonly endedAt: number;
}

/** Lets the runs come to their end, and tells what each did. */
export async function shareBudget(shared: SharedBudget) {
  const { seed, perSecond, runs, heartbeatSeconds = 30, linkSeconds = 60, faults = {}, events = [] } = shared;
  const { dailyQuota = 10_000_000 } = shared;
  const circumstances = { ...NO_CIRCUMSTANCES, functionTimeoutSeconds: 900, ...shared.circumstances };
  const scenario = drawScenario(seed, {
    ...{
      heartbeatSeconds,
      linkSeconds,
      faults,
      circumstances,
      delivery: 'at-most-once',
      maxSendRate: perSecond / SEND_SHARE,
    },
    ...{ dailyQuota, alternates: false },
  });
  const others = runs.map(({ name, job }) => job?.(() => world) ?? mailing(name));
  let beganAt = 0;
  const world: World = new World(scenario, {
    others,
    ...(shared.trace && { trace: shared.trace }),
    refuses: (runId, operation, input) => {
      const seconds = (world.clock.now() - beganAt) / 1000;
      if (operation !== 'SendRawEmail') return shared.refuses?.(runId, seconds, input);
      return shared.refusesMail?.(runId, seconds) ? tooFast() : undefined;
    },
  });
  const { clock } = world;
  beganAt = clock.now();
  await world.createStateMachine();
  const executions = new Map<string, string>();
  const ends = new Map<string, number>();
  const at = (seconds: number | undefined, happens: () => Promise<unknown>) => {
    if (seconds !== undefined) clock.after(seconds * 1000, () => void happens().catch(fail));
  };
  for (const [index, run] of runs.entries()) {
    const { name, items } = run;
    const ids = { first: index * 1_000_000 + 1, last: index * 1_000_000 + items };
    const input = { job: name, ids, linkSeconds, ...run.input };
    const execution = () => executions.get(name) as string;
    const stop = () => world.stepFunctions.handle('StopExecution', { executionArn: execution() });
    const redrive = async () => {
      const executionArn = execution();
      const { status } = await world.describe(executionArn);
      // It may have come to its end before it was to be stopped.
      if (status === 'ABORTED' || status === 'FAILED')
        await world.stepFunctions.handle('RedriveExecution', { executionArn });
    };
    at(run.startsAfterSeconds ?? 0, async () => executions.set(name, await world.start(name, input)));
    at(run.stopsAfterSeconds, stop);
    at(run.redrivenAfterSeconds, redrive);
    at(run.crashesAfterSeconds, async () => {
      world.crash(name);
      await stop();
    });
  }
  for (const { atSeconds, happens } of events) at(atSeconds, () => happens(world));
  const last = Math.max(...runs.flatMap((run) => [run.startsAfterSeconds ?? 0, run.redrivenAfterSeconds ?? 0]));
  for (let hours = 0; hours < 3600 * 3; hours++) {
    await clock.advance(1000);
    const isPast = clock.now() - beganAt > last * 1000 + 1000;
    for (const [name, executionArn] of executions) {
      const { status } = await world.describe(executionArn);
      if (status === 'RUNNING') ends.delete(name);
      else if (!ends.has(name)) ends.set(name, (clock.now() - beganAt) / 1000);
    }
    if (isPast && ends.size === runs.length) break;
  }
  const results = new Map<string, SharedResult>();
  for (const { name } of runs) {
    const { status, output } = await world.describe(executions.get(name) as string);
    results.set(name, {
      status,
      ...(output !== undefined && { report: JSON.parse(output) as RunReport }),
      sends: world.sends.filter(({ runId }) => runId === name).map(({ calledAt }) => (calledAt - beganAt) / 1000),
      endedAt: ends.get(name) ?? Number.POSITIVE_INFINITY,
    });
  }
  return { world, results, of: (name: string) => results.get(name) as SharedResult };
}

function tooFast(): Error {
  return sdkError('Throttling', 400, 'Maximum sending rate exceeded.');
}

/** Mails everybody. */
function mailing(name: string): Job {
  return {
    name,
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 1 },
    load: async (ids) => new Map(ids.map((id) => [id, `u${id}@example.com`])),
    process: (to, { send }) =>
      send({ to: String(to), subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
}

/** Mails in the busiest second, wherever it begins, and when that is. */
export function busiestSecond(times: readonly number[]): { readonly mails: number; readonly at: number } {
  const sorted = [...times].sort((a, b) => a - b);
  let first = 0;
  let busiest = { mails: 0, at: 0 };
  for (const [index, time] of sorted.entries()) {
    while ((sorted[first] as number) <= time - 1) first += 1;
    if (index - first + 1 > busiest.mails) busiest = { mails: index - first + 1, at: sorted[first] as number };
  }
  return busiest;
}

/** Mails per second between two moments. */
export function rateBetween(times: readonly number[], from: number, to: number): number {
  return times.filter((time) => time >= from && time < to).length / (to - from);
}
