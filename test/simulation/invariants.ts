import { INTERRUPTED } from '../../functions/chain/recovery';
import { isInCanary } from '../../functions/contract/canary-members';
import { DRY_RUN, RIVAL_FIRST } from './circumstances';
import type { Evidence } from './evidence';
import { startedWhileClosed } from './hours';
import type { Scenario } from './scenario';
import { Violation } from './violation';
import { SEND_SHARE, type Send, type World } from './world';

/** Of a chain in one round: for every zone the opening of a day and of the next, each with a retry or two. */
const MOST_PARKS = 30;
/** A call that began before the lease was lost may take effect this much later: nobody can call it back. */
const CALL_MILLISECONDS = 50;

/** Everything that a run which came to its end must satisfy. */
export function violationsOf(evidence: Evidence): readonly Violation[] {
  return [
    ...nobodyTwice(evidence.scenario, evidence.world.sends),
    ...unprocessedGotNone(evidence),
    ...fewInDoubt(evidence),
    ...nobodyForgotten(evidence),
    ...nothingRunsAway(evidence.scenario, evidence.world, evidence.rounds + evidence.stops.length),
    ...inDoubtForAReason(evidence),
    ...outagesCostTimeOnly(evidence),
    ...oneActiveRun(evidence),
    ...rivalComplete(evidence),
    ...stopped(evidence),
    ...withinBudget(evidence),
    ...canaryFirst(evidence),
    ...dryRunTouchedNobody(evidence.world),
    ...dryRunComplete(evidence),
    ...withinHours(evidence.scenario, evidence.world),
  ];
}

/** P2: at most one mail to everybody. */
export function nobodyTwice({ delivery }: Scenario, sends: readonly Send[]): Violation[] {
  if (delivery === 'at-least-once') return [];
  return [...sendsById(sends)]
    .filter(([, mails]) => mails.length > 1)
    .map(
      ([id, mails]) =>
        new Violation('P2', `id ${id} got ${mails.length} mails: ${mails.map(({ link }) => link).join(', ')}`),
    );
}

/** P2: whoever is listed as unprocessed, and so will be processed again, got no mail. */
function unprocessedGotNone({ world, scenario, leftovers, runId: ofRun }: Evidence): Violation[] {
  // Delivered at least once, an item may have been sent before it was rejected.
  if (scenario.delivery === 'at-least-once') return [];
  // A run over what was left over sends to them afterwards.
  const sent = sendsById(world.sends.filter(({ runId }) => runId === ofRun));
  return leftovers
    .filter(({ id, outcome }) => outcome === 'unprocessed' && sent.has(id as number))
    .map(({ id }) => new Violation('P2', `id ${id} is listed as unprocessed and got a mail`));
}

/** P2: an interruption puts at most one chunk of its chain in doubt, however many chunks those items came from. */
function fewInDoubt({ scenario, leftovers }: Evidence): Violation[] {
  const byRecovery = new Map<string, number>();
  for (const { chainId, at, code } of leftovers) {
    if (code !== INTERRUPTED.code) continue;
    const recovery = `chain ${chainId} at ${at}`;
    byRecovery.set(recovery, (byRecovery.get(recovery) ?? 0) + 1);
  }
  return [...byRecovery]
    .filter(([, items]) => items > scenario.chunkItems)
    .map(([recovery, items]) => new Violation('P2', `${items} items in doubt in the recovery of ${recovery}`));
}

/** P2: nobody is in doubt whose mail was certainly not started, unless something crashed. */
function inDoubtForAReason({ world, scenario, leftovers, runId }: Evidence): Violation[] {
  if (scenario.faults.crashes > 0) return [];
  return leftovers
    .filter(({ id, code }) => code === INTERRUPTED.code && !world.started.has(`${runId}/${id}`))
    .map(({ id }) => new Violation('P2', `id ${id} is in doubt, and its mail was never started`));
}

/** P1: a service that is out for two minutes costs time: no redrive, and nobody in doubt for it. */
function outagesCostTimeOnly({ scenario, rounds, leftovers }: Evidence): Violation[] {
  const { circumstances, faults, stopAfterSeconds, pauseRate, dailyQuota } = scenario;
  const { outages, plannedPauses, rival, scarce, functionTimeoutSeconds } = circumstances;
  const isAlone = plannedPauses.length === 0 && !rival && !scarce && stopAfterSeconds === undefined && !pauseRate;
  const isShort = outages.length === 1 && outages.every(({ from, until }) => until - from <= 120_000);
  if (!isAlone || !isShort || !faults.isCalm() || functionTimeoutSeconds < 900 || dailyQuota < 1000) return [];
  const inDoubt = leftovers.filter(({ outcome }) => outcome === 'in-doubt');
  return [
    ...(rounds > 1 ? [new Violation('P1', `an outage of ${outages[0]?.service} cost ${rounds - 1} redrives`)] : []),
    ...(inDoubt.length > 0 ? [new Violation('P2', `an outage put ${inDoubt.length} items in doubt`)] : []),
  ];
}

/**
 * P7: two runs of one job never send in turns. What a stopped execution's links send until they have heard of it does
 * not count.
 */
function oneActiveRun({ world, scenario, runId: ofRun }: Evidence): Violation[] {
  if (!scenario.circumstances.rival) return [];
  // An execution that is turned away in the end sends nothing, however long it takes.
  const segments = world.executions.segments.filter(
    ({ executionArn }) => /:(rival|resumption-[^:]*)$/.test(executionArn) || executionArn.endsWith(`:${ofRun}`),
  );
  const tail = scenario.heartbeatSeconds * 1000 + CALL_MILLISECONDS;
  const isRival = (runId: string) => runId === 'rival';
  const ofRival = (arn: string) => arn.endsWith(':rival');
  const endsOf = (rival: boolean) =>
    segments.filter((one) => ofRival(one.executionArn) === rival).map((one) => one.until);
  const ends = { rival: endsOf(true), followed: endsOf(false) };
  const sends = world.sends.filter(
    ({ runId, calledAt }) =>
      !ends[isRival(runId) ? 'rival' : 'followed'].some((at) => at <= calledAt && calledAt - at < tail),
  );
  for (const { executionArn, from, until } of segments) {
    const own = sends.filter(
      ({ runId, calledAt }) => isRival(runId) === ofRival(executionArn) && calledAt >= from && calledAt < until,
    );
    const [first] = own;
    const last = own.at(-1);
    if (!first || !last) continue;
    const between = sends.find(
      ({ runId, calledAt }) =>
        isRival(runId) !== ofRival(executionArn) && calledAt > first.calledAt && calledAt < last.calledAt,
    );
    if (between) {
      return [new Violation('P7', `${between.link} of run ${between.runId} sent while ${executionArn} was at work`)];
    }
  }
  return [];
}

/** P3: nobody of the other run is forgotten either. */
function rivalComplete({ world, scenario, rival: ended }: Evidence): Violation[] {
  const { rival } = scenario.circumstances;
  if (!rival || !ended) return [];
  const listed = new Set(ended.leftovers.map(({ id }) => id));
  const sent = sendsById(world.sends);
  return Array.from({ length: rival.items }, (_, index) => RIVAL_FIRST + index)
    .filter((id) => !listed.has(id) && !sent.has(id) && !maySkip(id))
    .map((id) => new Violation('P3', `id ${id} of the other run was forgotten`));
}

/** P2: a dry run sends nothing. */
export function dryRunTouchedNobody({ sends }: Pick<World, 'sends'>): Violation[] {
  return sends
    .filter(({ runId }) => runId === DRY_RUN)
    .map(({ id, link }) => new Violation('P2', `${link} of a dry run sent to ${id}`));
}

/** P3: it adds up like any other run, and what it counts as done it has rehearsed; nobody is in doubt of what is not done. */
function dryRunComplete({ world, scenario, dryRun }: Evidence): Violation[] {
  if (!dryRun) return [];
  const { report, leftovers } = dryRun;
  const { first, items } = scenario;
  const found: Violation[] = [];
  const sum = report.done + report.skipped + report.unprocessed + report.inDoubt;
  if (report.dryRun !== true || sum !== report.given || (!world.rows && sum !== items)) {
    found.push(new Violation('P3', `of ${items} items the dry run was given ${report.given} and settled ${sum}`));
  }
  if (report.inDoubt > 0) found.push(new Violation('P2', `a dry run has ${report.inDoubt} items in doubt`));
  const listed = new Set(leftovers.map(({ id }) => id));
  const ids = Array.from({ length: items }, (_, index) => first + index).filter((id) => !listed.has(id));
  const rehearsed = ids.filter((id) => world.rehearsed.has(`${DRY_RUN}/${id}`));
  const forgotten = ids.filter(
    (id) => !world.rehearsed.has(`${DRY_RUN}/${id}`) && !maySkip(id) && (world.rows?.isSteady(id) ?? true),
  );
  found.push(...forgotten.map((id) => new Violation('P3', `id ${id} was forgotten by the dry run`)));
  // One that was rehearsed before an interruption may be skipped by the next attempt.
  if (!world.rows && rehearsed.length < report.done) {
    found.push(new Violation('P3', `the dry run counts ${report.done} as done and rehearsed ${rehearsed.length}`));
  }
  return found;
}

/** Of the simulated job: who has unsubscribed, and whose data may be missing. */
function maySkip(id: number): boolean {
  return id % 13 === 4 || id % 17 === 5;
}

/** P3: by id, every planned item is done, skipped, unprocessed or in doubt, and in exactly one of these. */
function nobodyForgotten({ world, scenario, report, leftovers }: Evidence): Violation[] {
  const found: Violation[] = [];
  const { first, items } = scenario;
  const sum = report.done + report.skipped + report.unprocessed + report.inDoubt;
  const { planned, given, gone, added } = report;
  if (sum !== given) found.push(new Violation('P3', `${given} items were given and ${sum} are settled`));
  if (planned !== undefined && planned - gone + added !== given) {
    found.push(new Violation('P3', `${planned} planned, ${gone} gone and ${added} added are not the ${given} given`));
  }
  if (!world.rows && (planned !== items || given !== items)) {
    found.push(new Violation('P3', `${items} items are in the source, ${planned} planned, ${given} given`));
  }
  const listed = new Map(leftovers.map((item) => [item.id as number, item.outcome]));
  if (listed.size !== leftovers.length) found.push(new Violation('P3', 'an id is listed twice among the leftovers'));
  const sent = sendsById(world.sends);
  let done = 0;
  for (let id = first; id < first + items; id++) {
    const mayBeSkipped = maySkip(id);
    if (listed.has(id)) continue;
    if (sent.has(id)) done += 1;
    else if (!mayBeSkipped && (world.rows?.isSteady(id) ?? true))
      found.push(new Violation('P3', `id ${id} was forgotten: no mail, not skipped, not listed`));
  }
  // Delivered at least once, an item may be sent by one attempt and skipped by the next.
  const exact = scenario.delivery === 'at-most-once';
  if (exact ? done !== report.done : done < report.done)
    found.push(new Violation('P3', `${report.done} items are counted as done and ${done} are`));
  return found;
}

/**
 * P4: links that end before half of their time are bounded by the work; each round may grant a chain its budget anew.
 * The others are bounded by time.
 */
export function nothingRunsAway(scenario: Scenario, world: World, rounds: number): Violation[] {
  const { items, chains, chunkItems, linkSeconds } = scenario;
  const links = world.reports.filter(
    ({ end, milliseconds }) => !['duplicate', 'lease-lost', 'parked'].includes(end) && milliseconds < linkSeconds * 500,
  ).length;
  const most = rounds * chains * (Math.ceil(items / chunkItems) + 60);
  const parks = world.reports.filter(({ end }) => end === 'parked').length;
  const mostParks = rounds * chains * MOST_PARKS;
  return [
    ...(links > most ? [new Violation('P4', `${links} short links where ${most} are enough`)] : []),
    ...(parks > mostParks ? [new Violation('P4', `${parks} parks where ${mostParks} are enough`)] : []),
  ];
}

/** P5: a stopped run sends nothing once a heartbeat interval has passed, until it is taken up again. */
function stopped({ world, scenario, stops, runId: ofRun }: Evidence): Violation[] {
  return stops.flatMap(({ from, until }) => {
    const deadline = from + scenario.heartbeatSeconds * 1000 + CALL_MILLISECONDS;
    return world.sends
      .filter(({ runId, calledAt }) => runId === ofRun && calledAt > deadline && calledAt < until)
      .map(({ id, link }) => new Violation('P5', `${link} sent to ${id} after the run was stopped`));
  });
}

/** P6: all chains together keep to the budget, taken over ten seconds; catching up is bounded by a second's worth. */
function withinBudget({ world, scenario, runId: ofRun }: Evidence): Violation[] {
  const window = 10_000;
  const { rate, maxSendRate, chains, pauseRate, takeUp } = scenario;
  // Resumed while it is paused, a run takes the rate of a new one.
  const budget = pauseRate && takeUp === 'resume' ? Math.max(rate, SEND_SHARE * maxSendRate) : rate;
  const most = (budget * window) / 1000 + budget + 4 * chains;
  const times = world.sends
    .filter(({ runId }) => runId === ofRun)
    .map(({ calledAt }) => calledAt)
    .sort((a, b) => a - b);
  for (const [index, from] of times.entries()) {
    const count = times.findIndex((at, later) => later > index && at > from + window);
    const inWindow = (count < 0 ? times.length : count) - index;
    if (inWindow > most)
      return [new Violation('P6', `${inWindow} sends in ten seconds where ${most} are in the budget`)];
  }
  return [];
}

/** Nobody else is mailed before the canary has been, and what is said of its mails was waited for. */
function canaryFirst({ world, scenario, runId: ofRun }: Evidence): Violation[] {
  const { canary } = scenario;
  if (!canary) return [];
  const sends = world.sends.filter(({ runId }) => runId === ofRun);
  const isFirst = ({ id }: Send) => isInCanary('simulated', id, canary.share);
  const last = Math.max(...sends.filter(isFirst).map(({ calledAt }) => calledAt));
  return sends
    .filter((send) => !isFirst(send) && send.calledAt < last + canary.feedbackSeconds * 1000)
    .map(({ id, link }) => new Violation('P6', `${link} sent to ${id} before the canary was judged`));
}

/** A closed window is a budget of zero: nobody is started in it, by the clock of whoever starts him. */
export function withinHours({ hours }: Scenario, { startedItems }: World): Violation[] {
  return startedWhileClosed(hours, startedItems).map((sentence) => new Violation('P6', sentence));
}

function sendsById(sends: readonly Send[]): Map<number, Send[]> {
  const byId = new Map<number, Send[]>();
  for (const send of sends) {
    const known = byId.get(send.id);
    if (known) known.push(send);
    else byId.set(send.id, [send]);
  }
  return byId;
}
