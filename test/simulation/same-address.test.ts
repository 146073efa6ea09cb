import type { Job } from '../../functions/contract/job';
import type { ItemId, RunReport } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { guardAddresses } from '../../functions/wiring/guard-addresses';
import { ledgerIn } from '../../functions/wiring/surroundings';
import { NO_CIRCUMSTANCES } from './circumstances';
import { listLeftovers, untilEnded } from './evidence';
import type { FaultProbabilities } from './faults';
import { drawScenario } from './scenario';
import { World, type WorldOptions } from './world';

const ITEMS = 400;
const MOST_ROUNDS = 12;
/** Every twentieth item has the address of the one before it or, in another chain, of one far away: 5 %. */
const personOf = (id: number) => (id % 20 !== 0 ? id : id % 40 === 0 ? id - 1 : (id + 197) % ITEMS || 1);
const ids = Array.from({ length: ITEMS }, (_, index) => index + 1);
const people = new Set(ids.map(personOf));

const job: Job = {
  name: 'simulated',
  source: idRange(),
  delivery: 'at-most-once',
  tolerate: { unprocessed: 1 },
  load: async (asked: readonly ItemId[]) => new Map(asked.map((id) => [id, id])),
  process: (_, { id, send }) =>
    send({
      to: `u${personOf(Number(id))}@example.com`,
      ...{ subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' },
    }),
};

const guarded: WorldOptions['guard'] = (around, nonce) => guardAddresses({ ledger: ledgerIn(around), nonce });

/** A whole run, redriven until it ends, and how many mails each address got. */
async function play(seed: number, faults: FaultProbabilities, options: WorldOptions = { guard: guarded }) {
  const scenario = {
    ...drawScenario(seed, { faults, circumstances: NO_CIRCUMSTANCES, delivery: 'at-most-once' }),
    ...{ items: ITEMS, rate: 100, chains: 4, chunkItems: 10, linkSeconds: 5, maxSendRate: 200, dailyQuota: 50_000 },
  };
  const world = new World(scenario, { job, ...options });
  await world.createStateMachine();
  const executionArn = await world.start('first', {
    ...{ job: 'simulated', ids: { first: 1, last: ITEMS }, chains: 4, chunkItems: 10, linkSeconds: 5, rate: 100 },
  });
  let ended = await untilEnded(world, executionArn);
  for (let round = 1; ended.status !== 'SUCCEEDED'; round += 1) {
    if (round === MOST_ROUNDS) throw new Error(`The run does not end: ${ended.error}: ${ended.cause}`);
    await world.stepFunctions.handle('RedriveExecution', { executionArn });
    ended = await untilEnded(world, executionArn);
  }
  const mails = new Map<number, number>();
  for (const { id } of world.sends) mails.set(id, (mails.get(id) ?? 0) + 1);
  const leftovers = await listLeftovers(world, 'first');
  const report = JSON.parse(ended.output as string) as RunReport;
  const { injected } = scenario.faults;
  return { mails, leftovers, report, injected };
}

const moreThanOne = (mails: ReadonlyMap<number, number>) => [...mails].filter(([, count]) => count > 1);

test('of 400 items, 5 % have the address of another one: each address gets exactly one mail', async () => {
  const { mails, leftovers, report } = await play(1, {});
  expect([leftovers, moreThanOne(mails)]).toEqual([[], []]);
  expect(new Set(mails.keys())).toEqual(people);
  expect(people.size).toBe(380);
  expect(report).toMatchObject({ done: 380, skipped: 20, skippedBecause: { 'same-address': 20 } });
}, 60_000);

test('without the guard, these 20 addresses get two', async () => {
  const { mails } = await play(1, {}, {});
  expect(moreThanOne(mails)).toHaveLength(20);
}, 60_000);

const HARM: FaultProbabilities = {
  ...{ 'kill-before-effect': 0.003, 'kill-after-effect': 0.003, 'drop-event': 0.02, 'duplicate-event': 0.05 },
  ...{ throttle: 0.02, 'fail-before-effect': 0.02, 'lose-response': 0.02, freeze: 0.002 },
  ...{ 'ses-throttle': 0.03, 'ses-lose-response': 0.01, 'ses-fail-before-effect': 0.01 },
};

test('links die, answers are lost: no address gets two mails, and one that gets none has an item that is listed', async () => {
  let killed = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const { mails, leftovers, injected } = await play(seed, HARM);
    killed += (injected['kill-before-effect'] ?? 0) + (injected['kill-after-effect'] ?? 0);
    const listed = new Set(leftovers.map(({ id }) => personOf(Number(id))));
    const forgotten = [...people].filter((person) => !mails.has(person) && !listed.has(person));
    expect({ seed, twice: moreThanOne(mails), forgotten }).toEqual({ seed, twice: [], forgotten: [] });
  }
  expect(killed).toBeGreaterThan(20);
}, 300_000);
