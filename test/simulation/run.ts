import type { RunInput, RunReport } from '../../functions/chain/contract';
import type { LeftoverItem } from '../../functions/chain/ledger/ledger';
import type { FaultKind } from './faults';
import { nobodyTwice, nothingRunsAway, Violation, violationsOf } from './invariants';
import { drawScenario, type Scenario, type ScenarioShape } from './scenario';
import { SEND_SHARE, World, type WorldOptions } from './world';

const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** No execution of a scenario may take longer: the faults of one run delay it by minutes. */
const EXECUTION_LIMIT_MILLISECONDS = 2 * 3600 * 1000;
/** Rounds after which nothing goes wrong any more. */
const FAULTY_ROUNDS = 3;
/** Rounds within which a run must then have come to its end. */
const MOST_ROUNDS = 8;
/** Errors with which a second execution for the same occurrence may be turned away. */
const TURNED_AWAY = ['Run.AlreadyServed', 'Run.Overlapping'];

export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly faultsInjected: Partial<Record<FaultKind, number>>;
}

/** A stop in virtual time, in milliseconds: from StopExecution until the run was taken up again. */
export interface Stop {
  readonly executionArn: string;
  readonly from: number;
  until: number;
}

/** What was seen of one run: everything that the invariants judge. */
export interface Evidence {
  readonly scenario: Scenario;
  readonly world: World;
  readonly runId: string;
  readonly report: RunReport;
  readonly leftovers: readonly LeftoverItem[];
  /** From when to when an execution was stopped. */
  readonly stops: readonly Stop[];
  readonly rounds: number;
}

/** Simulates the run of one seed to its end and judges it. Never rejects: what breaks is a violation. */
export async function simulate(
  seed: number,
  options: WorldOptions = {},
  shape: ScenarioShape = {},
): Promise<SimulationResult> {
  const scenario = drawScenario(seed, shape);
  const world = new World(scenario, options);
  let violations: readonly Violation[];
  try {
    violations = violationsOf(await play(scenario, world));
  } catch (error) {
    const broken =
      error instanceof Violation ? error : new Violation('P1', `the simulation broke: ${(error as Error).stack}`);
    violations = [broken, ...nobodyTwice(scenario, world.sends), ...nothingRunsAway(scenario, world, MOST_ROUNDS)];
  }
  return { seed, violations, faultsInjected: scenario.faults.injected };
}

async function play(scenario: Scenario, world: World): Promise<Evidence> {
  const { clock } = world;
  await world.createStateMachine();
  const input = inputOf(scenario);
  const stops: Stop[] = [];
  let serving = await world.start('first', input);
  let second: string | undefined;
  let firesAgain = scenario.startAgainAfterMilliseconds !== undefined;
  if (scenario.startAgainAfterMilliseconds !== undefined) {
    clock.after(scenario.startAgainAfterMilliseconds, () => {
      world.start('second', input).then((arn) => {
        second = arn;
        firesAgain = false;
      }, fail);
    });
  }
  if (scenario.stopAfterSeconds !== undefined) {
    clock.after(scenario.stopAfterSeconds * 1000, () => {
      const stopped = serving;
      world.trace(`${clock.now() % 1e8} stop ${stopped}`);
      world.stepFunctions
        .handle('StopExecution', { executionArn: stopped })
        .then(() => world.describe(stopped))
        .then(({ status }) => {
          // One that had ended before was not stopped.
          if (status !== 'ABORTED') return;
          stops.push({ executionArn: stopped, from: clock.now(), until: Number.POSITIVE_INFINITY });
        }, fail);
    });
  }
  pauseAndGoOn(scenario, world);
  for (let round = 1; ; round++) {
    let ended = await untilEnded(world, serving);
    if (second !== undefined && TURNED_AWAY.includes(ended.error ?? '')) {
      const other = await untilEnded(world, second);
      if (TURNED_AWAY.includes(other.error ?? ''))
        throw new Violation('P7', 'both executions of the occurrence were turned away');
      serving = second;
      second = undefined;
      ended = other;
    }
    world.trace(
      `${clock.now() % 1e8} round ${round} of ${serving}: ${ended.status} ${ended.error ?? ''} ${ended.cause ?? ''}`,
    );
    if (ended.status === 'SUCCEEDED') {
      const report = JSON.parse(ended.output as string) as RunReport;
      // The schedule may fire again long after the run has ended.
      while (firesAgain) await clock.advance(1000);
      if (second !== undefined) await expectServedOnce(world, second, report.runId);
      const leftovers = await listLeftovers(world, report.runId);
      scenario.faults.ended = true;
      await expectFollowUp(world, report.runId, leftovers);
      return {
        scenario,
        world,
        runId: report.runId,
        report,
        leftovers,
        stops: stops.filter((stop) => concerns(stop, report.runId)),
        rounds: round,
      };
    }
    if (round === FAULTY_ROUNDS) scenario.faults.ended = true;
    if (round === MOST_ROUNDS)
      throw new Violation('P1', `the run does not come to its end: ${ended.error}: ${ended.cause}`);
    if (ended.status === 'ABORTED') await clock.advance(scenario.pauseSeconds * 1000);
    for (const stop of stops) stop.until = Math.min(stop.until, clock.now());
    if (ended.error === 'Chain.QuotaExhausted') await clock.advance(DAY_MILLISECONDS);
    serving = await takeUp(scenario, world, serving, round);
  }
}

async function listLeftovers(world: World, runId: string): Promise<LeftoverItem[]> {
  const leftovers: LeftoverItem[] = [];
  let after: string | undefined;
  do {
    const page = await world.ledger().listItems(runId, after === undefined ? {} : { after });
    leftovers.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return leftovers;
}

/** What stayed unprocessed is taken up by one other run, once; that nobody gets a second mail is judged with the rest. */
async function expectFollowUp(world: World, runId: string, leftovers: readonly LeftoverItem[]): Promise<void> {
  const unprocessed = leftovers.filter(({ outcome }) => outcome === 'unprocessed').length;
  const input = { job: 'simulated', unprocessedOf: runId, chains: 2, allowPartial: true };
  await world.clock.advance(DAY_MILLISECONDS);
  const first = await untilEnded(world, await world.start('follow-up', input));
  const planned = first.status === 'SUCCEEDED' && (JSON.parse(first.output as string) as RunReport).planned;
  if (planned !== unprocessed) {
    throw new Violation('P3', `${unprocessed} items stayed unprocessed and ${planned} were taken up: ${first.cause}`);
  }
  const second = await untilEnded(world, await world.start('follow-up-again', input));
  if (second.error !== 'Run.InvalidInput') throw new Violation('P2', 'what stayed unprocessed was taken up twice');
}

/** The operator pauses the run by its budget, and lets it go on. */
function pauseAndGoOn({ pauseRate, rate }: Scenario, world: World): void {
  if (pauseRate === undefined) return;
  for (const [afterSeconds, budget] of [
    [pauseRate.afterSeconds, 0],
    [pauseRate.untilSeconds, rate],
  ] as const) {
    world.clock.after(afterSeconds * 1000, () => {
      world.trace(`${world.clock.now() % 1e8} rate ${budget}`);
      Promise.all(['first', 'second'].map((runId) => world.ledger().setRate(runId, budget))).catch(fail);
    });
  }
}

async function untilEnded(world: World, executionArn: string) {
  const { clock } = world;
  const limit = clock.now() + EXECUTION_LIMIT_MILLISECONDS;
  let described = await world.describe(executionArn);
  while (described.status === 'RUNNING' || described.status === 'PENDING_REDRIVE') {
    if (clock.now() > limit) throw new Violation('P1', `${executionArn} is still running after two hours`);
    await clock.advance(1000);
    described = await world.describe(executionArn);
  }
  return described;
}

/** Goes on with a run that failed or was stopped: a redrive of its execution, or a new one that resumes it. */
async function takeUp({ takeUp: how }: Scenario, world: World, executionArn: string, round: number): Promise<string> {
  const runId = (await world.ledger().readRun('first'))
    ? 'first'
    : (await world.ledger().readRun('second'))
      ? 'second'
      : undefined;
  if (how === 'resume' && runId !== undefined) {
    return world.start(`resumption-${round}`, { job: 'simulated', resume: runId });
  }
  world.trace(`redrive ${executionArn}`);
  await world.stepFunctions.handle('RedriveExecution', { executionArn });
  return executionArn;
}

/** The other execution of the occurrence was turned away, or it served the very run that somebody took up since. */
async function expectServedOnce(world: World, executionArn: string, runId: string): Promise<void> {
  const { status, error, output } = await untilEnded(world, executionArn);
  world.trace(`second execution: ${status} ${error}`);
  if (status !== 'SUCCEEDED' || (JSON.parse(output as string) as RunReport).runId === runId) return;
  throw new Violation('P7', 'an occurrence that fired twice was served twice');
}

/** A stop of an execution that did not serve the run does not concern it. */
function concerns({ executionArn }: Stop, runId: string): boolean {
  const name = executionArn.slice(executionArn.lastIndexOf(':') + 1);
  return name === runId || name.startsWith('resumption');
}

function inputOf({ items, first, chains, rate, chunkItems, linkSeconds, dailyQuota }: Scenario): RunInput {
  return {
    job: 'simulated',
    ids: { first, last: first + items - 1 },
    chains,
    rate,
    chunkItems,
    linkSeconds,
    scheduledFor: '2026-01-05T09:00:00Z',
    ...(dailyQuota * SEND_SHARE < items && { allowPartial: true }),
  };
}

function fail(error: Error): never {
  throw error;
}
