import type { Job } from '../../../functions/contract/job';
import { knownSources } from '../../../functions/sources/known-sources';
import { s3Object } from '../../../functions/sources/s3-object';

const { sourceFor } = knownSources({} as never);
const ids = ['7', '8'];
const job: Job = {
  name: 'import',
  source: s3Object({ bucket: 'exports', key: 'users.csv', format: 'csv', id: 'id' }),
  process: () => {},
  tolerate: { unprocessed: 0 },
  delivery: 'at-most-once',
};

test('refuses listed ids of a source that finds items by their place, unless the job finds them itself', async () => {
  const refused =
    /^Expected no list of `ids` for the job import, whose source finds items by their place alone, got 2: /;

  expect(() => sourceFor({ job: 'import', ids }, job)).toThrow(refused);
  expect(sourceFor({ job: 'import', ids }, { ...job, load: async () => new Map() }).kind).toBe('list');
  expect(sourceFor({ job: 'import' }, job)).toBe(job.source);
  expect(sourceFor({ job: 'import', unprocessedOf: 'sunday' }, job).kind).toBe('leftovers');
});
