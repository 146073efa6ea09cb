import type { Job } from '../../functions/contract/job';
import type { ItemId, RunReport } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { sendEvent } from '../functions/feedback/ses-events';
import { NO_CIRCUMSTANCES } from './circumstances';
import { listLeftovers, untilEnded } from './evidence';
import { Random } from './random';
import { drawScenario } from './scenario';
import { World } from './world';

const ITEMS = 200;
const MOST_ROUNDS = 4;

/** How the `Send` events of SES come: late, twice, in another order, or not at all. */
interface Events {
  /** Longest time that one takes, in milliseconds. */
  readonly lateness: number;
  /** Share that is lost. */
  readonly lost?: number;
}

/** A run of which a link dies right after SES has accepted a mail, `kills` times, and nobody tells the state machine. */
async function play(seed: number, kills: number, { lateness, lost = 0 }: Events) {
  const drawn = drawScenario(seed, { faults: {}, circumstances: NO_CIRCUMSTANCES, delivery: 'at-most-once' });
  const draw = new Random(seed ^ 0x5e4d);
  const scenario = {
    ...drawn,
    items: ITEMS,
    rate: 50,
    chains: 4,
    chunkItems: 10,
    linkSeconds: 60,
    maxSendRate: 100,
    dailyQuota: 50_000,
  };
  const job: Job = {
    name: 'simulated',
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 1 },
    load: async (ids: readonly ItemId[]) => new Map(ids.map((id) => [id, id])),
    process: (_, { id, send }) =>
      send({ to: `u${id}@example.com`, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
  let killed = 0;
  const failed: unknown[] = [];
  const killedAt = new Set<ItemId>();
  const world: World = new World(scenario, {
    job,
    onAccepted: (mail, link) => {
      const event = sendEvent({ trace: mail, to: `u${mail.id}@example.com` });
      const copies = draw.chance(lost) ? 0 : draw.pick([1, 1, 2]);
      for (let copy = 0; copy < copies; copy++) {
        world.clock.after(draw.integer(0, lateness), () => {
          world.takeFeedback([event]).catch((error) => failed.push(error));
        });
      }
      if (killed >= kills || !draw.chance(0.4)) return;
      killed += 1;
      killedAt.add(mail.id);
      link.kill();
    },
  });
  await world.createStateMachine();
  const executionArn = await world.start('first', {
    ...{ job: 'simulated', ids: { first: 1, last: ITEMS }, chains: 4, chunkItems: 10, linkSeconds: 60, rate: 50 },
  });
  let ended = await untilEnded(world, executionArn);
  for (let round = 1; ended.status !== 'SUCCEEDED'; round += 1) {
    if (round === MOST_ROUNDS) throw new Error(`The run does not end: ${ended.error}: ${ended.cause}`);
    await world.stepFunctions.handle('RedriveExecution', { executionArn });
    ended = await untilEnded(world, executionArn);
  }
  await world.clock.advance(lateness + 1000);
  const mails = new Map<number, number>();
  for (const { id } of world.sends) mails.set(id, (mails.get(id) ?? 0) + 1);
  const leftovers = await listLeftovers(world, 'first');
  const inDoubt = leftovers.filter(({ outcome, settled }) => outcome === 'in-doubt' && !settled);
  return { killed, killedAt, mails, inDoubt, failed, report: JSON.parse(ended.output as string) as RunReport };
}

test('a link that dies right after SES has accepted, 50 times: nobody twice, and whoever got the mail is not in doubt', async () => {
  let killed = 0;
  for (let seed = 1; killed < 50; seed += 1) {
    const run = await play(seed, 13, { lateness: 3000 });
    killed += run.killed;
    const twice = [...run.mails].filter(([, count]) => count > 1).map(([id]) => id);
    const provenYetInDoubt = run.inDoubt.filter(({ id }) => run.mails.has(Number(id))).map(({ id }) => id);
    expect({ seed, twice, provenYetInDoubt, failed: run.failed }).toEqual({
      ...{ seed, twice: [], provenYetInDoubt: [], failed: [] },
    });
    // Whoever was mailed when a link died is done in the report, too.
    for (const id of run.killedAt) expect(run.inDoubt.map((item) => item.id)).not.toContain(id);
    expect(run.report.done + run.report.inDoubt).toBe(ITEMS);
    expect(run.report.done).toBe(run.mails.size);
  }
  expect(killed).toBeGreaterThanOrEqual(50);
});

test('events that come an hour late settle whoever was in doubt until then, by id', async () => {
  const { killed, mails, inDoubt, report, failed } = await play(77, 13, { lateness: 3_600_000 });
  expect([killed, failed]).toEqual([13, []]);
  expect(report.inDoubt).toBeGreaterThan(0);
  expect(inDoubt.filter(({ id }) => mails.has(Number(id)))).toEqual([]);
  expect(Math.max(...mails.values())).toBe(1);
});

test('where events are lost, their items stay in doubt, and nobody is mailed again', async () => {
  const { killedAt, mails, inDoubt, failed } = await play(78, 13, { lateness: 3000, lost: 1 });
  expect(failed).toEqual([]);
  const named = new Set(inDoubt.map(({ id }) => id));
  for (const id of killedAt) expect(named.has(id)).toBe(true);
  expect(Math.max(...mails.values())).toBe(1);
});
