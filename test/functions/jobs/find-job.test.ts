import { findJob } from '../../../functions/jobs/find-job';

describe('findJob', () => {
  test('finds the job that ships, without reading the environment', () => {
    expect(findJob('weekly-digest').name).toBe('weekly-digest');
  });

  test.each([
    ['monthly-digest', '"monthly-digest"'],
    [undefined, 'nothing'],
    [7, '7'],
    ['toString', '"toString"'],
  ])('refuses %p and names the jobs there are', (name, shown) => {
    expect(() => findJob(name)).toThrow(
      expect.objectContaining({
        code: 'Run.InvalidInput',
        message: `Expected \`job\` to be one of weekly-digest, got ${shown}: name a job of functions/jobs.`,
      }),
    );
  });
});
