import type { Job } from '../../functions/contract/job';
import type { ItemId, RunInput, RunReport } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { guardAddresses } from '../../functions/wiring/guard-addresses';
import { ledgerIn } from '../../functions/wiring/surroundings';
import { sdkError } from '../support/sdk-errors';
import { NO_CIRCUMSTANCES } from './circumstances';
import { listLeftovers, untilEnded } from './evidence';
import type { FaultProbabilities } from './faults';
import { drawScenario } from './scenario';
import { World, type WorldOptions } from './world';

const MOST_ROUNDS = 12;
const LEDGER = 'ledger';

interface Play {
  readonly seed: number;
  readonly items?: number;
  readonly faults?: FaultProbabilities;
  readonly options?: WorldOptions;
}

/** Every twentieth item, 5 %, has the address of the one before it or, in turn, of one half the run away. */
function personOf(id: number, items: number): number {
  if (id % 20 !== 0) return id;
  return id % 40 === 0 ? id - 1 : ((id + items / 2 - 3) % items) + 1;
}

function jobOver(items: number): Job {
  return {
    name: 'simulated',
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 1 },
    load: async (asked: readonly ItemId[]) => new Map(asked.map((id) => [id, id])),
    process: (_, { id, send }) =>
      send({
        to: `u${personOf(Number(id), items)}@example.com`,
        ...{ subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' },
      }),
  };
}

const guard: WorldOptions['guard'] = (around, nonce) => guardAddresses({ ledger: ledgerIn(around), nonce });

/** A whole run, redriven until it ends, and how many mails each address got. */
async function play({ seed, items = 400, faults = {}, options = { guard } }: Play) {
  const rate = items / 4;
  const shape = { chains: 4, chunkItems: 10, linkSeconds: 5, rate };
  const scenario = {
    ...drawScenario(seed, { faults, circumstances: NO_CIRCUMSTANCES, delivery: 'at-most-once' }),
    ...{ items, ...shape, maxSendRate: 2 * rate, dailyQuota: 50_000 },
  };
  const world = new World(scenario, { job: jobOver(items), ...options });
  await world.createStateMachine();
  const report = await finish(world, 'first', { job: 'simulated', ids: { first: 1, last: items }, ...shape });
  const people = new Set(Array.from({ length: items }, (_, index) => personOf(index + 1, items)));
  const { injected } = scenario.faults;
  return { world, people, report, leftovers: await listLeftovers(world, 'first'), injected };
}

async function finish(world: World, name: string, input: RunInput): Promise<RunReport> {
  const executionArn = await world.start(name, input);
  let ended = await untilEnded(world, executionArn);
  for (let round = 1; ended.status !== 'SUCCEEDED'; round += 1) {
    if (round === MOST_ROUNDS) throw new Error(`The run does not end: ${ended.error}: ${ended.cause}`);
    await world.stepFunctions.handle('RedriveExecution', { executionArn });
    ended = await untilEnded(world, executionArn);
  }
  return JSON.parse(ended.output as string) as RunReport;
}

/** By address, how many mails it got. */
function mailsOf({ sends }: World): Map<number, number> {
  const mails = new Map<number, number>();
  for (const { id } of sends) mails.set(id, (mails.get(id) ?? 0) + 1);
  return mails;
}

const twice = (world: World) => [...mailsOf(world)].filter(([, count]) => count > 1);

test('of 20,000 items, 5 % have the address of another one: each address gets exactly one mail', async () => {
  const { world, people, leftovers, report } = await play({ seed: 1, items: 20_000 });
  expect([leftovers, twice(world)]).toEqual([[], []]);
  expect(people.size).toBe(19_000);
  expect(mailsOf(world).size).toBe(19_000);
  expect(report).toMatchObject({ done: 19_000, skipped: 1000, skippedBecause: { 'same-address': 1000 } });
});

test('without the guard, 20 addresses of 400 items get two; with it, its records expire with the run', async () => {
  expect(twice((await play({ seed: 1, options: {} })).world)).toHaveLength(20);
  const { world } = await play({ seed: 1 });
  const { Items } = (await world.dynamoDb.handle('Scan', { TableName: LEDGER })) as {
    Items: { pk: string; expiresAt: number }[];
  };
  const claims = Items.filter(({ pk }) => pk.startsWith('address#first#'));
  expect(claims).toHaveLength(380);
  const run = await world.ledger().readRun('first');
  expect(new Set(claims.map(({ expiresAt }) => expiresAt))).toEqual(new Set([run?.expiresAt]));
});

const HARM: FaultProbabilities = {
  ...{ 'kill-before-effect': 0.003, 'kill-after-effect': 0.003, 'drop-event': 0.02, 'duplicate-event': 0.05 },
  ...{ throttle: 0.02, 'fail-before-effect': 0.02, 'lose-response': 0.02, freeze: 0.002 },
  ...{ 'ses-throttle': 0.03, 'ses-lose-response': 0.01, 'ses-fail-before-effect': 0.01 },
};

test('links die, answers are lost: no address gets two mails, and one that gets none has an item that is listed', async () => {
  let killed = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const { world, people, leftovers, injected } = await play({ seed, faults: HARM });
    killed += (injected['kill-before-effect'] ?? 0) + (injected['kill-after-effect'] ?? 0);
    const mails = mailsOf(world);
    const listed = new Set(leftovers.map(({ id }) => personOf(Number(id), 400)));
    const forgotten = [...people].filter((person) => !mails.has(person) && !listed.has(person));
    expect({ seed, twice: twice(world), forgotten }).toEqual({ seed, twice: [], forgotten: [] });
  }
  expect(killed).toBeGreaterThan(20);
});

test('a mail that is refused for good leaves its address to another item; what is left over gets the rest, once', async () => {
  const refused = new Set<string>();
  const options: WorldOptions = {
    guard,
    // The first mail to each address of a half of the people.
    refuses: (_, operation, input) => {
      const [to = ''] = (input.Destinations ?? []) as string[];
      if (operation !== 'SendRawEmail' || !/[02468]@/.test(to) || refused.has(to)) return undefined;
      refused.add(to);
      return sdkError('MessageRejected', 400, 'The sender is not verified.');
    },
  };
  const { world, people, report, leftovers } = await play({ seed: 3, options });
  expect(twice(world)).toEqual([]);
  expect(leftovers.map(({ outcome }) => outcome)).toEqual(Array(refused.size).fill('unprocessed'));
  const viaAnother = [...mailsOf(world).keys()].filter((person) => refused.has(`u${person}@example.com`));
  expect(viaAnother.length).toBeGreaterThan(0);

  const rest = await finish(world, 'rest', { job: 'simulated', unprocessedOf: 'first' });
  expect(twice(world)).toEqual([]);
  expect(new Set(mailsOf(world).keys())).toEqual(people);
  expect(rest).toMatchObject({ skipped: viaAnother.length, skippedBecause: { 'same-address': viaAnother.length } });
  expect(report.done + rest.done).toBe(people.size);
});
