import { callbacks, double, mapRunOf, World } from './map-run-world';
import { distributedMap, inlineMap, machine } from './world';

describe('a definition', () => {
  const processor = (config: Record<string, unknown>) => ({
    ItemProcessor: { ProcessorConfig: config, StartAt: 'Inner', States: { Inner: double } },
  });
  const distributed = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };

  it.each([
    [
      'EXPRESS children',
      processor({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }),
      /implement 'ExecutionType' "EXPRESS"/,
    ],
    ['no type of its children', processor({ Mode: 'DISTRIBUTED' }), /Missing required field 'ExecutionType'/],
    ['an ItemReader', { ItemReader: {} }, /implement 'ItemReader'/],
    ['an ItemBatcher', { ItemBatcher: {} }, /implement 'ItemBatcher'/],
    ['a ResultWriter', { ResultWriter: {} }, /implement 'ResultWriter'/],
    ['tolerated failures', { ToleratedFailurePercentage: 5 }, /implement 'ToleratedFailurePercentage'/],
    ['a number of tolerated failures', { ToleratedFailureCount: 5 }, /implement 'ToleratedFailureCount'/],
    ['an empty label', { Label: '' }, /non-empty string/],
    ['a long label', { Label: 'x'.repeat(41) }, /Label cannot exceed 40 characters/],
    ['a label with a space', { Label: 'a b' }, /Label contains invalid character: ' '/],
    ['a label with a colon', { Label: 'a:b' }, /Label contains invalid character: ':'/],
  ])('with %s is refused by name', async (_, fields, message) => {
    const definition = machine({ M: distributedMap(double, fields) });
    await expect(new World().create(definition)).rejects.toThrow(message);
  });

  it('with two Maps of one label, or a distributed Map inside a Map, is refused', async () => {
    const twice = machine({
      A: distributedMap(double, { Next: 'B' }),
      B: distributedMap(
        { ...double },
        { ItemProcessor: { ...processor(distributed).ItemProcessor, StartAt: 'Two', States: { Two: double } } },
      ),
    });
    await expect(new World().create(twice)).rejects.toThrow(/'Label' labels another Map too/);
    await expect(new World().create(machine({ M: inlineMap(distributedMap(double)) }))).rejects.toThrow(
      /a distributed Map inside a Map/,
    );
  });

  it('with a label or a type of children on an inline Map is refused', async () => {
    await expect(new World().create(machine({ M: inlineMap(double, { Label: 'L' }) }))).rejects.toThrow(
      /'Label' of an inline Map/,
    );
    const typed = processor({ Mode: 'INLINE', ExecutionType: 'STANDARD' });
    await expect(new World().create(machine({ M: inlineMap(double, typed) }))).rejects.toThrow(
      /'ExecutionType' of an inline Map/,
    );
  });

  it('without a label is refused', async () => {
    const { Label: _, ...unlabelled } = distributedMap(double);
    await expect(new World().create(machine({ M: unlabelled }))).rejects.toThrow(/without 'Label'/);
  });
});

describe('a request', () => {
  it('for the executions of a state machine and of a Map Run at once is refused, and one for neither', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a']);
    const { mapRunArn } = await mapRunOf(world, arn);
    const { stateMachineArn } = await world.describe(arn);
    const list = (input: Record<string, unknown>) => world.call('ListExecutions', input);
    await expect(list({ mapRunArn, stateMachineArn })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(list({ stateMachineArn, statusFilter: 'PENDING_REDRIVE' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(list({})).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('for a Map Run that is not there, or is none, is refused', async () => {
    const world = new World();
    const describe = (mapRunArn: string) => world.call('DescribeMapRun', { mapRunArn });
    await expect(describe('arn:aws:states:us-east-1:000000000000:mapRun:m/L:x')).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
    await expect(describe('arn:aws:states:us-east-1:000000000000:execution:m/L:x')).rejects.toMatchObject({
      name: 'InvalidArn',
    });
  });
});
