import { distributedDefinition } from '../../../cdk/distributed-definition';
import { MOST_CHAINS } from '../../../functions/contract/map-mode';
import type { CreateWorkersResult } from '../../../functions/contract/payloads';
import { World, workerChains } from './world';

const definition = () => distributedDefinition(workerChains(), MOST_CHAINS.distributed);

const workers = (chains: readonly number[]): CreateWorkersResult => ({
  ...{ runId: 'run', epochBase: 0, heartbeatSeconds: 60, chainTimeoutSeconds: 3600, chains },
});

function worldOf(chains: readonly number[]): World {
  // Children are named at random.
  let drawn = 1;
  const random = () => {
    drawn = (drawn * 48271) % 0x7fffffff;
    return drawn / 0x7fffffff;
  };
  const world = new World({ random });
  world.answer = ({ FunctionName }) =>
    FunctionName.endsWith('CreateWorkers')
      ? workers(chains)
      : FunctionName.endsWith('ReconcileRun')
        ? { runId: 'run' }
        : undefined;
  return world;
}

/** Chain and epoch of every link 0 that was started, in that order. */
const links = ({ invocations }: World) =>
  invocations
    .filter(({ FunctionName }) => FunctionName.endsWith('RunChain'))
    .map(({ payload }) => [payload.chainId, payload.epoch]);

const result = (chainId: number) => ({ chainId, links: 3, done: 10, skipped: 0, unprocessed: 0, inDoubt: 0 });

async function redrive(world: World, executionArn: string): Promise<void> {
  await world.call('RedriveExecution', { executionArn });
  await world.clock.advance(0);
}

async function stop(world: World, executionArn: string): Promise<void> {
  await world.call('StopExecution', { executionArn });
}

/** Lets a chain crash until its retries are spent. */
async function crashForGood(world: World): Promise<void> {
  for (let attempt = 0; attempt <= 20; attempt++) {
    const { length } = world.tokens;
    await world.failTask(world.tokens.at(-1), 'Chain.Crashed');
    await world.clock.runUntil(() => world.tokens.length > length);
  }
}

describe('the deployed state machine with children', () => {
  it('starts all of a hundred chains at once, and reconciles when the last has ended', async () => {
    const world = worldOf(Array.from({ length: 100 }, (_, chainId) => chainId));
    const arn = await world.start(definition(), { job: 'weekly-digest' });
    expect(links(world)).toEqual(Array.from({ length: 100 }, (_, chainId) => [chainId, 0]));
    for (const [chainId, token] of world.tokens.entries()) await world.succeed(token, result(chainId));
    expect(await world.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"runId":"run"}' });
    expect(world.invocations.at(-1)?.payload).toEqual({
      ...{ runId: 'run', epoch: 0 },
      roundSince: new Date(world.began).toISOString(),
    });
  });

  it('comes to its end without chains', async () => {
    const world = worldOf([]);
    expect((await world.run(definition())).status).toBe('SUCCEEDED');
  });

  it('leaves a chain whose retries are spent to FinishChains, while the others go on', async () => {
    const world = worldOf([0, 1]);
    const arn = await world.start(definition());
    await world.succeed(world.tokens[0], result(0));
    await crashForGood(world);
    expect(links(world).slice(0, 3)).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
    expect(links(world).slice(-2)).toEqual([
      [1, 20],
      [1, 250],
    ]);
    await world.succeed(world.tokens.at(-1), result(1));
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('counts every redrive into the epoch of a chain that FinishChains cannot finish either', async () => {
    const world = worldOf([0, 1]);
    const arn = await world.start(definition());
    await world.succeed(world.tokens[0], result(0));
    await world.failTask(world.tokens[1], 'Chain.QuotaExhausted');
    await world.failTask(world.tokens[2], 'Chain.QuotaExhausted');
    expect((await world.describe(arn)).status).toBe('FAILED');
    await redrive(world, arn);
    await world.failTask(world.tokens[3], 'Chain.QuotaExhausted');
    await redrive(world, arn);
    expect(links(world)).toEqual([
      [0, 0],
      [1, 0],
      [1, 250],
      [1, 1250],
      [1, 2250],
    ]);
    await world.succeed(world.tokens[4], result(1));
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('goes on after each stop with the chains that had not ended, and into FinishChains above all their epochs', async () => {
    const world = worldOf([0, 1]);
    const arn = await world.start(definition());
    await world.succeed(world.tokens[0], result(0));
    await stop(world, arn);
    await redrive(world, arn);
    await stop(world, arn);
    await redrive(world, arn);
    await world.failTask(world.tokens[3], 'Chain.Runaway');
    await world.failTask(world.tokens[4], 'Chain.Runaway');
    await redrive(world, arn);
    expect(links(world)).toEqual([
      [0, 0],
      [1, 0],
      [1, 1000],
      [1, 2000],
      // Two redrives of the execution before this Map Run began, and then one of its child.
      [1, 2250],
      [1, 3250],
    ]);
    await world.succeed(world.tokens[5], result(1));
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
    const { redriveDate } = await world.describe(arn);
    expect(world.invocations.at(-1)?.payload).toEqual({
      ...{ runId: 'run', epoch: 3000 },
      roundSince: redriveDate?.toISOString(),
    });
  });

  it('retries a chain that falls silent within its child', async () => {
    const world = worldOf([0]);
    await world.start(definition());
    await world.clock.advance(60_000);
    await world.clock.advance(2000);
    expect(links(world)).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });
});
