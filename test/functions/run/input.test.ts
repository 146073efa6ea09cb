import { parseInput } from '../../../functions/run/input';

const correct = "correct it in the execution's input.";
const FIELDS =
  '`job`, `ids`, `unprocessedOf`, `inDoubtOf`, `resume`, `scheduledFor`, `schedule`, `chains`, `rate`, `weight`, `priority`, `linkSeconds`, `chunkItems`, `allowPartial`, `delivery`, `dryRun`';

function refusal(input: unknown): { code: string; message: string } {
  try {
    parseInput(input);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('The input was accepted.');
}

describe('the input of a run', () => {
  test.each([
    [{ job: 'weekly-digest' }],
    [{ job: 'weekly-digest', ids: { first: 1, last: 10 } }],
    [{ job: 'weekly-digest', ids: [17, 'user-42'] }],
    [{ job: 'weekly-digest', unprocessedOf: 'run-1' }],
    [{ job: 'weekly-digest', inDoubtOf: 'r'.repeat(80) }],
    [{ job: 'weekly-digest', resume: 'run-1', rate: 5, weight: 0.5, priority: -100, linkSeconds: 30 }],
    [
      {
        job: 'weekly-digest',
        scheduledFor: '2026-01-05T09:00:00+01:00',
        chains: 40,
        rate: 0.5,
        weight: 1000,
        priority: 100,
        linkSeconds: 900,
        chunkItems: 100,
        delivery: 'at-least-once',
        allowPartial: true,
      },
    ],
    [{ job: 'weekly-digest', inDoubtOf: 'run-1', dryRun: true }],
    [{ job: 'weekly-digest', scheduledFor: '2026-01-05T09:00:00Z', dryRun: false }],
    [{ job: 'weekly-digest', chains: 1, rate: 1_000_000, linkSeconds: 1, chunkItems: 1, delivery: 'at-most-once' }],
  ])('may be %j', (input) => {
    expect(parseInput(input)).toEqual(input);
  });

  test.each([
    [{ job: '' }, `Expected \`job\` to be the name of a job, got "": ${correct}`],
    [{}, `Expected \`job\` to be the name of a job, got nothing: ${correct}`],
    [{ job: 7 }, `Expected \`job\` to be the name of a job, got 7: ${correct}`],
    [{ job: 'a', unprocessedOf: '' }, `Expected \`unprocessedOf\` to be the id of an earlier run, got "": ${correct}`],
    [{ job: 'a', inDoubtOf: 5 }, `Expected \`inDoubtOf\` to be the id of an earlier run, got 5: ${correct}`],
    [
      { job: 'a', resume: 'r'.repeat(81) },
      `Expected \`resume\` to be the id of an earlier run, got "${'r'.repeat(78)}…: ${correct}`,
    ],
    [
      { job: 'a', scheduledFor: 'Monday' },
      `Expected \`scheduledFor\` to be a moment in ISO 8601, such as 2026-01-05T09:00:00Z, got "Monday": ${correct}`,
    ],
    [
      { job: 'a', scheduledFor: '2026-01-05' },
      `Expected \`scheduledFor\` to be a moment in ISO 8601, such as 2026-01-05T09:00:00Z, got "2026-01-05": ${correct}`,
    ],
    [{ job: 'a', weight: 0 }, `Expected \`weight\` to be a number above 0, up to 1000, got 0: ${correct}`],
    [{ job: 'a', priority: 0.5 }, `Expected \`priority\` to be an integer from -100 to 100, got 0.5: ${correct}`],
    [{ job: 'a', priority: 101 }, `Expected \`priority\` to be an integer from -100 to 100, got 101: ${correct}`],
    [{ job: 'a', chains: 0 }, `Expected \`chains\` to be an integer from 1 to 40, got 0: ${correct}`],
    [{ job: 'a', chains: 41 }, `Expected \`chains\` to be an integer from 1 to 40, got 41: ${correct}`],
    [{ job: 'a', chains: 2.5 }, `Expected \`chains\` to be an integer from 1 to 40, got 2.5: ${correct}`],
    [{ job: 'a', rate: 0 }, `Expected \`rate\` to be a number of items per second above 0, got 0: ${correct}`],
    [{ job: 'a', rate: '10' }, `Expected \`rate\` to be a number of items per second above 0, got "10": ${correct}`],
    [
      { job: 'a', linkSeconds: 0.5 },
      `Expected \`linkSeconds\` to be a number of seconds from 1 to 900, got 0.5: ${correct}`,
    ],
    [
      { job: 'a', linkSeconds: 901 },
      `Expected \`linkSeconds\` to be a number of seconds from 1 to 900, got 901: ${correct}`,
    ],
    [{ job: 'a', chunkItems: 0 }, `Expected \`chunkItems\` to be an integer from 1 to 100, got 0: ${correct}`],
    [{ job: 'a', chunkItems: 101 }, `Expected \`chunkItems\` to be an integer from 1 to 100, got 101: ${correct}`],
    [
      { job: 'a', delivery: 'exactly-once' },
      `Expected \`delivery\` to be "at-most-once" or "at-least-once", got "exactly-once": ${correct}`,
    ],
    [{ job: 'a', dryRun: 1 }, `Expected \`dryRun\` to be true or false, got 1: ${correct}`],
    [{ job: 'a', allowPartial: 'yes' }, `Expected \`allowPartial\` to be true or false, got "yes": ${correct}`],
  ])('%j is refused in one sentence about that field', (input, message) => {
    expect(refusal(input)).toMatchObject({ code: 'Run.InvalidInput', name: 'Run.InvalidInput', message });
  });

  test.each([
    [null, 'null'],
    [undefined, 'nothing'],
    ['weekly-digest', '"weekly-digest"'],
    [[{ job: 'weekly-digest' }], '[{"job":"weekly-digest"}]'],
  ])('%j is refused with an example of an input', (input, got) => {
    expect(refusal(input)).toMatchObject({
      code: 'Run.InvalidInput',
      message: `Expected the run's input to be an object with a \`job\`, got ${got}: start the execution with {"job": "weekly-digest", "ids": {"first": 1, "last": 1000}}, for instance.`,
    });
  });

  it('with a field that does not exist is refused by the name of that field', () => {
    expect(refusal({ job: 'a', chain: 5, sped: 1 }).message).toBe(
      `Expected the run's input to have only the fields ${FIELDS}, got the unknown field \`chain\`, \`sped\`: remove it or check its spelling.`,
    );
  });

  it('that names the items in two ways is refused', () => {
    expect(refusal({ job: 'a', ids: [1], unprocessedOf: 'run-1' })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        "Expected at most one of `ids`, `unprocessedOf`, `inDoubtOf`, `resume` in the run's input, got `ids`, `unprocessedOf`: choose what the run is to cover.",
    });
    expect(refusal({ job: 'a', inDoubtOf: 'run-1', resume: 'run-1' }).message).toContain('`inDoubtOf`, `resume`');
  });

  it('of a dry run that is to serve an occurrence is refused', () => {
    expect(refusal({ job: 'a', dryRun: true, scheduledFor: '2026-01-05T09:00:00Z' })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected no `scheduledFor` beside `dryRun`, got both: a dry run serves no occurrence; start it without `scheduledFor`.',
    });
  });

  test('a schedule without its moment is refused, and so is a name that could not be part of a key', () => {
    expect(refusal({ job: 'a', schedule: 'monday' })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected `scheduledFor` beside `schedule`, got the name of a schedule alone: add the moment, or leave out `schedule`.',
    });
    const scheduledFor = '2026-01-05T09:00:00Z';
    expect(parseInput({ job: 'a', schedule: 'Mon_9-h', scheduledFor })).toMatchObject({ schedule: 'Mon_9-h' });
    expect(refusal({ job: 'a', schedule: 'a#b', scheduledFor }).message).toMatch(/^Expected `schedule` to be the name/);
  });

  test.each(['scheduledFor', 'chains', 'chunkItems', 'delivery', 'allowPartial', 'dryRun'])(
    'that resumes a run is refused when it changes `%s`',
    (field) => {
      const values = {
        scheduledFor: '2026-01-05T09:00:00Z',
        chains: 4,
        chunkItems: 10,
        delivery: 'at-least-once',
        allowPartial: true,
        dryRun: true,
      };
      const value = values[field as keyof typeof values];

      expect(refusal({ job: 'a', resume: 'run-1', [field]: value })).toMatchObject({
        code: 'Run.InvalidInput',
        message: `Expected only \`job\`, \`resume\`, \`rate\`, \`weight\`, \`priority\`, \`linkSeconds\` beside \`resume\`, got \`${field}\`: a resumed run keeps what it was started with.`,
      });
    },
  );
});
