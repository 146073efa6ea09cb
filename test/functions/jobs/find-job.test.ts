import { findJob } from '../../../functions/jobs/find-job';

describe('findJob', () => {
  test('finds the one job of the function, without reading the environment', () => {
    expect(findJob('weekly-digest').name).toBe('weekly-digest');
  });

  test.each([
    ['monthly-digest', '"monthly-digest"'],
    [undefined, 'nothing'],
    [7, '7'],
    ['toString', '"toString"'],
  ])('refuses %p and names the job there is', (name, shown) => {
    expect(() => findJob(name)).toThrow(
      expect.objectContaining({
        code: 'Run.InvalidInput',
        message: `Expected \`job\` to be "weekly-digest", the job of this state machine, got ${shown}: start the execution in the state machine of that job.`,
      }),
    );
  });
});
