import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { compileExpression } from '../../../local/step-functions/expression';
import { VirtualClock } from '../../support/virtual-clock';
import { machine, task, World } from './world';

/** "Step Functions supports JSONata version 2.0.6" (Developer Guide, transforming data with JSONata). */
const JSONATA_OF_STEP_FUNCTIONS = '2.0.6';

const clock = new VirtualClock();
const surroundings = { clock, random: () => 0.25 };

async function evaluate(source: string, bindings: Record<string, unknown> = {}): Promise<unknown> {
  return compileExpression(source, 'Output', false, surroundings)(bindings);
}

const undefinedResult = /returned nothing \(undefined\)/;

test('the JSONata here is the version that Step Functions has: a later one takes what AWS refuses', () => {
  const { version } = JSON.parse(readFileSync(require.resolve('jsonata/package.json'), 'utf8')) as { version: string };
  expect(version).toBe(JSONATA_OF_STEP_FUNCTIONS);
});

describe('an expression that would hold the engine up', () => {
  it.each([
    ['recurses for ever', '($again := function($n) { $again($n + 1) }; $again(0))'],
    ['nests its loops', '$map([1..1000], function($a) { $map([1..1000], function($b) { $a * $b }) })'],
  ])('fails when it %s', async (_case, source) => {
    await expect(evaluate(source)).rejects.toMatchObject({
      failure: { error: 'States.QueryEvaluationError', cause: expect.stringContaining('at most 250000 steps') },
    });
  });

  it.each([
    ['brackets within each other', `${'('.repeat(65)}1${')'.repeat(65)}`],
    ['characters', `1${' + 1'.repeat(8192)}`],
  ])('is refused for its %s before it is parsed', async (what, source) => {
    await expect(evaluate(source)).rejects.toMatchObject({
      code: 'INVALID_JSONATA_EXPRESSION',
      message: expect.stringContaining(what),
    });
  });

  it('has steps of its own for each evaluation', async () => {
    const often = compileExpression('$sum($map([1..9000], function($n) { $n }))', 'Output', false, surroundings);
    for (let time = 0; time < 15; time += 1) expect(await often({})).toBe(40_504_500);
  });
});

describe('an expression', () => {
  it.each<[string, unknown]>([
    ['$parse(\'{"a":[1]}\').a', [1]],
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([1,2,3], 2.9)', [[1, 2], [3]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(3, 0, -2)', [3, 1]],
    ['$range(7, 7, 1)', 7],
    ["$hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ["$hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['$random()', 0.25],
    ['$uuid()', '44444444-4444-4444-8444-444444444444'],
    ['$millis()', Date.UTC(2026, 0, 5, 8)],
    ['$now()', '2026-01-05T08:00:00.000Z'],
    ["$now('[Y0001]-[M01]')", '2026-01'],
    ['null', null],
    ['[$states.input[x > 1]]', []],
  ])('%s is %j, as at AWS', async (source, value) => {
    expect(await evaluate(source, { states: { input: [{ x: 0 }] } })).toEqual(value);
  });

  it.each([
    '$range(1, 3)',
    '$range(3, 1, 1)',
    '$partition([], 2)',
    '$partition([1], 0)',
    "$hash('abc')",
    '$states.input.absent',
  ])('%s fails, because nothing is not JSON', async (source) => {
    await expect(evaluate(source, { states: { input: {} } })).rejects.toMatchObject({
      failure: { error: 'States.QueryEvaluationError', cause: expect.stringMatching(undefinedResult) },
      location: 'Output',
    });
  });

  it.each([
    ['function($x){ $x }', 'returned a function'],
    ['{"f": $sum}', 'returned a function'],
    ['$random(7)', 'does not implement a seed'],
    ["1 + 'a'", 'T2002'],
    ['$nowhere()', 'T1006'],
    // Recorded at AWS with these words: a name that Step Functions does not add is no function.
    ['$randomSeeded(1)', 'T1006: Attempted to invoke a non-function'],
  ])('%s fails with the reason', async (source, reason) => {
    await expect(evaluate(source)).rejects.toMatchObject({
      failure: { error: 'States.QueryEvaluationError', cause: expect.stringContaining(reason) },
    });
  });

  it('takes the same value by the short way as by JSONata itself', async () => {
    const sources = ['$v', '$v.a', '$v.a.b', '$v.b.a.b'];
    const expressions = sources.map(
      (source) => [compileExpression(source, 'Output', false, surroundings), jsonata(source)] as const,
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(1, 'text', null, false, [], {}),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('json')),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(json, async (v) => {
        for (const [expression, reference] of expressions) {
          const expected = await reference.evaluate(undefined, { v });
          const actual = await Promise.resolve()
            .then(() => expression({ v }))
            .catch(() => undefined);
          expect(JSON.stringify(actual)).toEqual(JSON.stringify(expected));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives a result that a later expression reads as the plain array it is', async () => {
    const many = await evaluate('$states.input[x > 0]', { states: { input: [{ x: 1 }, { x: 2 }] } });
    expect(Object.keys(many as object)).toEqual(['0', '1']);
    expect(await evaluate('$count($v)', { v: many })).toBe(2);
  });

  it('fails the state with the cause and the event of AWS', async () => {
    const world = new World();
    const arn = await world.start(
      machine({ A: { Type: 'Pass', Output: { v: '{% $states.input.absent %}' }, End: true } }),
    );
    const cause =
      "An error occurred while executing the state 'A' (entered at the event id #2). " +
      "The JSONata expression '$states.input.absent' specified for the field 'Output/v' returned nothing (undefined).";
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError', cause });
    expect((await world.history(arn)).slice(2)).toMatchObject([
      {
        type: 'EvaluationFailed',
        previousEventId: 2,
        evaluationFailedEventDetails: { error: 'States.QueryEvaluationError', cause, location: 'Output/v', state: 'A' },
      },
      { type: 'ExecutionFailed', previousEventId: 3 },
    ]);
  });

  it('finds a RetryCount in the context of a state that can be retried only, and RedriveCount always', async () => {
    const world = new World();
    const context = '{% $states.context %}';
    const arn = await world.start(
      machine({
        A: { Type: 'Pass', Output: context, Next: 'B' },
        B: task({ Arguments: { FunctionName: 'fn', Payload: context }, Output: '{% $states.input %}' }),
      }),
    );
    const { output = '' } = await world.finish(arn);
    expect(JSON.parse(output)).toMatchObject({ Execution: { RedriveCount: 0 }, State: { Name: 'A' } });
    expect(JSON.parse(output).State).not.toHaveProperty('RetryCount');
    expect(world.invocations[0]?.payload).toMatchObject({ State: { Name: 'B', RetryCount: 0 } });
  });
});
