import type { RunInput, RunReport } from '../../functions/contract/payloads';
import type { LeftoverItem } from '../../functions/ledger/items';
import { occurrenceKey } from '../../functions/ledger/records';
import { DRY_RUN, type PlannedPause } from './circumstances';
import { type Evidence, listLeftovers, type Stop, untilEnded } from './evidence';
import type { FaultKind } from './faults';
import { dryRunTouchedNobody, nobodyTwice, nothingRunsAway, violationsOf } from './invariants';
import { RivalRun } from './rival';
import { drawScenario, type Scenario, type ScenarioShape } from './scenario';
import { Violation } from './violation';
import { fail, SEND_SHARE, World, type WorldOptions } from './world';

const OCCURRENCE = '2026-01-05T09:00:00Z';
const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Rounds after which nothing goes wrong any more. */
const FAULTY_ROUNDS = 3;
/** Rounds within which a run must then have come to its end. */
const MOST_ROUNDS = 8;
const OUT_OF_QUOTA = ['Chain.QuotaExhausted', 'Run.QuotaExceeded'];
/** Errors of an execution that finds another one serving its run, or its job. */
const IN_THE_WAY = ['Run.Overlapping', 'Chain.Superseded'];
/** Errors with which a second execution for the same occurrence may be turned away. */
const TURNED_AWAY = ['Run.AlreadyServed', 'Run.Overlapping'];

export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly faultsInjected: Partial<Record<FaultKind, number>>;
  /** Of a run that came to its end. */
  readonly report?: RunReport;
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
  let report: RunReport | undefined;
  try {
    const evidence = await play(scenario, world);
    report = evidence.report;
    violations = violationsOf(evidence);
  } catch (error) {
    const broken =
      error instanceof Violation ? error : new Violation('P1', `the simulation broke: ${(error as Error).stack}`);
    violations = [
      broken,
      ...nobodyTwice(scenario, world.sends),
      ...dryRunTouchedNobody(world),
      ...nothingRunsAway(scenario, world, MOST_ROUNDS + scenario.circumstances.plannedPauses.length),
    ];
  }
  return { seed, violations, faultsInjected: scenario.faults.injected, ...(report && { report }) };
}

async function play(scenario: Scenario, world: World): Promise<Evidence> {
  const { clock } = world;
  const { circumstances, faults } = scenario;
  await world.createStateMachine();
  world.limitConcurrency();
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
  const stop = (executionArn: string) => stopExecution(world, executionArn, stops);
  const endStops = (at: number) => {
    for (const one of stops) one.until = Math.min(one.until, at);
  };
  /** Whoever takes the run up ends every stop of it. */
  const goOn = async (how: Scenario, executionArn: string, name: string): Promise<string> => {
    const now = clock.now();
    const taken = await takeUp(how, world, executionArn, name);
    endStops(now);
    return taken;
  };
  if (scenario.stopAfterSeconds !== undefined) clock.after(scenario.stopAfterSeconds * 1000, () => stop(serving));
  const pauses = [...circumstances.plannedPauses];
  let pause: PlannedPause | undefined;
  const planPause = () => {
    pause = undefined;
    const next = pauses.shift();
    if (!next) return;
    clock.after(next.afterMilliseconds, () => {
      pause = next;
      faults.count('planned-pause');
      stop(serving);
    });
  };
  planPause();
  const rival = circumstances.rival && new RivalRun(scenario, circumstances.rival, world);
  const dryRun = scenario.dryRun && dryRunBeside(scenario, scenario.dryRun, world);
  /** Executions that were to take the run up beside the one that is followed. */
  const others: string[] = [];
  let isMended = false;
  pauseAndGoOn(scenario, world);
  for (let round = 1; ; ) {
    let ended = await untilEnded(world, serving, circumstances.plannedPauses.length > 0 ? 100 : 1000);
    if (second !== undefined && serving.endsWith(':first') && TURNED_AWAY.includes(ended.error ?? '')) {
      const other = await untilEnded(world, second);
      const isTurnedAway = TURNED_AWAY.includes(other.error ?? '');
      // An execution that took the run up beside them may serve it: it is followed next, and judged.
      if (isTurnedAway && !rival && others.length === 0) {
        throw new Violation('P7', 'both executions of the occurrence were turned away');
      }
      if (!isTurnedAway) {
        serving = second;
        second = undefined;
        ended = other;
      }
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
      faults.ended = true;
      world.causeMended = true;
      const ends = { rival: await rival?.end(), dryRun: await dryRun?.end() };
      await expectFollowUp(world, report.runId, leftovers);
      return {
        scenario,
        world,
        runId: report.runId,
        report,
        leftovers,
        stops: stops.filter((one) => concerns(one, report.runId)),
        rounds: round,
        ...(ends.rival && { rival: ends.rival }),
        ...(ends.dryRun && { dryRun: ends.dryRun }),
      };
    }
    // The other execution of the occurrence serves it meanwhile: nothing is to be taken up.
    const isServed = second !== undefined && (await world.ledger().readRun('second')) !== undefined;
    if (second !== undefined && isServed && (await world.describe(second)).status === 'RUNNING') {
      serving = second;
      second = undefined;
      // Nobody stopped this one.
      endStops(clock.now());
      continue;
    }
    const inTheWay = ended.error !== undefined && IN_THE_WAY.includes(ended.error);
    const other = inTheWay ? others.pop() : undefined;
    if (other !== undefined) {
      serving = other;
      endStops(clock.now());
      continue;
    }
    if (ended.error === 'Run.Overlapping' && rival && (await rival.isInTheWay())) {
      serving = await goOn(scenario, serving, `rival-${++rival.waits}`);
      continue;
    }
    const isOutOfQuota = OUT_OF_QUOTA.includes(ended.error ?? '');
    if (isMended && !isOutOfQuota && faults.isCalm('rejected-mail') && !rival && !scenario.stopAfterSeconds) {
      throw new Violation('P1', `the cause is mended, and the run fails again: ${ended.error}: ${ended.cause}`);
    }
    if (pause && ended.status === 'ABORTED') {
      await clock.advance(pause.lastsMilliseconds);
      serving = await goOn(scenario, serving, `pause-${pauses.length}`);
      planPause();
      continue;
    }
    if (round === FAULTY_ROUNDS) faults.ended = true;
    if (round === MOST_ROUNDS)
      throw new Violation('P1', `the run does not come to its end: ${ended.error}: ${ended.cause}`);
    if (ended.status === 'ABORTED') await clock.advance(scenario.pauseSeconds * 1000);
    // Another run may have used what this one needs.
    if (isOutOfQuota) await clock.advance(DAY_MILLISECONDS);
    if (ended.error === 'Chain.TooManyFailures' && circumstances.rejectsAfterSeconds !== undefined) {
      isMended = world.causeMended = true;
    }
    const left = serving;
    serving = await goOn(scenario, serving, String(round));
    if (circumstances.alsoAfterMilliseconds !== undefined && others.length === 0 && round < FAULTY_ROUNDS) {
      await clock.advance(circumstances.alsoAfterMilliseconds);
      const otherWay = scenario.takeUp === 'redrive' ? 'resume' : 'redrive';
      faults.count(otherWay === 'redrive' ? 'redrive-among-others' : 'resume-among-others');
      const also = await goOn({ ...scenario, takeUp: otherWay }, left, `also-${round}`).catch(() => undefined);
      if (also !== undefined && also !== serving) others.push(also);
    }
    round += 1;
  }
}

/** A dry run over the same items: it is in nobody's way, and nobody is in its. */
function dryRunBeside(scenario: Scenario, when: NonNullable<Scenario['dryRun']>, world: World): RivalRun {
  const { first, items } = scenario;
  return new RivalRun(scenario, { ...when, items }, world, { name: DRY_RUN, first, input: { dryRun: true } });
}

/** Stops an execution if it still runs, and remembers from when on nothing more may be sent for it. */
function stopExecution(world: World, executionArn: string, stops: Stop[]): void {
  const { clock } = world;
  world.trace(`${clock.now() % 1e8} stop ${executionArn}`);
  const from = clock.now();
  world
    .describe(executionArn)
    .then(async ({ status }) => {
      // One that had ended before is not stopped.
      if (status !== 'RUNNING') return;
      // Before anybody can see it stopped, and take it up.
      stops.push({ executionArn, from, until: Number.POSITIVE_INFINITY });
      await world.stepFunctions.handle('StopExecution', { executionArn });
    })
    .catch(fail);
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

/** Goes on with a run that failed or was stopped: a redrive of its execution, or a new one that resumes it. */
async function takeUp({ takeUp: how }: Scenario, world: World, executionArn: string, name: string): Promise<string> {
  const served = await world.ledger().claims.read(occurrenceKey('simulated', new Date(OCCURRENCE).toISOString()));
  const candidates = [served?.runId ?? 'first', 'first', 'second'];
  let runId: string | undefined;
  for (const candidate of candidates) {
    if (runId === undefined && (await world.ledger().readRun(candidate))) runId = candidate;
  }
  if (how === 'resume' && runId !== undefined) {
    return world.start(`resumption-${name}`, { job: 'simulated', resume: runId });
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
    scheduledFor: OCCURRENCE,
    ...(dailyQuota * SEND_SHARE < items && { allowPartial: true }),
  };
}
