import { arnOf, CreateWorld } from '../run/create-world';

const IDS = { first: 1, last: 60 };
const AT_NINE = '2026-01-05T09:00:00Z';

describe('two jobs in one ledger', () => {
  let world: CreateWorld;
  beforeEach(() => {
    world = new CreateWorld();
  });

  const refusalOf = (execution: string, input: object) => world.create(execution, input).catch((error) => error);

  it('run at the same time, over the same ids, and serve the same moment, each its own', async () => {
    await world.create('hello', { job: 'greeting', ids: IDS, scheduledFor: AT_NINE, chains: 2 });
    await world.create('goodbye', { job: 'farewell', ids: IDS, scheduledFor: AT_NINE, chains: 3 });

    expect(await world.run('hello')).toMatchObject({ job: 'greeting', status: 'running' });
    expect(await world.run('goodbye')).toMatchObject({ job: 'farewell', status: 'running' });
    await world.finish('hello', 0);
    const statuses = async (run: string) => (await world.ledger.readChains(run)).map(({ status }) => status);
    expect(await statuses('hello')).toEqual(['finished', 'planned']);
    expect(await statuses('goodbye')).toEqual(['planned', 'planned', 'planned']);
    expect(await refusalOf('hello-again', { job: 'greeting', ids: IDS })).toMatchObject({ code: 'Run.Overlapping' });
  });

  it('keep their names of executions apart: the second execution of a name is refused, and changes nothing', async () => {
    // That of the other job's state machine: names are unique within one.
    await world.create('monday', { job: 'farewell', ids: IDS }, 'arn:of-the-other-state-machine:monday');
    const before = world.contents();

    expect(await refusalOf('monday', { job: 'greeting', ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.Overlapping',
      message:
        'Run monday of the job farewell belongs to the execution arn:of-the-other-state-machine:monday: follow that one, or start an execution with a name that no run has yet.',
    });
    expect(world.contents()).toEqual(before);
  });

  it('take up none of each other’s runs and leftovers', async () => {
    await world.create('goodbye', { job: 'farewell', ids: IDS });
    world.stop('goodbye');
    expect(world.running.has(arnOf('goodbye'))).toBe(false);
    const before = world.contents();

    for (const field of ['resume', 'unprocessedOf', 'inDoubtOf']) {
      expect(await refusalOf('mine', { job: 'greeting', [field]: 'goodbye' })).toMatchObject({
        code: 'Run.InvalidInput',
        message: expect.stringContaining('got "goodbye", a run of farewell'),
      });
    }
    expect(world.contents()).toEqual(before);
  });
});
